// Histograms with the bins of NumPy, which is what PyTorch counts with, as a message.
import { ArgumentError } from '../errors.ts'
import { double, doubles, type Fields, message } from '../protobuf.ts'

/** Edges of bins, from small to large; or how many bins of equal width; or TensorFlow's, that grow by a tenth. */
export type Bins = 'tensorflow' | number | readonly number[]

let growing: number[] | undefined

/** Edges from -1e20 to 1e20. */
function tensorflowEdges(): number[] {
  if (growing !== undefined) return growing
  const positive: number[] = []
  for (let edge = 1e-12; edge < 1e20; edge *= 1.1) positive.push(edge)
  growing = [...positive.map(edge => -edge).reverse(), 0, ...positive]
  return growing
}

/** A HistogramProto. @throws ArgumentError for no values, none inside the bins, or wrong bins */
export function histogram(op: string, values: Float64Array, bins: Bins, maxBins: number | null): Fields {
  if (values.length === 0) throw new ArgumentError(`${op}: values has no elements`)
  const edges = edgesOf(op, values, bins)
  const counts = countsOf(Float64Array.from(edges), values)
  const trimmed = trim(
    op,
    ...(maxBins !== null && counts.length > maxBins ? joined(counts, edges, maxBins) : ([counts, edges] as const)),
  )
  let [least, most, sum, squares] = [Infinity, -Infinity, 0, 0]
  for (let i = 0; i < values.length; i++) {
    const value = values[i]!
    least = Math.min(least, value)
    most = Math.max(most, value)
    sum += value
    squares += value * value
  }
  const head = [least, most, values.length, sum, squares].map((value, i) => double(i + 1, value))
  return message(...head, doubles(6, trimmed.limits), doubles(7, trimmed.counts))
}

function edgesOf(op: string, values: Float64Array, bins: Bins): readonly number[] {
  if (bins === 'tensorflow') return tensorflowEdges()
  if (typeof bins !== 'number') {
    if (!Array.isArray(bins) || bins.length < 2 || bins.some((edge, i) => !(i === 0 || edge >= bins[i - 1]))) {
      throw new ArgumentError(`${op}: bins must be 'tensorflow', a number, or edges from small to large`)
    }
    return bins
  }
  if (!Number.isSafeInteger(bins) || bins < 1) throw new ArgumentError(`${op}: bins must be positive, got ${bins}`)
  let [least, most] = [values[0]!, values[0]!]
  for (const value of values) {
    if (!Number.isFinite(value)) throw new ArgumentError(`${op}: a number of bins needs finite values, got ${value}`)
    least = Math.min(least, value)
    most = Math.max(most, value)
  }
  if (least === most) [least, most] = [least - 0.5, most + 0.5]
  const step = (most - least) / bins
  return Array.from({ length: bins + 1 }, (_, i) => (i === bins ? most : i * step + least))
}

/**
 * How many values lie between two edges each: the lower one is part of a bin, of the last bin both are. The search has
 * no branches, which is three times as fast as sorting.
 */
function countsOf(edges: Float64Array, values: Float64Array): number[] {
  const last = edges.length - 1
  const counts = new Array<number>(last).fill(0)
  for (let i = 0; i < values.length; i++) {
    const value = values[i]!
    if (!(value >= edges[0]! && value <= edges[last]!)) continue
    let low = 0
    for (let size = last; size > 1; ) {
      const half = size >> 1
      low += edges[low + half]! <= value ? half : 0
      size -= half
    }
    counts[low]! += 1
  }
  return counts
}

/** At most about `most` bins, each made of several. */
function joined(counts: readonly number[], edges: readonly number[], most: number): [number[], number[]] {
  const each = Math.trunc(counts.length / most)
  const fewer: number[] = []
  const limits: number[] = []
  for (let i = 0; i < counts.length; i += each) {
    fewer.push(counts.slice(i, i + each).reduce((sum, count) => sum + count, 0))
    limits.push(edges[i]!)
  }
  return [fewer, [...limits, edges.at(-1)!]]
}

/** Without empty bins at the ends, but for one at the lower end: TensorBoard knows the upper limits of bins only. */
function trim(op: string, counts: readonly number[], edges: readonly number[]): { counts: number[]; limits: number[] } {
  const first = counts.findIndex(count => count > 0)
  if (first < 0) throw new ArgumentError(`${op}: no value lies inside the bins`)
  const end = counts.findLastIndex(count => count > 0) + 1
  return { counts: [0, ...counts.slice(first, end)], limits: edges.slice(first, end + 1) as number[] }
}
