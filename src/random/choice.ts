// Which places of a population are drawn, with and without replacement and with probabilities: the part of
// RandomState.choice that does not look at what is there. The order of the draws is NumPy's.
import { ArgumentError } from '../errors.ts'
import { finfo, Tensor, tensor } from '../tensor/index.ts'
import type { Mt19937 } from './mt19937.ts'

/** Probabilities of a population. */
export type Probabilities = readonly number[] | Float64Array | Float32Array | Tensor

/** What `choice` asks for. */
export interface Wanted {
  count: number
  replace: boolean
  p: Probabilities | undefined
}

/**
 * `count` places of a population of `n`.
 * @throws ArgumentError when that many are not there, or for probabilities that are none
 */
export function places(words: Mt19937, n: number, { count, replace, p }: Wanted): number[] {
  if (n < 1 && count > 0) throw new ArgumentError('choice: nothing can be drawn from an empty population')
  if (!replace && count > n) {
    throw new ArgumentError(`choice: ${count} of ${n} cannot be drawn without replacement; give { replace: true }`)
  }
  if (p !== undefined) return weighted(words, checked(p, n), count, replace)
  if (replace) return Array.from({ length: count }, () => words.upTo(n - 1))
  const order = Array.from({ length: n }, (_, i) => i)
  shuffle(words, order)
  return order.slice(0, count)
}

/** Brings what an array holds into random order. */
export function shuffle(words: Mt19937, items: { [i: number]: unknown; readonly length: number }): void {
  for (let i = items.length - 1; i > 0; i--) {
    const j = words.upTo(i)
    const item = items[i]
    items[i] = items[j]
    items[j] = item
  }
}

function weighted(words: Mt19937, p: Float64Array, count: number, replace: boolean): number[] {
  if (replace) {
    const bounds = cumulative(p)
    return Array.from({ length: count }, () => place(bounds, words.double()))
  }
  const possible = p.filter(value => value > 0).length
  if (possible < count) {
    throw new ArgumentError(`choice: ${count} cannot be drawn without replacement; only ${possible} have p > 0`)
  }
  // As many as are missing are drawn at once; those that come twice are drawn again, from what is left.
  const found = new Set<number>()
  while (found.size < count) {
    const draws = Array.from({ length: count - found.size }, () => words.double())
    for (const taken of found) p[taken] = 0
    const bounds = cumulative(p)
    for (const draw of draws) found.add(place(bounds, draw))
  }
  return [...found]
}

/** A copy of probabilities as float64. @throws ArgumentError unless there is one for each, and they add up to 1 */
function checked(p: Probabilities, n: number): Float64Array {
  const given = p instanceof Tensor ? p : Array.isArray(p) ? tensor(p, { dtype: 'float64' }) : tensor(p as Float64Array)
  const values = Float64Array.from(given.to('float64').toTypedArray() as Float64Array)
  if (given.ndim !== 1 || values.length !== n) {
    throw new ArgumentError(`choice: p: expected ${n} probabilities, one for each, got [${given.shape.join(', ')}]`)
  }
  const wrong = values.find(value => !(value >= 0))
  if (wrong !== undefined) throw new ArgumentError(`choice: p: probabilities must not be negative, got ${wrong}`)
  const sum = values.reduce((total, value) => total + value, 0)
  if (Math.abs(sum - 1) > Math.sqrt(finfo(given.dtype).eps)) {
    throw new ArgumentError(`choice: p: probabilities must add up to 1, got ${sum}`)
  }
  return values
}

function cumulative(p: Float64Array): Float64Array {
  let sum = 0
  const bounds = p.map(value => (sum += value))
  return bounds.map(bound => bound / sum)
}

/** The first place whose bound is above x. */
function place(bounds: Float64Array, x: number): number {
  let [low, high] = [0, bounds.length]
  while (low < high) {
    const middle = (low + high) >>> 1
    if (bounds[middle]! > x) high = middle
    else low = middle + 1
  }
  return low
}
