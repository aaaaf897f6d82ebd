// Everything of torch.optim.lr_scheduler: `optim.lrScheduler`.
export { ChainedScheduler, type ChainedSchedulerOptions, SequentialLR } from './combined.ts'
export {
  CosineAnnealingLR,
  type CosineAnnealingLROptions,
  CosineAnnealingWarmRestarts,
  type CosineAnnealingWarmRestartsOptions,
} from './cosine.ts'
export { CyclicLR, type CyclicLROptions } from './cyclic.ts'
export { type DecayOptions, ExponentialLR, MultiStepLR, StepLR } from './decay.ts'
export { LambdaLR, type LrLambda, MultiplicativeLR } from './lambda.ts'
export {
  LRScheduler,
  type LRSchedulerBaseOptions,
  type LRSchedulerOptions,
  type LRSchedulerState,
  type ScheduledOptimizer,
} from './lr-scheduler.ts'
export { OneCycleLR, type OneCycleLROptions } from './one-cycle.ts'
export { ReduceLROnPlateau, type ReduceLROnPlateauOptions } from './plateau.ts'
export {
  ConstantLR,
  type ConstantLROptions,
  LinearLR,
  type LinearLROptions,
  PolynomialLR,
  type PolynomialLROptions,
} from './ramp.ts'
