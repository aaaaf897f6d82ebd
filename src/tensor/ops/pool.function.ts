// Pooling of images, (N, C, H, W), a function only. The stride defaults to the kernel size, not to 1.
import { native } from '../../native/load.ts'
import { handleOf, type Pair, pair } from '../args.ts'
import { type MaxPool2dOptions, maxPool2dOptions } from '../pool-options.ts'
import { atMost } from '../refuse.ts'
import { type Tensor, wrap } from '../tensor.ts'

export type { MaxPool2dOptions }

/**
 * Largest value of each window. PyTorch: torch.nn.functional.max_pool2d. A dilated window can lie
 * wholly in the padding: it gives -infinity, and takes no gradient, where PyTorch's goes to a pixel outside the window.
 * @throws ShapeError when the window does not fit
 * @example maxPool2d(randn(1, 6, 28, 28), 2).shape // [1, 6, 14, 14]
 */
export function maxPool2d(
  x: Tensor,
  kernelSize: Pair,
  stride?: Pair | MaxPool2dOptions,
  options?: MaxPool2dOptions,
): Tensor {
  atMost('maxPool2d', 4, arguments.length)
  const given = maxPool2dOptions.readFirst('maxPool2d', stride, options)
  const kernel = pair('maxPool2d: kernelSize', kernelSize)
  const step = pair('maxPool2d: stride', given.stride ?? kernel)
  const padding = pair('maxPool2d: padding', given.padding ?? 0)
  const dilation = pair('maxPool2d: dilation', given.dilation ?? 1)
  return wrap(native.maxPool2d(handleOf('maxPool2d', x), kernel, step, padding, dilation, given.ceilMode ?? false))
}
