// Pooling of images, (N, C, H, W), a function only. The stride defaults to the kernel size, not to 1.
import { native } from '../../native/load.ts'
import { flag, handleOf, type Pair, pair } from '../args.ts'
import { type MaxPool2dFunctionOptions, type MaxPool2dOptions, maxPool2dFunctionOptions } from '../pool-options.ts'
import { atMost } from '../refuse.ts'
import { type Tensor, wrap } from '../tensor.ts'

export type { MaxPool2dFunctionOptions, MaxPool2dOptions }

type WithIndices = MaxPool2dFunctionOptions<true> & { returnIndices: true }

/**
 * Largest value of each window, and with `returnIndices` where it was: its position in the plane, int64. PyTorch:
 * torch.nn.functional.max_pool2d. A dilated window can lie wholly in the padding: it gives -infinity and the position
 * -1, and takes no gradient, where PyTorch's goes to a pixel outside the window.
 * @throws ShapeError when the window does not fit
 * @example maxPool2d(randn(1, 6, 28, 28), 2).shape // [1, 6, 14, 14]
 * @example const [y, indices] = maxPool2d(x, 2, { returnIndices: true })
 */
export function maxPool2d(
  x: Tensor,
  kernelSize: Pair,
  stride?: Pair | MaxPool2dFunctionOptions<false>,
  options?: MaxPool2dFunctionOptions<false>,
): Tensor
export function maxPool2d(x: Tensor, kernelSize: Pair, options: WithIndices): [output: Tensor, indices: Tensor]
export function maxPool2d(
  x: Tensor,
  kernelSize: Pair,
  stride: Pair,
  options: WithIndices,
): [output: Tensor, indices: Tensor]
export function maxPool2d(
  x: Tensor,
  kernelSize: Pair,
  stride?: Pair | MaxPool2dFunctionOptions,
  options?: MaxPool2dFunctionOptions,
): Tensor | [output: Tensor, indices: Tensor] {
  atMost('maxPool2d', 4, arguments.length)
  const given = maxPool2dFunctionOptions.readFirst('maxPool2d', stride, options)
  const kernel = pair('maxPool2d: kernelSize', kernelSize)
  const step = pair('maxPool2d: stride', given.stride ?? kernel)
  const padding = pair('maxPool2d: padding', given.padding ?? 0)
  const dilation = pair('maxPool2d: dilation', given.dilation ?? 1)
  const handle = handleOf('maxPool2d', x)
  const ceilMode = given.ceilMode ?? false
  if (!flag('maxPool2d: returnIndices', given.returnIndices ?? false)) {
    return wrap(native.maxPool2d(handle, kernel, step, padding, dilation, ceilMode))
  }
  const [output, indices] = native.maxPool2dWithIndices(handle, kernel, step, padding, dilation, ceilMode)
  return [wrap(output), wrap(indices)]
}
