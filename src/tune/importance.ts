// How much each parameter matters, and the model that says so.
import { ArgumentError } from '../errors.ts'
import { type Experiment, measured } from './experiment.ts'
import { Forest } from './forest.ts'
import type { Objective } from './objectives.ts'

const fewest = 4

/** A forest that has learnt an objective from all trials with a value. @throws ArgumentError for too few */
export function forestOf(op: string, experiment: Experiment, { name }: Objective): Forest {
  const trials = measured(experiment)
  if (trials.length < fewest) {
    throw new ArgumentError(`${op}: expected ${fewest} trials with a value or more, got ${trials.length}`)
  }
  return new Forest(
    trials.map(({ parameters }) => experiment.space.encode(parameters)),
    trials.map(({ values }) => values[name]![0]),
  )
}

/** The main effect of each parameter; all 0 where all values are equal. */
export function importanceOf(experiment: Experiment, objective: Objective): Record<string, number> {
  const effects = forestOf('importance', experiment, objective).mainEffects()
  return Object.fromEntries(experiment.space.dimensions.map(({ name }, i) => [name, effects[i] || 0]))
}
