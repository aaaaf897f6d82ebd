// Momentum that goes down while the rate goes up: of optimizers that have `momentum`, or as the first of their `betas`.
import { ArgumentError } from '../../errors.ts'
import type { ParamGroup } from '../optimizer.ts'
import { perGroup, type ScheduledOptimizer, type ScheduledOptions } from './lr-scheduler.ts'

/** Options of schedulers that change momentum too. */
export interface MomentumOptions {
  /** Whether momentum goes down while the rate goes up, default true. */
  cycleMomentum?: boolean
  /** Its lowest value, for all groups or for each. */
  baseMomentum?: number | readonly number[]
  /** Its highest value. */
  maxMomentum?: number | readonly number[]
}

type Bounds = Required<Pick<MomentumOptions, 'baseMomentum' | 'maxMomentum'>>

/**
 * What a scheduler has to remember of the momenta; unless training goes on, the groups get their highest.
 * @throws ArgumentError when the optimizer has no momentum
 */
export function startMomentum(
  op: string,
  optimizer: ScheduledOptimizer,
  { baseMomentum, maxMomentum }: Bounds,
  lastEpoch: number,
) {
  const useBeta1 = 'betas' in optimizer.defaults
  if (!useBeta1 && !('momentum' in optimizer.defaults)) {
    throw new ArgumentError('optimizer must support momentum or beta1 with `cycleMomentum` option enabled')
  }
  const baseMomentums = perGroup(`${op}: baseMomentum`, optimizer, baseMomentum)
  const maxMomentums = perGroup(`${op}: maxMomentum`, optimizer, maxMomentum)
  const groups: ParamGroup<ScheduledOptions>[] = lastEpoch === -1 ? optimizer.paramGroups : []
  for (const [i, group] of groups.entries()) {
    setMomentum(group, useBeta1, maxMomentums[i]!)
    group.maxMomentum = maxMomentums[i]!
    group.baseMomentum = baseMomentums[i]!
  }
  return { useBeta1, baseMomentums, maxMomentums }
}

export function setMomentum(group: ScheduledOptions, useBeta1: boolean, momentum: number): void {
  if (useBeta1) group.betas = [momentum, ...group.betas!.slice(1)]
  else group.momentum = momentum
}
