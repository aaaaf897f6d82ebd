// Sobol's sequence: points that fill the unit cube evenly, each a function of its number alone. Without a scrambler
// they are those of torch.quasirandom.SobolEngine, in its order (of Gray's code), to the last of their 30 bits.
// Scrambled, by a random lower triangular matrix and a shift in each dimension (Matousek's), they stay as even, and no
// longer begin in a corner; the draws are not PyTorch's.
import type { RandomState } from '../random/random-state.ts'
import { joeKuo } from './joe-kuo.ts'

const bits = 30

/** The most dimensions that a sequence can have. */
export const mostDimensions = joeKuo.length + 1

/** The points of one sequence by their numbers, from 0. */
export class Sobol {
  /** For each dimension the word of each bit of a number. */
  readonly #words: number[][]
  readonly #shifts: number[]

  /** `random` scrambles the points. */
  constructor(dimensions: number, random?: RandomState) {
    this.#words = Array.from({ length: dimensions }, (_, i) => directions(i))
    this.#shifts = this.#words.map(() => 0)
    if (random === undefined) return
    const word = () => Math.floor(random.rand() * 2 ** bits)
    this.#shifts = this.#words.map(word)
    for (const words of this.#words) {
      // Row k of the matrix: a one at bit k from the top, random bits above it.
      const matrix = Array.from({ length: bits }, (_, k) => {
        const one = 2 ** (bits - 1 - k)
        return (word() & ~(2 * one - 1)) | one
      })
      for (const [i, direction] of words.entries()) {
        words[i] = matrix.reduce((made, row, k) => made | (parity(row & direction) << (bits - 1 - k)), 0)
      }
    }
  }

  point(number: number): number[] {
    const gray = number ^ (number >>> 1)
    return this.#words.map((words, i) => {
      let bitsOf = this.#shifts[i]!
      for (let bit = 0; gray >>> bit > 0; bit++) if ((gray >>> bit) & 1) bitsOf ^= words[bit]!
      return bitsOf / 2 ** bits
    })
  }
}

/** The direction numbers of a dimension, as fractions of 30 bits. */
function directions(dimension: number): number[] {
  const [degree, coefficients, ...numbers] = dimension === 0 ? [0, 0] : joeKuo[dimension - 1]!
  for (let i = numbers.length; i < bits; i++) {
    if (degree === 0) numbers.push(1)
    else {
      let next = numbers[i - degree!]! ^ (numbers[i - degree!]! << degree!)
      for (let k = 1; k < degree!; k++) {
        if ((coefficients! >>> (degree! - 1 - k)) & 1) next ^= numbers[i - k]! << k
      }
      numbers.push(next)
    }
  }
  return numbers.map((number, i) => number << (bits - 1 - i))
}

function parity(word: number): number {
  let odd = 0
  for (let rest = word; rest !== 0; rest &= rest - 1) odd ^= 1
  return odd
}
