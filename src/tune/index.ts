// What 'dtrain/tune' exports: a search for hyperparameters. Ax: `from ax import optimize`.
export { Experiment, loadExperiment, type Measured, type OfObjectiveOptions } from './experiment.ts'
export type { EvaluationFunction, TrialContext } from './functions.ts'
export type { HalvingOptions } from './halving.ts'
export type { Trial, TrialState } from './ledger.ts'
export type { Model } from './model.ts'
export type { Evaluation, Mean, Objective, ObjectiveOptions } from './objectives.ts'
export { type Optimized, optimize } from './optimize.ts'
export type { OptimizeOptions } from './options.ts'
export type {
  ChoiceParameter,
  Dimension,
  FixedParameter,
  Parameter,
  ParametersOf,
  RangeParameter,
  Value,
  Values,
  ValueType,
} from './parameters.ts'
export type { Point, Space } from './space.ts'
export { BayesianSearch, type BayesianSearchOptions } from './strategies/bayesian.ts'
export { GridSearch, type GridSearchOptions } from './strategies/grid.ts'
export type { StrategyName } from './strategies/index.ts'
export { RandomSearch } from './strategies/random.ts'
export { SobolSearch } from './strategies/sobol.ts'
export type { Finished, Question, Strategy } from './strategies/strategy.ts'
export { TPE, type TPEOptions } from './strategies/tpe.ts'
export { type ScriptTrial, trial } from './trial.ts'
