// Activations of neural networks; with an underscore in place.
// Written by `npm run addon-types` from native/binding/tables/activation.cc.
import type { Handle, Operand } from './types.ts'

export interface ActivationFunctions {
  relu(x: Handle): Handle
  leakyRelu(x: Handle, slope: Operand): Handle
  prelu(x: Handle, weight: Handle): Handle
  elu(x: Handle, alpha: number, scale: number): Handle
  selu(x: Handle): Handle
  gelu(x: Handle, approximate: 'none' | 'tanh'): Handle
  silu(x: Handle): Handle
  hardsigmoid(x: Handle): Handle
  hardswish(x: Handle): Handle
  mish(x: Handle): Handle
  hardshrink(x: Handle, limit: number): Handle
  softshrink(x: Handle, by: number): Handle
  threshold(x: Handle, limit: number, value: number): Handle
  softplus(x: Handle, beta: number, threshold: number): Handle
  logsigmoid(x: Handle): Handle
  relu_(x: Handle): void
  leakyRelu_(x: Handle, slope: Operand): void
  elu_(x: Handle, alpha: number, scale: number): void
  selu_(x: Handle): void
  silu_(x: Handle): void
  hardsigmoid_(x: Handle): void
  hardswish_(x: Handle): void
  mish_(x: Handle): void
  threshold_(x: Handle, limit: number, value: number): void
}
