// What programs measure while they train and test: `import { Accuracy } from 'dtrain/metrics'`.
export { Accuracy, type AccuracyOptions } from './accuracy.ts'
export { Average, type AverageOptions, RunningMean, type RunningMeanOptions } from './average.ts'
export { ConfusionMatrix, type ConfusionMatrixOptions } from './confusion-matrix.ts'
export { EarlyStopping, type EarlyStoppingOptions, type EarlyStoppingState } from './early-stopping.ts'
export { Metric } from './metric.ts'
