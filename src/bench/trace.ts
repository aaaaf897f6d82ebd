// Makes a step of the timelines that `dtrain --trace` writes, of one rank or of several. What lies between the last
// bucket and the next backward and is neither the optimizer nor a collective counts as forward: forward, the loss, the
// loader, and what the program does beside.
import { ArgumentError } from '../errors.ts'
import { median } from './measure.ts'
import { computeOf, type Step } from './step.ts'
import { type Span, spansOf } from './timeline.ts'

interface Pass {
  /** Seconds between the step before and backward, without collectives and the optimizer. */
  forward: number
  backward: number
  optimizer: number
  buckets: { bytes: number; ready: number }[]
  /** Bytes that were allocated since the backward pass before. */
  activations: number
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
    const advice = 'trace a program that trains with DataParallel or DistributedDataParallel'
    return fail(`the trace has no bucket of gradients; ${advice}`)
  }
  // After the first backward pass buckets are made anew, in the order of readiness.
  const sizes = ({ buckets }: Pass) => buckets.map(({ bytes }) => bytes).join()
  const alike = passes.filter(pass => sizes(pass) === sizes(layout))
  const limit = longest * median(alike.map(computeOf))
  const steps = alike.filter(pass => computeOf(pass) <= limit)
  if (steps.length < fewest) fail(`the trace has ${steps.length} steps that are alike, expected at least ${fewest}`)

  const typical = median(steps.map(computeOf))
  const backward = median(steps.map(pass => pass.backward))
  const optimizer = median(steps.map(pass => pass.optimizer))
  return {
    name: source,
    forward: typical - backward - optimizer,
    backward,
    optimizer,
    buckets: layout.buckets.map(({ bytes }, b) => {
      return { bytes, ready: Math.min(backward, median(steps.map(({ buckets }) => buckets[b]!.ready))) }
    }),
    activations: median(steps.map(({ activations }) => activations)),
    jitter: { samples: steps.map(pass => computeOf(pass) / typical) },
  }
}

/** The passes of one rank but the first, before which nobody knows where a step begins. */
function passesOf(spans: Span[]): Pass[] {
  const passes: Pass[] = []
  let start = 0
  /** Bytes before this pass, and before the last. */
  let allocated = 0
  let before = 0
  /** When the pass and its buckets have ended, and what has taken time since then that is not forward. */
  let done = 0
  let apart = 0
  for (const { name, lane, begin, end, bytes } of spans) {
    const [, what, number] = /^(backward|optimizer|(?:ready|bucket|waiting)(?= (\d+)))/.exec(name) ?? []
    const pass = passes.at(-1)
    if (what === 'backward') {
      const activations = allocated - before
      passes.push({ forward: begin - done - apart, backward: end - begin, optimizer: 0, buckets: [], activations })
      before = allocated
      start = begin
      done = end
      apart = 0
    } else if (name === 'allocated') {
      allocated = bytes
    } else if (what === 'ready') {
      if (pass !== undefined) pass.buckets[Number(number)] = { bytes, ready: begin - start }
    } else if (what === 'bucket' || what === 'waiting') {
      done = Math.max(done, end)
      apart = 0
    } else if (begin >= done && (lane === 'communication' || what === 'optimizer')) {
      apart += end - begin
      if (what === 'optimizer' && pass !== undefined) pass.optimizer += end - begin
    }
  }
  return passes.slice(1)
}
