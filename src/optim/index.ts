// Everything of torch.optim that dtrain has: `import * as optim from 'dtrain/optim'`.
export { Adagrad, type AdagradOptions } from './adagrad.ts'
export { Adam, type AdamOptions, AdamW, type AdamWOptions } from './adam.ts'
export { Optimizer, type OptimizerStateDict, type ParamGroup, type ParamState, type Params } from './optimizer.ts'
export { RMSprop, type RMSpropOptions } from './rmsprop.ts'
export { SGD, type SGDOptions } from './sgd.ts'
