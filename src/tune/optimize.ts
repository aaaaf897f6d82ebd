// The search: trials are suggested one by one, run in as many groups as there are at a time, and written down. A trial
// that fails is a trial; a search that cannot go on is an error, and ends what is still running.

import { getWorldSize } from '../distributed/group.ts'
import { ArgumentError, DtrainError } from '../errors.ts'
import { RandomState } from '../random/random-state.ts'
import { atMost } from '../tensor/index.ts'
import { Experiment, measured } from './experiment.ts'
import { runFunction } from './functions.ts'
import { type Header, Ledger, type Trial, type TrialState } from './ledger.ts'
import { Model } from './model.ts'
import { lossesOf, readEvaluation } from './objectives.ts'
import { type OptimizeOptions, type Plan, readPlan } from './options.ts'
import type { Parameter, ParametersOf } from './parameters.ts'
import { report } from './report.ts'
import { runScript } from './scripts.ts'

/** What a search has found. */
export interface Optimized<P extends readonly Parameter[]> {
  bestParameters: ParametersOf<P>
  /** Of these parameters: the mean of each objective, and the covariances of the means, NaN where unknown. */
  values: readonly [means: Record<string, number>, covariances: Record<string, Record<string, number>>]
  experiment: Experiment
  /** What the trials say of other parameters. */
  model: Model
}

/** A search whose first trials have all failed is given up. */
const mostHopeless = 10

/**
 * Searches for the parameters that make an objective large, or with `minimize` small. Ax: optimize.
 * @throws ArgumentError for wrong options, and constraints that leave nothing; DtrainError when no trial has a value
 * @example
 * const { bestParameters, values } = await optimize({
 *   parameters: [
 *     { name: 'x1', type: 'range', bounds: [-10, 10] },
 *     { name: 'x2', type: 'range', bounds: [-10, 10] },
 *   ],
 *   evaluationFunction: ({ x1, x2 }) => (x1 + 2 * x2 - 7) ** 2 + (2 * x1 + x2 - 5) ** 2,
 *   minimize: true,
 * })
 */
export async function optimize<const P extends readonly Parameter[]>(
  options: OptimizeOptions<P>,
): Promise<Optimized<P>> {
  atMost('optimize', 1, arguments.length)
  const plan = readPlan('optimize', options as unknown as OptimizeOptions)
  if (getWorldSize() > 1) {
    throw new ArgumentError('optimize: it runs in one process: leave --nproc away, and give nproc to optimize')
  }
  const ledger = begin(plan)
  try {
    await new Search(plan, ledger).run()
  } finally {
    ledger.close()
  }
  const experiment = new Experiment(ledger)
  const { best, trials, objectives } = experiment
  if (best === undefined) throw hopeless(trials)
  const covariance = (row: string, column: string) => {
    const sem = row === column ? best.values[row]![1] : null
    return sem === null ? Number.NaN : sem ** 2
  }
  const byName = <T>(of: (name: string) => T) => Object.fromEntries(objectives.map(({ name }) => [name, of(name)]))
  return {
    bestParameters: best.parameters as unknown as ParametersOf<P>,
    values: [byName(name => best.values[name]![0]), byName(row => byName(column => covariance(row, column)))],
    experiment,
    model: new Model(experiment),
  }
}

/** Opens the search's record, or begins one. @throws ArgumentError when the folder has another search */
function begin({ folder, header, isSeeded }: Plan): Ledger {
  const ledger = new Ledger(folder, true)
  if (ledger.header === undefined) ledger.write({ search: header }, true)
  ledger.open('optimize')
  const known = ledger.header!
  const wanted = isSeeded ? header : { ...header, seed: known.seed }
  const other = (Object.keys(wanted) as (keyof Header)[]).find(
    key => key !== 'name' && JSON.stringify(wanted[key]) !== JSON.stringify(known[key]),
  )
  if (other === undefined) return ledger
  ledger.close()
  throw new ArgumentError(`optimize: folder: the search in '${folder}' has other ${other}; take another folder`)
}

class Search {
  readonly #plan: Plan
  readonly #ledger: Ledger
  /** Numbers of trials that an earlier process has begun and not ended. */
  readonly #unfinished: number[]
  #next: number
  readonly #stop = new AbortController()

  constructor(plan: Plan, ledger: Ledger) {
    this.#plan = plan
    this.#ledger = ledger
    const { trials } = ledger
    this.#unfinished = trials.filter(({ state }) => state === 'running').map(({ number }) => number)
    this.#next = trials.length
  }

  /** @throws what has kept it from going on */
  async run(): Promise<void> {
    await Promise.all(Array.from({ length: this.#plan.parallelism }, (_, group) => this.#work(group)))
  }

  async #work(group: number): Promise<void> {
    try {
      for (let number = this.#begin(); number !== undefined; number = this.#begin()) {
        await this.#evaluate(number, group)
        if (this.#stop.signal.aborted) return
        this.#plan.onTrial(this.#ledger.trials[number]!)
        this.#checkHope()
      }
    } catch (error) {
      this.#stop.abort()
      throw error
    }
  }

  /** The number of the next trial, which is written down as running; undefined when there are no more. */
  #begin(): number | undefined {
    const old = this.#unfinished.shift()
    const parameters = old === undefined ? this.#suggest() : this.#ledger.trials[old]!.parameters
    if (parameters === undefined) return undefined
    const number = old ?? this.#next++
    this.#ledger.write({ trial: number, attempt: (this.#ledger.trials[number]?.attempt ?? 0) + 1, parameters }, true)
    return number
  }

  #suggest() {
    const { space, strategy, totalTrials } = this.#plan
    if (this.#next >= totalTrials) return undefined
    const { trials } = this.#ledger
    const { seed, objectives } = this.#ledger.header!
    const finished = measured({ trials }).map(({ parameters, values, state, reports }) => ({
      point: space.encode(parameters),
      losses: lossesOf(values, objectives),
      sems: objectives.map(({ name }) => values[name]![1]),
      stoppedAt: state === 'stopped' ? reports.at(-1)![0] : null,
    }))
    const pointsOf = (wanted: TrialState) =>
      trials.filter(({ state }) => state === wanted).map(({ parameters }) => space.encode(parameters))
    const [failed, pending] = [pointsOf('failed'), pointsOf('running')]
    const number = this.#next
    const random = new RandomState([seed, number])
    const point = strategy.suggest({ space, finished, failed, pending, number, random, seed })
    return point && space.decode(point)
  }

  async #evaluate(trial: number, group: number): Promise<void> {
    const start = performance.now()
    const { attempt } = this.#ledger.trials[trial]!
    const failed = await this.#run(trial, attempt, group)
    if (this.#stop.signal.aborted) return // another group has ended the search; when it goes on this trial is run again
    if (this.#ledger.trials[trial]!.state === 'running') {
      this.#ledger.write({ trial, attempt, failed: failed ?? 'it has ended without a value' })
    }
    this.#ledger.write({ trial, attempt, seconds: Math.round(performance.now() - start) / 1000 }, true)
  }

  /** Runs a trial until its value is written down. Returns why it has none. */
  async #run(trial: number, attempt: number, group: number): Promise<string | undefined> {
    const { evaluate, timeout } = this.#plan
    if (typeof evaluate !== 'function') return runScript(evaluate, { trial, attempt }, group, this.#stop.signal)
    const ledger = this.#ledger
    const context = {
      number: trial,
      report: (step: number, value: number) => this.#stop.signal.aborted || report(ledger, trial, attempt, step, value),
    }
    try {
      const result = await runFunction(evaluate, ledger.trials[trial]!.parameters, context, timeout)
      if (result === undefined && ledger.trials[trial]!.state !== 'running') return undefined
      const values = readEvaluation('evaluationFunction', result!, ledger.header!.objectives)
      ledger.write({ trial, attempt, values })
      return undefined
    } catch (error) {
      return error instanceof DtrainError ? error.message : String(error)
    }
  }

  #checkHope(): void {
    const ended = this.#ledger.trials.filter(({ state }) => state !== 'running')
    if (ended.length >= mostHopeless && ended.every(({ state }) => state === 'failed')) throw hopeless(ended)
  }
}

function hopeless(trials: readonly Trial[]): DtrainError {
  const reason = trials.findLast(({ state }) => state === 'failed')?.reason
  const what = reason === undefined ? 'no trial was completed' : `no trial has a value; the last has failed: ${reason}`
  return new DtrainError(`optimize: ${what}`)
}
