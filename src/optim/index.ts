// Everything of torch.optim that dtrain has: `import * as optim from 'dtrain/optim'`. The documentation calls
// schedulers by PyTorch's name, `optim.lrScheduler.StepLR`; they stand beside the optimizers too: `import { StepLR }`.
export { Adagrad, type AdagradOptions } from './adagrad.ts'
export { Adam, type AdamOptions, AdamW, type AdamWOptions } from './adam.ts'
export { LBFGS, type LBFGSOptions } from './lbfgs.ts'
export * from './lr-scheduler/index.ts'
export * as lrScheduler from './lr-scheduler/index.ts'
export { Optimizer, type OptimizerStateDict, type ParamGroup, type ParamState, type Params } from './optimizer.ts'
export { RMSprop, type RMSpropOptions } from './rmsprop.ts'
export { SGD, type SGDOptions } from './sgd.ts'
