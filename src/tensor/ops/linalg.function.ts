// Linear algebra that PyTorch has as functions only.
import { native } from '../../native/load.ts'
import { flag, handleOf } from '../args.ts'
import { Options } from '../options.ts'
import { atMost } from '../refuse.ts'
import { type Tensor, wrap } from '../tensor.ts'

/** Options of `luUnpack`. */
export interface LuUnpackOptions {
  /** Whether L and U are wanted; default true. */
  unpackData?: boolean
  /** Whether P is wanted; default true. */
  unpackPivots?: boolean
}

const luUnpackOptions = new Options<LuUnpackOptions>({ unpackData: true, unpackPivots: true })

/**
 * P, L and U of what `linalg.luFactor` gives; what is not wanted is empty. PyTorch: torch.lu_unpack.
 * @throws ShapeError when the pivots do not fit, ArgumentError when they are none, DTypeError
 */
export function luUnpack(
  lu: Tensor,
  pivots: Tensor,
  unpackData?: boolean | LuUnpackOptions,
  options?: LuUnpackOptions,
): [p: Tensor, l: Tensor, u: Tensor] {
  const op = 'luUnpack'
  atMost('luUnpack', 4, arguments.length)
  const given = luUnpackOptions.readFirst(op, unpackData, options)
  const data = flag(`${op}: unpackData`, given.unpackData ?? true)
  const parts = native.luUnpack(
    handleOf(op, lu),
    handleOf(op, pivots),
    data,
    flag(`${op}: unpackPivots`, given.unpackPivots ?? true),
  )
  return parts.map(wrap) as [Tensor, Tensor, Tensor]
}
