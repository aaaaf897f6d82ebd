// What pools of one, two and three dimensions share: their options, the reading of sizes, and the calls of the native
// core, which sees by the number of sizes which one it is. The stride defaults to the kernel size, not to 1.
import { ArgumentError } from '../errors.ts'
import { native } from '../native/load.ts'
import { flag, handleOf, named, spatial } from './args.ts'
import { Options } from './options.ts'
import { shown } from './repr.ts'
import { type Tensor, wrap } from './tensor.ts'

/** The largest values; with `returnIndices` also where they were. */
export type Pooled<I extends boolean> = I extends true ? [output: Tensor, indices: Tensor] : Tensor

/** Options of `maxPool1d`, `maxPool2d`, `maxPool3d` and their layers; S is how sizes are given. */
export interface MaxPoolOptions<S, I extends boolean = boolean> {
  /** Default: the kernel size. */
  stride?: S | null
  /** Around the input, where nothing is ever the largest; at most half of the kernel, default 0. */
  padding?: S
  /** Distance of neighbours in a window, default 1. */
  dilation?: S
  /** Round the output size up instead of down. */
  ceilMode?: boolean
  /** Give `[output, indices]`: where the largest values were, as positions in the plane, int64. */
  returnIndices?: I
}

/** Options of `avgPool1d`. */
export interface AvgPoolOptions<S> {
  /** Default: the kernel size. */
  stride?: S | null
  /** Zeros around the input, at most half of the kernel, default 0. */
  padding?: S
  /** Round the output size up instead of down. */
  ceilMode?: boolean
  /** Whether zeros of the padding count where the sum is divided, default true. */
  countIncludePad?: boolean
}

/** Options of `avgPool2d` and `avgPool3d`. */
export interface AvgPoolDivisorOptions<S> extends AvgPoolOptions<S> {
  /** What sums are divided by, in place of the number of elements. */
  divisorOverride?: number | null
}

/** @internal */
export const maxPoolOptions = new Options<MaxPoolOptions<unknown>>({
  stride: true,
  padding: true,
  dilation: true,
  ceilMode: true,
  returnIndices: true,
})

/** @internal */
export const avgPoolOptions = new Options<AvgPoolOptions<unknown>>({
  stride: true,
  padding: true,
  ceilMode: true,
  countIncludePad: true,
})

/** @internal */
export const avgPoolDivisorOptions = new Options<AvgPoolDivisorOptions<unknown>>({
  stride: true,
  padding: true,
  ceilMode: true,
  countIncludePad: true,
  divisorOverride: true,
})

/**
 * A size for each of `dims` dimensions; as in PyTorch an array of one is for all of them too.
 * @throws ArgumentError
 * @internal
 */
export function poolSizes(what: string, value: unknown, dims: number): number[] {
  const sizes = Array.isArray(value) && value.length === 1 ? value[0] : value
  return spatial(what, sizes as number, dims) as number[]
}

/** The stride, which may be left out in several ways. @internal */
export function poolStride(op: string, stride: unknown, kernel: number[]): number[] {
  const isGiven = stride != null && !(Array.isArray(stride) && stride.length === 0)
  return isGiven ? poolSizes(`${op}: stride`, stride, kernel.length) : kernel
}

/** What a max pool gives. @internal */
export function pooled<I extends boolean>(
  op: string,
  dims: number,
  x: Tensor,
  kernelSize: unknown,
  given: MaxPoolOptions<unknown>,
): Pooled<I> {
  const kernel = poolSizes(`${op}: kernelSize`, kernelSize, dims)
  const rest = [
    poolStride(op, given.stride, kernel),
    poolSizes(`${op}: padding`, given.padding ?? 0, dims),
    poolSizes(`${op}: dilation`, given.dilation ?? 1, dims),
    given.ceilMode ?? false,
  ] as const
  const handle = handleOf(op, x)
  if (!flag(`${op}: returnIndices`, given.returnIndices ?? false)) {
    return wrap(named(op, () => native.maxPool(handle, kernel, ...rest))) as Pooled<I>
  }
  const [output, indices] = named(op, () => native.maxPoolWithIndices(handle, kernel, ...rest))
  return [wrap(output), wrap(indices)] as Pooled<I>
}

/** What an average pool gives. @internal */
export function averaged(
  op: string,
  dims: number,
  x: Tensor,
  kernelSize: unknown,
  given: AvgPoolDivisorOptions<unknown>,
): Tensor {
  const kernel = poolSizes(`${op}: kernelSize`, kernelSize, dims)
  const divisor = given.divisorOverride ?? null
  if (divisor !== null && !Number.isSafeInteger(divisor)) {
    throw new ArgumentError(`${op}: divisorOverride must be an integer, got ${shown(divisor)}`)
  }
  const rest = [
    poolStride(op, given.stride, kernel),
    poolSizes(`${op}: padding`, given.padding ?? 0, dims),
    given.ceilMode ?? false,
    given.countIncludePad ?? true,
    divisor,
  ] as const
  const handle = handleOf(op, x)
  return wrap(named(op, () => native.avgPool(handle, kernel, ...rest)))
}

/** Means of windows that share the last dimensions out. @internal */
export function adaptiveAveraged(op: string, x: Tensor, outputSize: number[]): Tensor {
  const handle = handleOf(op, x)
  return wrap(named(op, () => native.adaptiveAvgPool(handle, outputSize)))
}
