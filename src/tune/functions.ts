// Trials in this process: the evaluation is a function, which may be asynchronous.
import { DtrainError } from '../errors.ts'
import type { Evaluation } from './objectives.ts'
import type { Values } from './parameters.ts'

/** What an evaluation can do besides returning a value. */
export interface TrialContext {
  /** From 0. */
  readonly number: number
  /** Aborted when the trial has taken too long, for what can be interrupted. */
  readonly signal: AbortSignal
  /**
   * Records the objective's value after so many steps. Returns whether to stop, by the search's `halving`; the trial's
   * value is then the one reported, unless the function returns one.
   * @example for (let epoch = 1; epoch <= 10; epoch++) if (trial.report(epoch, validate())) break
   */
  report(step: number, value: number): boolean
}

/** An evaluation in this process. */
export type EvaluationFunction<V> = (
  parameters: V,
  trial: TrialContext,
) => Evaluation | undefined | Promise<Evaluation | undefined>

/** Evaluates; a function that is still at it after the time limit is left to itself. @throws whatever it throws */
export async function runFunction(
  evaluate: EvaluationFunction<Values>,
  parameters: Values,
  trial: Omit<TrialContext, 'signal'>,
  timeout: number,
): Promise<Evaluation | undefined> {
  const limit = new AbortController()
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      const error = new DtrainError(tookTooLong(timeout))
      limit.abort(error)
      reject(error)
    }, timeout * 1000)
  })
  const report = (step: number, value: number) => limit.signal.aborted || trial.report(step, value)
  try {
    const work = async () => evaluate(parameters, { ...trial, report, signal: limit.signal })
    return await Promise.race([work(), late])
  } finally {
    clearTimeout(timer)
  }
}

export const tookTooLong = (timeout: number) => `took longer than ${timeout} s`
