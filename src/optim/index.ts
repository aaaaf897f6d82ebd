// Everything of torch.optim that dtrain has: `import * as optim from 'dtrain/optim'`.
export { Optimizer, type OptimizerStateDict, type ParamGroup, type ParamState, type Params } from './optimizer.ts'
export { SGD, type SGDOptions } from './sgd.ts'
