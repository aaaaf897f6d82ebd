// The strategies by their names.
import { ArgumentError } from '../../errors.ts'
import { shown } from '../parameters.ts'
import { BayesianSearch } from './bayesian.ts'
import { GridSearch } from './grid.ts'
import { RandomSearch } from './random.ts'
import { SobolSearch } from './sobol.ts'
import type { Strategy } from './strategy.ts'
import { TPE } from './tpe.ts'

const makers = {
  bayesian: () => new BayesianSearch(),
  tpe: () => new TPE(),
  sobol: () => new SobolSearch(),
  random: () => new RandomSearch(),
  grid: () => new GridSearch(),
} satisfies Record<string, () => Strategy>

export type StrategyName = keyof typeof makers

/** @throws ArgumentError for a name that is none, or an object that suggests nothing */
export function readStrategy(op: string, strategy: StrategyName | Strategy): Strategy {
  if (typeof strategy === 'object' && typeof strategy?.suggest === 'function') return strategy
  if (Object.hasOwn(makers, strategy as StrategyName)) return makers[strategy as StrategyName]()
  const names = Object.keys(makers).map(shown).join(', ')
  throw new ArgumentError(`${op}: strategy must be ${names}, or an object that can suggest: ${shown(strategy)}`)
}
