// Random choices that a seed repeats, for tests that make up what they try: a generator of their own, since what they
// test must not draw from dtrain's.

/** Draws for one made-up thing; the same numbers give the same draws. */
export class Dice {
  #state: number

  constructor(...seeds: number[]) {
    this.#state = 0x9e3779b9
    for (const seed of seeds) {
      this.#state = Math.imul(this.#state ^ (seed | 0), 0x85ebca6b) ^ Math.floor(seed / 2 ** 32)
      this.#next()
    }
  }

  /** 32 bits: splitmix32. */
  #next(): number {
    this.#state = (this.#state + 0x9e3779b9) | 0
    let z = this.#state
    z = Math.imul(z ^ (z >>> 16), 0x21f0aaad)
    z = Math.imul(z ^ (z >>> 15), 0x735a2d97)
    return (z ^ (z >>> 15)) >>> 0
  }

  /** From [0, 1). */
  real(): number {
    return this.#next() / 2 ** 32
  }

  /** From low to high, both included. */
  integer(low: number, high: number): number {
    return low + Math.floor(this.real() * (high - low + 1))
  }

  chance(probability: number): boolean {
    return this.real() < probability
  }

  pick<T>(items: readonly T[]): T {
    return items[this.integer(0, items.length - 1)]!
  }
}
