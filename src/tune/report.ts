// A report of a trial, wherever it runs: it is written down, and successive halving decides by all reports that are.
import { ArgumentError } from '../errors.ts'
import { refuse } from '../tensor/index.ts'
import { mustStop } from './halving.ts'
import type { Ledger } from './ledger.ts'

/**
 * Whether the trial has to stop. One that has been told to is told so again.
 * @throws ArgumentError for steps that do not rise, or values that are no numbers
 */
export function report(ledger: Ledger, trial: number, attempt: number, step: number, value: number): boolean {
  if (typeof value !== 'number') refuse('report: value', 'a number', value)
  const { objectives, halving } = ledger.header!
  const { state, reports } = ledger.trials[trial]!
  const last = reports.at(-1)?.[0] ?? -1
  if (!Number.isSafeInteger(step) || step <= last) {
    throw new ArgumentError(`report: step must be an integer greater than the last, ${last}: ${step}`)
  }
  if (objectives.length > 1) throw new ArgumentError('report: it takes one objective, and the search has several')
  if (state === 'stopped') return true
  ledger.write({ trial, attempt, step, value })
  if (halving === null) return false
  const { trials } = ledger
  const others = trials.filter(({ number }) => number !== trial).map(one => one.reports)
  if (!mustStop(trials[trial]!.reports, others, halving, objectives[0]!.minimize)) return false
  ledger.write({ trial, attempt, stopped: step })
  return true
}
