// `nn.functional`, usually called F: the ops that PyTorch keeps in torch.nn.functional, as plain functions. Those that
// it has nowhere else stand in this folder, by family; those that are in torch too come from there.
export { conv2d, flatten, logSoftmax, maxPool2d, relu } from '../../tensor/index.ts'
export * from './loss.ts'
export * from './matmul.ts'
