// Gradients in the user's hands: functions of one's own, hooks on what is kept, checks, derivatives of functions.
// PyTorch: torch.autograd. `import { autograd } from 'dtrain'`.
export {
  type AnomalyOptions,
  detectAnomaly,
  enableGrad,
  type InferenceModeOptions,
  inferenceMode,
  noGrad,
  setDetectAnomaly,
  setGradEnabled,
} from '../tensor/index.ts'
export {
  Function,
  type FunctionClass,
  FunctionCtx,
  type FunctionInputs,
  onceDifferentiable,
} from './function.ts'
export * as functional from './functional.ts'
export { backward, type GradOptions, grad, type PassOptions } from './grad.ts'
export { type GradcheckOptions, type GradgradcheckOptions, gradcheck, gradgradcheck } from './gradcheck.ts'
export * as graph from './graph.ts'
