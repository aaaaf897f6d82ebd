// What metrics share: they are computed from sums, so those of several ranks can be added, and a metric of all ranks is
// exact where the mean of the ranks' values would not be. The sums are float64 numbers on the host.
import { inspect } from 'node:util'
import { allReduce } from '../distributed/collectives.ts'
import { atMost, tensor, tidy } from '../tensor/index.ts'

/** Base class of metrics that are computed from sums, of which there are `length`. */
export abstract class Metric {
  /** The sums. */
  protected readonly counts: Float64Array

  constructor(length: number) {
    atMost('Metric', 1, arguments.length)
    this.counts = new Float64Array(length)
  }

  /** What all updates since the last reset make; NaN if there was none. */
  abstract get value(): number

  /** Forgets all updates. */
  reset(): void {
    this.counts.fill(0)
  }

  /**
   * Makes this the metric of all ranks together; `reset` it before it counts on. All ranks must call it.
   * @example
   * accuracy.allReduce()
   * if (getRank() === 0) console.log(`accuracy ${accuracy}`)
   */
  allReduce(): this {
    tidy(() => {
      const sums = tensor(this.counts)
      allReduce(sums)
      this.counts.set(sums.toTypedArray() as Float64Array)
    })
    return this
  }

  [inspect.custom](): string {
    return this.toString()
  }
}
