// The side of a trial that runs in processes of its own: what a script asks for its parameters, and tells its value.

import { broadcast } from '../distributed/collectives.ts'
import { getRank, getWorldSize } from '../distributed/group.ts'
import { ArgumentError } from '../errors.ts'
import { env } from '../job/env.ts'
import { tensor } from '../tensor/create.ts'
import { atMost, isPlainObject, refuse } from '../tensor/index.ts'
import { Ledger } from './ledger.ts'
import { type Evaluation, readEvaluation } from './objectives.ts'
import { shown, type Value } from './parameters.ts'
import { report } from './report.ts'
import type { TrialAddress } from './scripts.ts'

/** A trial as its script sees it. The functions can be taken out: `const { parameters, report, finish } = trial(…)`. */
export interface ScriptTrial<V> {
  readonly parameters: V
  /** Its number; undefined where no search has started the script. */
  readonly number: number | undefined
  /**
   * Records the objective's value after so many steps, and returns whether to stop; without a search, false. Of several
   * ranks all call it, the value is that of rank 0, and the answer is the same for all.
   */
  report(step: number, value: number): boolean
  /** Records the value of the trial, of rank 0. @throws ArgumentError for NaN */
  finish(value: Evaluation): void
}

/** Numbers, texts and booleans where the defaults have theirs. */
type Widened<V> = { [K in keyof V]: V[K] extends number ? number : V[K] extends string ? string : boolean }

/**
 * The trial that this script is. The defaults name its parameters, and are their values where no search has started it.
 * @throws ArgumentError when the search varies other parameters
 * @example
 * const { parameters, report, finish } = trial({ lr: 0.1, width: 64 })
 * for (let epoch = 1; epoch <= 10; epoch++) if (report(epoch, accuracyAfter(epoch, parameters.lr))) break
 * finish(validate())
 */
export function trial<const V extends Record<string, Value>>(defaults: V): ScriptTrial<Widened<V>> {
  atMost('trial', 1, arguments.length)
  if (!isPlainObject(defaults)) refuse('trial', 'the parameters with their defaults', defaults)
  const text = env('DTRAIN_TRIAL')
  if (text === undefined) {
    return { parameters: defaults as unknown as Widened<V>, number: undefined, report: () => false, finish: () => {} }
  }
  const { folder, trial: number, attempt } = JSON.parse(text) as TrialAddress
  const ledger = new Ledger(folder, false)
  const { parameters } = ledger.trials[number]!
  checkNames(Object.keys(defaults), Object.keys(parameters))
  const { objectives, halving } = ledger.header!
  return {
    parameters: parameters as unknown as Widened<V>,
    number,
    report: (step, value) => {
      const stop = getRank() === 0 && report(ledger, number, attempt, step, value)
      if (halving === null || getWorldSize() === 1) return stop
      const answer = tensor([Number(stop)])
      broadcast(answer)
      return answer.item() === 1
    },
    finish: value => {
      const values = readEvaluation('finish', value, objectives)
      if (getRank() === 0) ledger.write({ trial: number, attempt, values }, true)
    },
  }
}

function checkNames(wanted: readonly string[], given: readonly string[]): void {
  if (wanted.length === given.length && wanted.every(name => given.includes(name))) return
  const list = (names: readonly string[]) => names.map(shown).join(', ')
  throw new ArgumentError(`trial: the script has parameters ${list(wanted)}, and the search ${list(given)}`)
}
