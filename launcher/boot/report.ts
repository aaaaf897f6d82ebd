// Turns what a rank threw into a FailureReport. `error.stack` is already source-mapped (node --enable-source-maps);
// frames of Node and of the launcher are left out, because no one can act on them.
import { inspect } from 'node:util'
import type { FailureReport } from '../control/wire.ts'

const maxDepth = 4

export function describeFailure(thrown: unknown, depth = 0): FailureReport {
  if (!(thrown instanceof Error)) return { head: `thrown value: ${inspect(thrown)}`, frames: [] }
  const stack = String(thrown.stack ?? '')
  const firstFrame = stack.search(/^ +at /m)
  const head = (firstFrame < 0 ? stack : stack.slice(0, firstFrame)).trimEnd()
  const report: FailureReport = {
    // V8 writes the head when the error is made; a message changed since then is only in `message`.
    head: head.includes(thrown.message) ? head : `${thrown.name}: ${thrown.message}`,
    frames: firstFrame < 0 ? [] : frames(stack.slice(firstFrame)),
  }
  const { code, cause, errors } = thrown as Error & { code?: unknown; errors?: unknown }
  if (typeof code === 'string') report.code = code
  if (depth >= maxDepth) return report
  if (cause !== undefined) report.cause = describeFailure(cause, depth + 1)
  if (Array.isArray(errors)) report.errors = errors.slice(0, 10).map(error => describeFailure(error, depth + 1))
  return report
}

function frames(text: string): string[] {
  return text
    .split('\n')
    .filter(line => /^ +at /.test(line) && !/node:internal\/|\/launcher\/boot\//.test(line))
    .map(line => line.trim().slice('at '.length))
}
