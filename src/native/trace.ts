// Spans of the step trace around what TypeScript does; native/core/trace.h says what a trace is. Whether there is one
// is known when the process starts, so code that is not traced has one branch more, or none.
import { isMainThread } from 'node:worker_threads'
import { env } from '../job/env.ts'
import type { Addon } from './addon.ts'
import { native } from './load.ts'

type Lane = Parameters<Addon['traceOpen']>[0]
type DeviceName = Parameters<Addon['traceOpen']>[2]

/** Whether this thread writes into a trace. */
export const tracing = isMainThread && env('DTRAIN_TRACE') !== undefined

/** Runs `fn`, a span in the order of what the device is asked for. */
export function traced<T>(lane: Lane, name: string, device: DeviceName, fn: () => T): T {
  const span = native.traceOpen(lane, name, device)
  try {
    return fn()
  } finally {
    native.traceClose(span, device)
  }
}
