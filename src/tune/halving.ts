// Asynchronous successive halving (ASHA; Li et al., 2018): a trial that comes to a rung goes on only if its value there
// is among the best of those that came before it. Rungs stand at minSteps times powers of the reduction factor. Nobody
// waits for anybody, so a trial is judged by what is known when it comes. All is worked out from the reports alone.
import { ArgumentError } from '../errors.ts'
import { Options } from '../tensor/index.ts'
import { positive } from './parameters.ts'

/** Options of successive halving. */
export interface HalvingOptions {
  /** The step of the first rung, default 1. */
  minSteps?: number
  /** One of how many goes on at a rung, default 4. */
  reductionFactor?: number
}

const halvingOptions = new Options<HalvingOptions>({ minSteps: true, reductionFactor: true })

/** A report of a trial: after how many steps, and the objective's value there. */
export type Report = readonly [step: number, value: number]

/** @throws ArgumentError for what is no number of steps, or no factor */
export function readHalving(op: string, given: HalvingOptions | boolean): Required<HalvingOptions> | undefined {
  if (given === false) return undefined
  const { minSteps = 1, reductionFactor = 4 } = halvingOptions.read(op, given === true ? {} : given)
  positive(`${op}: minSteps`, minSteps)
  if (!Number.isSafeInteger(reductionFactor) || reductionFactor < 2) {
    throw new ArgumentError(`${op}: reductionFactor must be an integer from 2 on: ${reductionFactor}`)
  }
  return { minSteps, reductionFactor }
}

/** The value of each rung that the reports have reached, lowest first: that of the first report at or above it. */
export function rungValues(reports: readonly Report[], { minSteps, reductionFactor }: Required<HalvingOptions>) {
  const values: number[] = []
  for (const [step, value] of reports) {
    while (step >= minSteps * reductionFactor ** values.length) values.push(value)
  }
  return values
}

/**
 * Whether a trial has to stop at the rungs that its last report has reached. `others` are the reports of all other
 * trials, finished or not.
 */
export function mustStop(
  own: readonly Report[],
  others: readonly (readonly Report[])[],
  options: Required<HalvingOptions>,
  minimize: boolean,
): boolean {
  const before = rungValues(own.slice(0, -1), options).length
  const reached = rungValues(own, options).slice(before)
  if (reached.length === 0) return false
  const theirs = others.map(reports => rungValues(reports, options))
  return reached.some((value, i) => {
    const rung = before + i
    if (Number.isNaN(value)) return true
    const better = theirs.filter(
      ({ [rung]: other }) => other !== undefined && (minimize ? other < value : other > value),
    )
    const here = 1 + theirs.filter(values => values.length > rung).length
    return better.length >= Math.max(1, Math.floor(here / options.reductionFactor))
  })
}
