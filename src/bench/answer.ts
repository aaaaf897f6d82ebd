// What the commands of `dtrain bench` print, and their exit codes.
import { ArgumentError, DtrainError } from '../errors.ts'

export interface Answer {
  text: string
  code: number
}

/** What is said of a command that has failed. @throws the error, if its message is not for a person */
export function failureOf(command: string, error: unknown): Answer {
  if (!(error instanceof DtrainError || (error as NodeJS.ErrnoException).syscall)) throw error
  const code = error instanceof ArgumentError ? 2 : 1
  return { text: `dtrain: bench ${command}: ${(error as Error).message}\n`, code }
}
