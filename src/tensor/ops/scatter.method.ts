// What scatter.ts has, in place: methods only, which are recorded.
import { native } from '../../native/load.ts'
import { handleOf } from '../args.ts'
import { filling } from '../elementwise-options.ts'
import {
  type Gathering,
  type IncludeSelfOptions,
  includesSelf,
  mergeOf,
  type ScatterOptions,
} from '../index-options.ts'
import type { Tensor } from '../tensor.ts'

/** `scatter` in place. PyTorch: torch.Tensor.scatter_. @throws IndexError, ShapeError, DTypeError */
export function scatter_(
  x: Tensor,
  dim: number,
  index: Tensor,
  src: Tensor | number | boolean,
  options?: ScatterOptions,
): Tensor {
  const merge = mergeOf('scatter_', options)
  native.scatter_(x.handle, dim, handleOf('scatter_', index), filling('scatter_', x, src), merge)
  return x
}

/** `scatterAdd` in place. PyTorch: torch.Tensor.scatter_add_. @throws IndexError, ShapeError, DTypeError */
export function scatterAdd_(x: Tensor, dim: number, index: Tensor, src: Tensor): Tensor {
  native.scatterAdd_(x.handle, dim, handleOf('scatterAdd_', index), handleOf('scatterAdd_', src))
  return x
}

/** `scatterReduce` in place. PyTorch: torch.Tensor.scatter_reduce_. @throws IndexError, ShapeError, DTypeError */
export function scatterReduce_(
  x: Tensor,
  dim: number,
  index: Tensor,
  src: Tensor,
  reduce: Gathering,
  options?: IncludeSelfOptions,
): Tensor {
  const [at, elements] = [handleOf('scatterReduce_', index), handleOf('scatterReduce_', src)]
  native.scatterReduce_(x.handle, dim, at, elements, reduce, includesSelf('scatterReduce_', options))
  return x
}
