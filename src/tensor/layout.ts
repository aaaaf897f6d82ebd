// Tensors whose place in memory is chosen: by strides, or by the order of dimensions.
import { ShapeError } from '../errors.ts'
import type { Dims } from '../native/addon.ts'
import { native } from '../native/load.ts'
import { checkSizes, named } from './args.ts'
import { type TensorOptions, tensorOptions } from './create.ts'
import { deviceCode } from './device.ts'
import { dtypeCode } from './dtype.ts'
import { atMost } from './refuse.ts'
import { type Tensor, wrap } from './tensor.ts'

/** @internal */
export function strided(op: string, size: Dims, stride: Dims, options: TensorOptions): Tensor {
  checkSizes(op, size)
  checkSizes(op, stride)
  if (size.length !== stride.length) {
    throw new ShapeError(`${op}: there are ${size.length} sizes and ${stride.length} strides`)
  }
  const count = size.includes(0) ? 0 : size.reduce((last, n, i) => last + (n - 1) * stride[i]!, 1)
  const dtype = dtypeCode(op, options.dtype ?? 'float32')
  const memory = named(op, () => native.empty([count], dtype, deviceCode(op, options.device)))
  const x = wrap(native.viewStorage(memory, 0, dtype, size, stride))
  return options.requiresGrad ? named(op, () => x.requiresGrad_()) : x
}

/**
 * Memory as it happens to be, with the elements of dimension i `stride[i]` apart. PyTorch: torch.empty_strided.
 * @throws ShapeError for negative numbers, or unless there are as many strides as sizes
 * @example emptyStrided([2, 3], [1, 2]) // column by column
 */
export function emptyStrided(size: Dims, stride: Dims, options?: TensorOptions): Tensor {
  atMost('emptyStrided', 3, arguments.length)
  return strided('emptyStrided', size, stride, tensorOptions.read('emptyStrided', options))
}

/**
 * Memory as it happens to be, dense, with the dimensions in that order from the outermost. PyTorch:
 * torch.empty_permuted.
 * @throws ShapeError unless the order names each dimension once
 * @example emptyPermuted([8, 3, 32, 32], [0, 2, 3, 1]) // channels last
 */
export function emptyPermuted(size: Dims, physicalLayout: Dims, options?: TensorOptions): Tensor {
  atMost('emptyPermuted', 3, arguments.length)
  const given = tensorOptions.read('emptyPermuted', options)
  checkSizes('emptyPermuted', size)
  checkSizes('emptyPermuted', physicalLayout)
  const stride: number[] = []
  let step = 1
  for (const dim of [...physicalLayout].reverse()) {
    if (stride[dim] !== undefined || !(dim < size.length)) break
    stride[dim] = step
    step *= Math.max(size[dim]!, 1)
  }
  if (physicalLayout.length !== size.length || Object.keys(stride).length !== size.length) {
    throw new ShapeError(
      `emptyPermuted: the order [${physicalLayout.join(', ')}] must name each of the ${size.length} dimensions once`,
    )
  }
  return strided('emptyPermuted', size, stride, given)
}
