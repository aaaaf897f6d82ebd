// New tensors with the dtype and the device of one that is there, methods only.
import type { Dims } from '../../native/addon.ts'
import { named, type ShapeArgs, shapeArgs } from '../args.ts'
import * as create from '../create.ts'
import { strided } from '../layout.ts'
import type { Tensor } from '../tensor.ts'

function like(x: Tensor, options: create.TensorOptions | undefined): create.TensorOptions {
  return { dtype: x.dtype, device: x.device, ...create.tensorOptions.copy(options ?? {}) }
}

function shaped(op: string, make: (shape: Dims, options: create.TensorOptions) => Tensor) {
  return (x: Tensor, args: ShapeArgs<create.TensorOptions>): Tensor => {
    const [shape, options] = shapeArgs(op, create.tensorOptions, args)
    return named(op, () => make(shape, like(x, options)))
  }
}

const zeros = shaped('newZeros', create.zeros)
const ones = shaped('newOnes', create.ones)
const empty = shaped('newEmpty', create.empty)

/** Zeros with the dtype and device of x. PyTorch: torch.Tensor.new_zeros. @example x.newZeros(2, 3) */
export function newZeros(x: Tensor, ...args: ShapeArgs<create.TensorOptions>): Tensor {
  return zeros(x, args)
}

/** Ones with the dtype and device of x. PyTorch: torch.Tensor.new_ones. */
export function newOnes(x: Tensor, ...args: ShapeArgs<create.TensorOptions>): Tensor {
  return ones(x, args)
}

/** Memory as it happens to be, with the dtype and device of x. PyTorch: torch.Tensor.new_empty. */
export function newEmpty(x: Tensor, ...args: ShapeArgs<create.TensorOptions>): Tensor {
  return empty(x, args)
}

/** One value everywhere, with the dtype and device of x. PyTorch: torch.Tensor.new_full. */
export function newFull(x: Tensor, shape: Dims, value: number | boolean, options?: create.TensorOptions): Tensor {
  return named('newFull', () => create.full(shape, value, like(x, create.tensorOptions.read('newFull', options))))
}

/** A copy of the data with the dtype and device of x. PyTorch: torch.Tensor.new_tensor. */
export function newTensor(
  x: Tensor,
  data: create.NestedData | ArrayBufferView,
  options?: create.TensorOptions,
): Tensor {
  return named('newTensor', () => create.tensor(data, like(x, create.tensorOptions.read('newTensor', options))))
}

/**
 * Memory as it happens to be, with such strides and the dtype and device of x. PyTorch: torch.Tensor.new_empty_strided.
 */
export function newEmptyStrided(x: Tensor, size: Dims, stride: Dims, options?: create.TensorOptions): Tensor {
  return strided('newEmptyStrided', size, stride, like(x, create.tensorOptions.read('newEmptyStrided', options)))
}
