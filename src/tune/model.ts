// What the trials of a search say of parameters that were not tried: a Gaussian process for each objective.
import { atMost, isPlainObject, noGrad, refuse } from '../tensor/index.ts'
import { type Experiment, measured } from './experiment.ts'
import { computed, Surrogate } from './gaussian/surrogate.ts'
import type { Values } from './parameters.ts'

export class Model {
  readonly #experiment: Experiment
  #surrogates: Map<string, Surrogate> | undefined

  /** @internal */
  constructor(experiment: Experiment) {
    this.#experiment = experiment
  }

  /**
   * Mean and standard error of each objective, without the noise of a measurement. The first call learns from all whole
   * trials.
   * @throws ArgumentError for values that the parameters cannot have
   * @example const { loss: [mean, sem] } = model.predict({ lr: 0.1, width: 64 })
   */
  predict(parameters: Values): Record<string, readonly [mean: number, sem: number]> {
    atMost('predict', 1, arguments.length)
    if (!isPlainObject(parameters)) refuse('predict', 'the parameters of a trial', parameters)
    const point = this.#experiment.space.encode(parameters)
    this.#surrogates ??= learn(this.#experiment)
    const predicted = [...this.#surrogates].map(([name, surrogate]) => {
      const [mean, variance] = computed(() => {
        const answer = noGrad(() => surrogate.process().predict(surrogate.features([point])))
        return answer.map(x => x.item())
      }) as [number, number]
      const { center, size } = surrogate
      return [name, [center + size * mean, size * Math.sqrt(Math.max(variance, 0))]] as const
    })
    return Object.fromEntries(predicted)
  }
}

function learn(experiment: Experiment): Map<string, Surrogate> {
  const { space, objectives } = experiment
  const trials = measured(experiment).filter(({ state }) => state === 'completed')
  const of = (name: string) =>
    trials.map(({ parameters, values }) => {
      const [loss, sem] = values[name]!
      return { point: space.encode(parameters), loss, sem }
    })
  return new Map(objectives.map(({ name }) => [name, new Surrogate(space, of(name))]))
}
