// Windows of images as columns, and columns added up in images.
import { native } from '../../native/load.ts'
import { atMost, handleOf, named, Options, type Pair, pair, type Tensor, wrap } from '../../tensor/index.ts'

/** Options of `unfold` and `fold`: of each, a number or `[height, width]`. */
export interface FoldOptions {
  /** Default 1. */
  dilation?: Pair
  /** Zeros around the image, default 0. */
  padding?: Pair
  /** Default 1. */
  stride?: Pair
}

/** @internal */
export const foldOptions = new Options<FoldOptions>({ dilation: true, padding: true, stride: true })

function read(op: string, dilation: Pair | undefined | FoldOptions, options: FoldOptions | undefined) {
  const given = foldOptions.readFirst(op, dilation, options)
  return [
    pair(`${op}: dilation`, given.dilation ?? 1),
    pair(`${op}: padding`, given.padding ?? 0),
    pair(`${op}: stride`, given.stride ?? 1),
  ] as const
}

/**
 * The windows of images as columns: (N, C, H, W) to (N, C × kernel, windows). PyTorch: torch.nn.functional.unfold.
 * @throws ShapeError when the kernel is larger than the padded image
 * @example unfold(randn(1, 3, 10, 12), [4, 5]).shape // [1, 60, 56]
 */
export function unfold(x: Tensor, kernelSize: Pair, dilation?: Pair | FoldOptions, options?: FoldOptions): Tensor {
  atMost('unfold', 4, arguments.length)
  const given = read('unfold', dilation, options)
  const kernel = pair('unfold: kernelSize', kernelSize)
  return named('unfold', () => wrap(native.im2col(handleOf('unfold', x), kernel, ...given)))
}

/**
 * Columns added up in images of a size: (N, C × kernel, windows) to (N, C, H, W). PyTorch: torch.nn.functional.fold.
 * @throws ShapeError when there are more columns or fewer than windows
 */
export function fold(
  x: Tensor,
  outputSize: Pair,
  kernelSize: Pair,
  dilation?: Pair | FoldOptions,
  options?: FoldOptions,
): Tensor {
  atMost('fold', 5, arguments.length)
  const given = read('fold', dilation, options)
  const size = pair('fold: outputSize', outputSize)
  const kernel = pair('fold: kernelSize', kernelSize)
  return named('fold', () => wrap(native.col2im(handleOf('fold', x), size, kernel, ...given)))
}
