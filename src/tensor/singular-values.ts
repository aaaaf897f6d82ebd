// Singular values of matrices in any two dimensions, for norms.
import { native } from '../native/load.ts'
import { handleOf } from './args.ts'
import { type Tensor, wrap } from './tensor.ts'

/** Those of the matrices whose rows and columns are two dimensions of x, counted from 0. @internal */
export function singularValues(op: string, x: Tensor, dims: readonly [number, number]): Tensor {
  const handle = handleOf(op, x)
  const others = [...x.shape.keys()].filter(dim => !dims.includes(dim))
  return wrap(native.svdvals(native.permute(handle, [...others, ...dims])))
}
