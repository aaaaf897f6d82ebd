// `dtrain bench comm`: from the options of the command line to what is printed.
import { ArgumentError, DtrainError } from '../../errors.ts'
import { type CommPlan, runJobs } from './jobs.ts'
import { measuredOf } from './measured.ts'
import { pictureOf, reportOf } from './report.ts'

export interface CommOptions extends CommPlan {
  /** Path of a picture. */
  plot?: string | undefined
  json: boolean
}

/** Runs the command. Returns what it prints, and its exit code. */
export async function commCommand(options: CommOptions): Promise<{ text: string; code: number }> {
  try {
    const measured = measuredOf(options, await runJobs(options))
    if (options.plot !== undefined) await (await pictureOf(measured)).save(options.plot)
    return { text: options.json ? `${JSON.stringify(measured)}\n` : reportOf(measured), code: 0 }
  } catch (error) {
    if (error instanceof DtrainError || (error as NodeJS.ErrnoException).syscall) {
      const code = error instanceof ArgumentError ? 2 : 1
      return { text: `dtrain: bench comm: ${(error as Error).message}\n`, code }
    }
    throw error
  }
}
