// `nn.functional`, usually called F: the ops that PyTorch keeps in torch.nn.functional, as plain functions.
export {
  conv2d,
  crossEntropy,
  flatten,
  linear,
  logSoftmax,
  maxPool2d,
  nllLoss,
  relu,
} from '../tensor/index.ts'
