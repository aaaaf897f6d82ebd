// `nn.utils`: what works on the parameters, the gradients and the inputs of modules.
export {
  clipGradNorm_,
  clipGradsWithNorm_,
  clipGradValue_,
  getTotalNorm,
  type TotalNormOptions,
} from './clip-grad.ts'
export { parametersToVector, vectorToParameters } from './convert-parameters.ts'
export * as rnn from './rnn.ts'
