// The Mersenne Twister MT19937 as NumPy's RandomState uses it: how a seed becomes a state, and how its words of 32 bits
// become numbers. Each method draws as many words as NumPy draws, also those that it throws away.

const size = 624
const shift = 397

/** A stream of words of 32 bits. */
export class Mt19937 {
  readonly key = new Uint32Array(size)
  /** Words of `key` that have been drawn; at the end it is renewed. */
  position = size

  /** Starts the stream of an integer of 32 bits, np.random.seed(42)'s. */
  seed(seed: number): void {
    const { key } = this
    key[0] = seed
    for (let i = 1; i < size; i++) key[i] = Math.imul(1812433253, key[i - 1]! ^ (key[i - 1]! >>> 30)) + i
    this.position = size
  }

  /** Starts the stream of several integers, np.random.seed([1, 2])'s; of [n] it is Python's random.seed(n). */
  seedByArray(seeds: ArrayLike<number>): void {
    this.seed(19650218)
    const { key } = this
    let i = 1
    const mixed = (factor: number) => key[i]! ^ Math.imul(key[i - 1]! ^ (key[i - 1]! >>> 30), factor)
    const next = () => {
      i += 1
      if (i < size) return
      key[0] = key[size - 1]!
      i = 1
    }
    for (let k = 0; k < Math.max(size, seeds.length); k++) {
      const j = k % seeds.length
      key[i] = mixed(1664525) + seeds[j]! + j
      next()
    }
    for (let k = 1; k < size; k++) {
      key[i] = mixed(1566083941) - i
      next()
    }
    key[0] = 0x80000000
  }

  /** A word of 32 bits. */
  word(): number {
    if (this.position === size) this.#renew()
    let y = this.key[this.position++]!
    y ^= y >>> 11
    y ^= (y << 7) & 0x9d2c5680
    y ^= (y << 15) & 0xefc60000
    return (y ^ (y >>> 18)) >>> 0
  }

  /** A float64 of 53 bits from [0, 1). */
  double(): number {
    const high = this.word() >>> 5
    const low = this.word() >>> 6
    return (high * 2 ** 26 + low) / 2 ** 53
  }

  /** An integer from 0 to `most`, below 2^32: words cut to its bits, until one is not above it. */
  upTo(most: number): number {
    if (most === 0) return 0
    const mask = 0xffffffff >>> Math.clz32(most)
    for (;;) {
      const value = (this.word() & mask) >>> 0
      if (value <= most) return value
    }
  }

  /** `upTo` for any `most` below 2^64. */
  upToLarge(most: bigint): bigint {
    if (most < 2n ** 32n) return BigInt(this.upTo(Number(most)))
    const bits = most.toString(2).length
    for (;;) {
      const high = BigInt(this.word()) << 32n
      const value = BigInt.asUintN(bits, high | BigInt(this.word()))
      if (value <= most) return value
    }
  }

  #renew(): void {
    const { key } = this
    for (let i = 0; i < size; i++) {
      const y = (key[i]! & 0x80000000) | (key[(i + 1) % size]! & 0x7fffffff)
      key[i] = key[(i + shift) % size]! ^ (y >>> 1) ^ (y & 1 ? 0x9908b0df : 0)
    }
    this.position = 0
  }
}
