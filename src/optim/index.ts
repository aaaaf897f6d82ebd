// Everything of torch.optim that dtrain has: `import * as optim from 'dtrain/optim'`. The documentation calls
// schedulers by PyTorch's name, `optim.lrScheduler.StepLR`; they stand beside the optimizers too: `import { StepLR }`.
export { Adadelta, type AdadeltaOptions } from './adadelta.ts'
export { Adafactor, type AdafactorOptions } from './adafactor.ts'
export { Adagrad, type AdagradOptions } from './adagrad.ts'
export { Adam, type AdamOptions, AdamW, type AdamWOptions } from './adam.ts'
export { Adamax, type AdamaxOptions } from './adamax.ts'
export { ASGD, type ASGDOptions } from './asgd.ts'
export type { HookOptions } from './hooks.ts'
export { LBFGS, type LBFGSOptions } from './lbfgs.ts'
export * from './lr-scheduler/index.ts'
export * as lrScheduler from './lr-scheduler/index.ts'
export { Muon, type MuonOptions } from './muon.ts'
export { NAdam, type NAdamOptions } from './nadam.ts'
export {
  type GroupOptions,
  Optimizer,
  type OptimizerStateDict,
  type ParamGroup,
  type ParamList,
  type ParamState,
  type Params,
} from './optimizer.ts'
export { RAdam, type RAdamOptions } from './radam.ts'
export { RMSprop, type RMSpropOptions } from './rmsprop.ts'
export { Rprop, type RpropOptions } from './rprop.ts'
export { SGD, type SGDOptions } from './sgd.ts'
export * as swaUtils from './swa-utils/index.ts'
