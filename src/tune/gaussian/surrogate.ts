// What a Gaussian process has learnt of one loss, from points of the unit cube: the losses in units of their own
// deviation, and the hyperparameters. The process itself is made where it is used, inside the `tidy` that frees it.
import { enableGrad, getNumThreads, setNumThreads, type Tensor, tensor, tidy } from '../../tensor/index.ts'
import type { Point, Space } from '../space.ts'
import { featuresOf } from './features.ts'
import { mostLikely } from './fit.ts'
import { type Data, GaussianProcess, type Hyperparameters } from './process.ts'

/** A loss at a point, and its standard error; null: the noise is unknown. */
export interface Observation {
  readonly point: Point
  readonly loss: number
  readonly sem: number | null
}

/** The least variance of noise: what keeps near points apart in float64. */
const floor = 1e-8

const vector = (values: readonly number[]) => tensor(values, { dtype: 'float64' })

/**
 * Runs what makes many small tensors: gradients are recorded, whatever the caller does, all tensors are freed, and
 * there is one thread, since others would take longer to wake than matrices of this size take.
 */
export function computed<T>(fn: () => T): T {
  const threads = getNumThreads()
  setNumThreads(1)
  try {
    return enableGrad(() => tidy(fn))
  } finally {
    setNumThreads(threads)
  }
}

export class Surrogate {
  /** Losses are `center + size * y` where the process has y. */
  readonly center: number
  readonly size: number
  readonly #space: Space
  readonly #observations: readonly Observation[]
  readonly #learnt: Readonly<Record<keyof Hyperparameters, number | number[]>>

  constructor(space: Space, observations: readonly Observation[]) {
    this.#space = space
    this.#observations = observations
    const losses = observations.map(({ loss }) => loss)
    const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0)
    this.center = sum(losses) / losses.length
    this.size = Math.hypot(...losses.map(loss => loss - this.center)) / Math.sqrt(losses.length) || 1
    this.#learnt = computed(() => {
      const { lengthscales, scale, mean, noise } = mostLikely(this.#data([])).hyperparameters
      const numbers = (x: Tensor) => x.toArray() as number | number[]
      return {
        lengthscales: numbers(lengthscales),
        scale: numbers(scale),
        mean: numbers(mean),
        noise: numbers(noise),
      }
    })
  }

  /** The features of points, in rows. */
  features(points: readonly Point[]): Tensor {
    return featuresOf(this.#space.dimensions, points)
  }

  /** The process; at the pending points it knows what it would expect there. */
  process(pending: readonly Point[] = []): GaussianProcess {
    const make = (expected: readonly Observation[]) =>
      new GaussianProcess(this.#data(expected), {
        lengthscales: vector(this.#learnt.lengthscales as number[]),
        scale: tensor(this.#learnt.scale, { dtype: 'float64' }),
        mean: tensor(this.#learnt.mean, { dtype: 'float64' }),
        noise: tensor(this.#learnt.noise, { dtype: 'float64' }),
      })
    const process = make([])
    if (pending.length === 0) return process
    const means = process.predict(this.features(pending))[0].toArray() as number[]
    return make(pending.map((point, i) => ({ point, loss: this.center + this.size * means[i]!, sem: 0 })))
  }

  #data(expected: readonly Observation[]): Data {
    const all = [...this.#observations, ...expected]
    return {
      x: this.features(all.map(({ point }) => point)),
      y: vector(all.map(({ loss }) => (loss - this.center) / this.size)),
      known: vector(all.map(({ sem }) => floor + ((sem ?? 0) / this.size) ** 2)),
      unknown: vector(all.map(({ sem }) => (sem === null ? 1 : 0))),
    }
  }
}
