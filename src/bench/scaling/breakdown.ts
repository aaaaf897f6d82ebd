// Where the time of a step goes, from the traces of all ranks of a job. On a rank, a step lasts from the end of the one
// before to its own: so the loader belongs to it, wherever it stands. What the main thread does at a time is one thing:
// a collection of garbage, which may come in the middle of the others, and else one of the named spans or the rest.
//
// A rank that waits for a collective waits for the slowest rank until that one has come to it, and from then on for the
// communication itself. The ranks of a machine have one clock, so the traces tell when each has come.
import { type Span, spansOf } from '../timeline.ts'

/** Seconds of a step, the mean over steps and ranks; together they are the step. */
export interface Parts {
  forward: number
  backward: number
  /** Communication while the rank waits for it: of each bucket of gradients, and of other collectives. */
  exposed: { bytes: number; seconds: number }[]
  others: number
  /** Until the last rank has come to a collective. */
  slowest: number
  loader: number
  optimizer: number
  /** Null if the program never let the trace know of collections. */
  garbage: number | null
  rest: number
  step: number
}

/** A step that takes so many times the mean of the others is something else: an evaluation, another process. */
const longest = 2

/** Of the last `count` steps of each rank. @returns undefined if no step is in the traces */
export function breakdown(traces: readonly object[], count: number): Parts | undefined {
  const ranks = traces.map(spansOf)
  const arrivals = arrivalsOf(ranks)
  const steps = ranks.flatMap(spans => {
    const garbage = spans.some(({ name }) => name === 'garbage collection')
    return stepsOf(spans, count).map(([from, to]) => partsOf(spans, from, to, arrivals, garbage))
  })
  const sorted = steps.map(({ step }) => step).sort((a, b) => a - b)
  const limit = longest * (sorted[sorted.length >> 1] ?? 0)
  const usual = steps.filter(({ step }) => step <= limit)
  return usual.length === 0 ? undefined : meanOf(usual)
}

/** From where to where each step lasts. */
function stepsOf(spans: readonly Span[], count: number): [from: number, to: number][] {
  const ends = spans.filter(({ name, lane }) => lane === 'program' && name === 'step').map(({ end }) => end)
  return ends.slice(-count - 1).flatMap((end, i, all) => (i === 0 ? [] : [[all[i - 1]!, end]]))
}

/** By the number of its bucket and how often it has been sent, or by its name: when the last rank has begun it. */
type Arrivals = ReadonlyMap<Span, number>

function arrivalsOf(ranks: readonly (readonly Span[])[]): Arrivals {
  const groups = new Map<string, Span[]>()
  for (const spans of ranks) {
    const seen = new Map<string, number>()
    for (const span of spans) {
      if (span.lane !== 'communication') continue
      const nth = (seen.get(span.name) ?? 0) + 1
      seen.set(span.name, nth)
      const key = `${span.name}, ${nth}`
      groups.set(key, [...(groups.get(key) ?? []), span])
    }
  }
  const arrivals = new Map<Span, number>()
  for (const group of groups.values()) {
    const last = Math.max(...group.map(({ begin }) => begin))
    for (const span of group) arrivals.set(span, last)
  }
  return arrivals
}

/** The index of the first that does not begin before. */
function firstFrom(spans: readonly Span[], time: number): number {
  let low = 0
  for (let high = spans.length; low < high; ) {
    const middle = (low + high) >> 1
    if (spans[middle]!.begin < time) low = middle + 1
    else high = middle
  }
  return low
}

const computing = ['forward', 'backward', 'optimizer', 'loader'] as const

function partsOf(spans: readonly Span[], from: number, to: number, arrivals: Arrivals, garbage: boolean): Parts {
  const overlap = (a: { begin: number; end: number }, b: { begin: number; end: number }) =>
    Math.max(0, Math.min(a.end, b.end, to) - Math.max(a.begin, b.begin, from))
  const during = spans.slice(firstFrom(spans, from), firstFrom(spans, to))
  const named = (name: string) => during.filter(span => span.name === name)
  const collections = named('garbage collection')
  const parts: Parts = {
    ...{ forward: 0, backward: 0, exposed: [], others: 0, slowest: 0, loader: 0, optimizer: 0 },
    ...{ garbage: garbage ? collections.reduce((sum, span) => sum + overlap(span, span), 0) : null },
    ...{ rest: 0, step: to - from },
  }
  /** What of the span is neither a collection nor a collective that is not a bucket, which it waits for. */
  const others = during.filter(({ name, lane }) => lane === 'communication' && !name.startsWith('bucket '))
  const own = (span: Span) =>
    [...collections, ...others].reduce((left, other) => left - overlap(span, other), overlap(span, span))
  for (const name of computing) parts[name] = named(name).reduce((sum, span) => sum + Math.max(0, own(span)), 0)

  for (const span of others) {
    const late = overlap(span, { begin: span.begin, end: arrivals.get(span)! })
    parts.slowest += late
    parts.others += overlap(span, span) - late
  }
  for (const wait of during) {
    const [, bucket] = /^waiting (\d+)$/.exec(wait.name) ?? []
    if (bucket === undefined) continue
    const sent = during.findLast(({ name, begin }) => name === `bucket ${bucket}` && begin < wait.end)
    const late = sent === undefined ? 0 : overlap(wait, { begin: wait.begin, end: arrivals.get(sent)! })
    const collected = collections.reduce((sum, span) => sum + overlap(span, wait), 0)
    parts.slowest += late
    // Of several models each has its buckets.
    const before = parts.exposed[Number(bucket)]?.seconds ?? 0
    const { bytes } = during.find(({ name }) => name === `ready ${bucket}`) ?? { bytes: 0 }
    parts.exposed[Number(bucket)] = { bytes, seconds: before + Math.max(0, overlap(wait, wait) - late - collected) }
  }
  const known = [...computing.map(name => parts[name]), ...parts.exposed.map(({ seconds }) => seconds)]
  for (const seconds of [parts.others, parts.slowest, parts.garbage ?? 0]) known.push(seconds)
  parts.rest = parts.step - known.reduce((sum, seconds) => sum + seconds, 0)
  return parts
}

function meanOf(steps: readonly Parts[]): Parts {
  const mean = (of: (parts: Parts) => number) => steps.reduce((sum, parts) => sum + of(parts), 0) / steps.length
  const [first] = steps
  return {
    forward: mean(parts => parts.forward),
    backward: mean(parts => parts.backward),
    exposed: first!.exposed.map(({ bytes }, b) => ({
      bytes,
      seconds: mean(({ exposed }) => exposed[b]?.seconds ?? 0),
    })),
    others: mean(parts => parts.others),
    slowest: mean(parts => parts.slowest),
    loader: mean(parts => parts.loader),
    optimizer: mean(parts => parts.optimizer),
    garbage: steps.some(({ garbage }) => garbage === null) ? null : mean(parts => parts.garbage!),
    rest: mean(parts => parts.rest),
    step: mean(parts => parts.step),
  }
}
