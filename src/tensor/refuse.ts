// Errors for arguments that TypeScript refuses and a JavaScript program passes all the same.
import { ArgumentError } from '../errors.ts'
import { kindOf } from './repr.ts'

// Note [Wrong kinds of arguments]
// TypeScript refuses `x.add('2')`, a JavaScript program finds out here. Ops are too hot for checks of classes: they
// just ask for the handle, and only a value that has none is looked at.

/** Throws the error for an argument of a wrong kind; `caller` is left out of its stack. */
export function refuse(
  op: string,
  expected: string,
  value: unknown,
  caller: (...args: never[]) => unknown = refuse,
): never {
  const error = new ArgumentError(`${op}: expected ${expected}, got ${kindOf(value)}`)
  Error.captureStackTrace(error, caller)
  throw error
}

/**
 * Refuses arguments that a function has no place for; `got` is its `arguments.length`, which costs nothing to ask for.
 * @throws ArgumentError
 * @example atMost('add', 3, [x, y].length)
 */
export function atMost(op: string, most: number, got: number): void {
  if (got > most) tooMany(op, most, got)
}

function tooMany(op: string, most: number, got: number): never {
  const places = most === 0 ? 'no arguments' : most === 1 ? 'at most 1 argument' : `at most ${most} arguments`
  const error = new ArgumentError(`${op}: expected ${places}, got ${got}`)
  Error.captureStackTrace(error, atMost)
  throw error
}
