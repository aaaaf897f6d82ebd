// Averages of numbers as they come in: of all of them, or of the last ones.
import { inspect } from 'node:util'
import { ArgumentError } from '../errors.ts'
import { atMost, Options, refuse, Tensor, shown as textOf } from '../tensor/index.ts'
import { Metric } from './metric.ts'

/** Options of `Average.update`. */
export interface AverageOptions {
  /** How many samples the value is the mean of, default 1. */
  weight?: number
}

/** Options of `RunningMean`. */
export interface RunningMeanOptions {
  /** How many values, default 100. */
  window?: number
}

const averageOptions = new Options<AverageOptions>({ weight: true })
const runningOptions = new Options<RunningMeanOptions>({ window: true })

function numberOf(op: string, value: number | Tensor): number {
  const number = value instanceof Tensor ? value.item() : value
  return typeof number === 'number' ? number : refuse(`${op}: value`, 'a number', number, numberOf)
}

/** A value as it is shown. */
const shown = (value: number) => (Number.isNaN(value) ? '–' : value.toFixed(4))

/**
 * The mean of all values, each counted as often as its weight says.
 * @example
 * const loss = new Average()
 * loss.update(criterion(output, y), x.size(0))
 * console.log(`loss ${loss}`) // loss 0.6931
 */
export class Average extends Metric {
  constructor() {
    super(2)
    atMost('Average', 0, arguments.length)
  }

  /** Adds a number, or a tensor with one element. */
  update(value: number | Tensor, weight?: number | AverageOptions): void {
    atMost('update', 2, arguments.length)
    const { weight: times = 1 } = averageOptions.readFirst('update', weight)
    this.counts[0]! += numberOf('update', value) * times
    this.counts[1]! += times
  }

  get value(): number {
    return this.counts[0]! / this.counts[1]!
  }

  override toString(): string {
    return shown(this.value)
  }
}

/**
 * The mean of the last values, which follows what happens now. It is of one rank: values have an order only there.
 * @throws ArgumentError unless the window is a positive integer
 * @example const loss = new RunningMean(50)
 */
export class RunningMean {
  readonly window: number
  readonly #values: number[] = []

  constructor(window?: number | RunningMeanOptions) {
    atMost('RunningMean', 1, arguments.length)
    this.window = runningOptions.readFirst('RunningMean', window).window ?? 100
    if (!Number.isSafeInteger(this.window) || this.window < 1) {
      throw new ArgumentError(`RunningMean: window: expected a positive integer, got ${textOf(this.window)}`)
    }
  }

  /** Adds a number, or a tensor with one element. */
  update(value: number | Tensor): void {
    this.#values.push(numberOf('update', value))
    if (this.#values.length > this.window) this.#values.shift()
  }

  get value(): number {
    return this.#values.reduce((sum, value) => sum + value, 0) / this.#values.length
  }

  /** Forgets all values. */
  reset(): void {
    this.#values.length = 0
  }

  toString(): string {
    return shown(this.value)
  }

  [inspect.custom](): string {
    return this.toString()
  }
}
