// Elements in another order, copied: flipped, rolled, turned, repeated.
import { ShapeError } from '../../errors.ts'
import type { Dims } from '../../native/addon.ts'
import { native } from '../../native/load.ts'
import { checked, dims as dimsOf, handleOf, type Sizes } from '../args.ts'
import { Options } from '../options.ts'
import { atMost } from '../refuse.ts'
import { type Tensor, wrap } from '../tensor.ts'
import type { Rot90Options } from '../view-options.ts'

export type { Rot90Options }

/** The other way round along some dimensions. PyTorch: torch.flip. @throws IndexError, ArgumentError for one twice */
export function flip(x: Tensor, ...dims: Sizes): Tensor {
  return wrap(native.flip(handleOf('flip', x), dimsOf('flip', dims)))
}

function flipped(op: string, x: Tensor, dim: number): Tensor {
  const { ndim, shape } = checked(op, x)
  if (ndim > dim) return wrap(native.flip(x.handle, [dim]))
  throw new ShapeError(`${op}: expected at least ${dim + 1} dimension${dim > 0 ? 's' : ''}, got [${shape.join(', ')}]`)
}

/** Flipped along dim 1. PyTorch: torch.fliplr. @throws ShapeError for fewer than 2 dimensions */
export function fliplr(x: Tensor): Tensor {
  atMost('fliplr', 1, arguments.length)
  return flipped('fliplr', x, 1)
}

/** Flipped along dim 0. PyTorch: torch.flipud. @throws ShapeError for a 0-d tensor */
export function flipud(x: Tensor): Tensor {
  atMost('flipud', 1, arguments.length)
  return flipped('flipud', x, 0)
}

/** Options of `roll`. */
export interface RollOptions {
  /** A dimension for each shift; by default all elements are rolled in a row. */
  dims?: number | Dims
}

const rollOptions = new Options<RollOptions>({ dims: true })

const listOf = (given: number | Dims): Dims => (typeof given === 'number' ? [given] : given)

/**
 * By so many places along each dimension; what goes over the end comes in at the start. PyTorch: torch.roll.
 * @throws IndexError when there is no such dimension, ArgumentError unless there are as many shifts as dimensions
 * @example arange(4).roll(1).tolist() // [3, 0, 1, 2]
 */
export function roll(x: Tensor, shifts: number | Dims, dims?: number | Dims | RollOptions): Tensor {
  atMost('roll', 3, arguments.length)
  const along = rollOptions.readFirst('roll', dims).dims ?? []
  return wrap(native.roll(handleOf('roll', x), listOf(shifts), listOf(along)))
}

const rot90Options = new Options<Rot90Options>({ k: true, dims: true })

/**
 * Turned by 90 degrees, `k` times (default 1), from the first of two dimensions to the second. PyTorch: torch.rot90.
 * @throws ShapeError for fewer than 2 dimensions, IndexError, ArgumentError for other than two dimensions
 */
export function rot90(x: Tensor, k?: number | Rot90Options, options?: Rot90Options): Tensor {
  atMost('rot90', 3, arguments.length)
  const given = rot90Options.readFirst('rot90', k, options)
  return wrap(native.rot90(handleOf('rot90', x), given.k ?? 1, given.dims ?? [0, 1]))
}

/**
 * So many times along each dimension, of which there may be more or fewer than x has. PyTorch: torch.tile.
 * @throws ArgumentError for negative numbers
 * @example tensor([1, 2]).tile(2).tolist() // [1, 2, 1, 2]
 */
export function tile(x: Tensor, ...dims: Sizes): Tensor {
  return wrap(native.tile(handleOf('tile', x), dimsOf('tile', dims)))
}
