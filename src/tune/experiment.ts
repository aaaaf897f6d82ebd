// A search and what came of it: all trials, the best or the front, and what is read out of them. It is what `optimize`
// returns, and what `loadExperiment` makes of a folder, also while the search is still running.
import { ArgumentError } from '../errors.ts'
import { atMost, Options, refuse } from '../tensor/index.ts'
import { importanceOf } from './importance.ts'
import { Ledger, type Trial } from './ledger.ts'
import { frontsOf, lossesOf, type Mean, type Objective } from './objectives.ts'
import { shown } from './parameters.ts'
import { contourOf, historyOf, parallelOf } from './plots.ts'
import { Space } from './space.ts'
import { tableOf } from './table.ts'

/** Options of what is about one objective. */
export interface OfObjectiveOptions {
  /** Its name, default the first. */
  objective?: string
}

const ofObjective = new Options<OfObjectiveOptions>({ objective: true })

export class Experiment {
  readonly name: string
  readonly space: Space
  readonly objectives: readonly Objective[]
  readonly seed: number
  readonly #ledger: Ledger

  /** @internal */
  constructor(ledger: Ledger) {
    const { name, parameters, parameterConstraints, objectives, seed } = ledger.header!
    this.name = name
    this.space = new Space('loadExperiment', parameters, parameterConstraints)
    this.objectives = objectives
    this.seed = seed
    this.#ledger = ledger
  }

  /** All trials by their numbers. */
  get trials(): readonly Trial[] {
    return this.#ledger.trials
  }

  /** The completed trials that no other beats in all objectives, the best in the first objective first. */
  get front(): readonly Measured[] {
    const completed = this.trials.filter((trial): trial is Measured => trial.state === 'completed')
    const losses = completed.map(({ values }) => lossesOf(values, this.objectives))
    const fronts = frontsOf(losses, 1)
    const first = completed.map((trial, i) => ({ trial, loss: losses[i]![0]! })).filter((_, i) => fronts[i] === 0)
    return first.sort((a, b) => a.loss - b.loss).map(({ trial }) => trial)
  }

  /** The best completed trial; of several objectives the one of the front that is best in the first. */
  get best(): Measured | undefined {
    return this.front[0]
  }

  /**
   * Which share of the objective's variance each parameter explains by itself: the main effects of a functional
   * analysis of variance, by a random forest (Hutter et al., 2014). What is missing to 1 is due to several together.
   * @throws ArgumentError with fewer than four trials that have a value
   */
  importance(objective?: string | OfObjectiveOptions): Record<string, number> {
    atMost('importance', 1, arguments.length)
    return importanceOf(this, this.#objective('importance', objective))
  }

  /** All trials as lines of text. */
  table(): string {
    return tableOf(this)
  }

  /** The objective of each trial, and the best so far. */
  history(objective?: string | OfObjectiveOptions) {
    atMost('history', 1, arguments.length)
    return historyOf(this, this.#objective('history', objective))
  }

  /** A line for each trial, across an axis for each parameter. */
  parallel(objective?: string | OfObjectiveOptions) {
    atMost('parallel', 1, arguments.length)
    return parallelOf(this, this.#objective('parallel', objective))
  }

  /** What a random forest expects of two parameters, whatever the others are. */
  contour(x: string, y: string, objective?: string | OfObjectiveOptions) {
    atMost('contour', 3, arguments.length)
    return contourOf(this, [x, y], this.#objective('contour', objective))
  }

  #objective(op: string, given: string | OfObjectiveOptions | undefined): Objective {
    const { objective: name = this.objectives[0]!.name } = ofObjective.readFirst(op, given)
    const found = this.objectives.find(one => one.name === name)
    if (found !== undefined) return found
    const names = this.objectives.map(one => shown(one.name)).join(', ')
    throw new ArgumentError(`${op}: ${shown(name)} is no objective; there is ${names}`)
  }
}

/** A trial with a value. */
export type Measured = Trial & { readonly values: Readonly<Record<string, Mean>> }

/** The trials of an experiment that have a value, those stopped early too. */
export function measured({ trials }: { trials: readonly Trial[] }): Measured[] {
  return trials.filter((trial): trial is Measured => trial.state === 'completed' || trial.state === 'stopped')
}

/**
 * The search of a folder, running or not.
 * @throws ArgumentError when there is none
 * @example loadExperiment('search').best?.parameters
 */
export function loadExperiment(folder: string): Experiment {
  atMost('loadExperiment', 1, arguments.length)
  if (typeof folder !== 'string') refuse('loadExperiment', 'the folder of a search', folder)
  try {
    const ledger = new Ledger(folder, false)
    if (ledger.header !== undefined) return new Experiment(ledger)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error
  }
  throw new ArgumentError(`loadExperiment: there is no search in '${folder}'`)
}
