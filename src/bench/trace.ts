// Makes a step of the timelines that `dtrain --trace` writes. A trace has backward and the collectives; what lies
// between the last bucket and the next backward is forward, loader and optimizer in one, which is no loss: nothing is
// sent meanwhile. A bucket that waits for the one before it is drawn when its turn comes, so it may have been ready
// earlier.
import { ArgumentError } from '../errors.ts'
import type { Step } from './step.ts'

interface Span {
  name: string
  begin: number
  end: number
  bytes: number
}

interface Pass {
  /** Seconds between the step before and backward, without collectives. */
  forward: number
  backward: number
  buckets: { bytes: number; ready: number }[]
}

/** A step that takes so many times the median is something else: an evaluation, a checkpoint. */
const longest = 3
const fewest = 3

/** @throws ArgumentError for traces without enough steps that are alike */
export function stepOfTraces(traces: readonly object[], source: string): Step {
  const fail = (message: string): never => {
    throw new ArgumentError(`--step '${source}': ${message}`)
  }
  const passes = traces.flatMap(trace => passesOf(spansOf(trace)))
  const layout = passes.at(-1)
  if (layout === undefined || layout.buckets.length === 0) {
    const advice = 'trace at least two ranks that train with DataParallel or DistributedDataParallel'
    return fail(`the trace has no bucket of gradients; ${advice}`)
  }
  // After the first backward pass buckets are made anew, in the order of readiness.
  const sizes = ({ buckets }: Pass) => buckets.map(({ bytes }) => bytes).join()
  const alike = passes.filter(pass => sizes(pass) === sizes(layout))
  const computeOf = ({ forward, backward }: Pass) => forward + backward
  const limit = longest * median(alike.map(computeOf))
  const steps = alike.filter(pass => computeOf(pass) <= limit)
  if (steps.length < fewest) fail(`the trace has ${steps.length} steps that are alike, expected at least ${fewest}`)

  const typical = median(steps.map(computeOf))
  const backward = median(steps.map(pass => pass.backward))
  return {
    name: source,
    forward: typical - backward,
    backward,
    optimizer: 0,
    buckets: layout.buckets.map(({ bytes }, b) => {
      return { bytes, ready: Math.min(backward, median(steps.map(({ buckets }) => buckets[b]!.ready))) }
    }),
    jitter: { samples: steps.map(pass => computeOf(pass) / typical) },
  }
}

function spansOf(trace: object): Span[] {
  const events: unknown = Array.isArray(trace) ? trace : (trace as { traceEvents: unknown }).traceEvents
  const spans: Span[] = []
  for (const event of Array.isArray(events) ? events : []) {
    const { ph, name, ts, dur, args } = event as Record<string, unknown>
    const { bytes = 0, unfinished } = (args ?? {}) as Record<string, unknown>
    if (ph !== 'X' || typeof ts !== 'number' || typeof dur !== 'number' || unfinished === true) continue
    spans.push({ name: String(name), begin: ts * 1e-6, end: (ts + dur) * 1e-6, bytes: Number(bytes) })
  }
  return spans.sort((a, b) => a.begin - b.begin)
}

/** The passes of one rank but the first, before which nobody knows where a step begins. */
function passesOf(spans: Span[]): Pass[] {
  const passes: Pass[] = []
  let start = 0
  /** When the pass and its buckets have ended, and how long other collectives have taken since then. */
  let done = 0
  let waited = 0
  for (const { name, begin, end, bytes } of spans) {
    if (name === 'backward') {
      passes.push({ forward: begin - done - waited, backward: end - begin, buckets: [] })
      start = begin
      done = end
      waited = 0
    } else if (/^bucket \d/.test(name)) {
      passes.at(-1)?.buckets.push({ bytes, ready: begin - start })
      done = Math.max(done, end)
      waited = 0
    } else if (begin >= done) {
      waited += end - begin
    }
  }
  return passes.slice(1)
}

function median(values: number[]): number {
  const sorted = [...values].sort((a, b) => a - b)
  const half = sorted.length >> 1
  return sorted.length % 2 === 1 ? sorted[half]! : (sorted[half - 1]! + sorted[half]!) / 2
}
