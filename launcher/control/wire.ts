// Messages between ranks and launcher, as MessagePack. Tensors never travel here, and of typed arrays only bytes: the
// others would arrive as bytes too.
import { decode, encode } from '@msgpack/msgpack'
import type { StoreValue } from '../../src/job/store.ts'

/** An exception of a rank, made of plain text so that it survives the process it happened in. */
export interface FailureReport {
  /** `Name: message`, as the head of a stack. */
  head: string
  /** Source-mapped frames, innermost first, without `at`. */
  frames: string[]
  code?: string
  cause?: FailureReport
  /** Members of an AggregateError. */
  errors?: FailureReport[]
}

export type Request =
  | { op: 'join' }
  | { op: 'set'; key: string; value: StoreValue }
  | { op: 'get'; key: string }
  | { op: 'add'; key: string; by: number }
  | { op: 'barrier'; name: string }
  | { op: 'failed'; report: FailureReport }

/** A request on the wire. The reply carries the same `id`. */
export type Envelope = Request & { id: number }

export interface Reply {
  id: number
  value?: StoreValue | number
  error?: { code: string; message: string }
}

// What is undefined stays away; it would arrive as null.
export const pack = (message: Envelope | Reply): Uint8Array => encode(message, { ignoreUndefined: true })

export const unpack = <T extends Envelope | Reply>(frame: Uint8Array): T => decode(frame) as T

const maxDepth = 8

/** A report as the launcher can print it, whatever a rank has sent: it can run any code. */
export function readReport(value: unknown, depth = 0): FailureReport {
  const { head, frames, code, cause, errors } = (typeof value === 'object' && value !== null ? value : {}) as Record<
    keyof FailureReport,
    unknown
  >
  const report: FailureReport = {
    head: typeof head === 'string' ? head : 'of something that it could not describe',
    frames: Array.isArray(frames) ? frames.filter(frame => typeof frame === 'string') : [],
  }
  if (typeof code === 'string') report.code = code
  if (depth >= maxDepth) return report
  if (cause !== undefined) report.cause = readReport(cause, depth + 1)
  if (Array.isArray(errors)) report.errors = errors.map(error => readReport(error, depth + 1))
  return report
}
