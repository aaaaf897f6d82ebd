// Running results in place, which are recorded as out of place.
import { DTypeError } from '../../errors.ts'
import { native } from '../../native/load.ts'
import type { DType } from '../dtype.ts'
import { type CumsumOptions, cumsumOptions } from '../reduce-options.ts'
import { shown } from '../repr.ts'
import type { Tensor } from '../tensor.ts'

function into(name: 'cumsum_' | 'cumprod_', x: Tensor, dim: number, dtype?: DType | CumsumOptions): Tensor {
  const given = cumsumOptions.readFirst(name, dtype)
  if (given.dtype !== undefined && given.dtype !== x.dtype) {
    throw new DTypeError(`${name}: a ${x.dtype} tensor cannot become ${shown(given.dtype)} in place`)
  }
  native[name](x.handle, dim)
  return x
}

/** `cumsum` over x itself. PyTorch: torch.Tensor.cumsum_. @throws as `cumsum` */
export function cumsum_(x: Tensor, dim: number, dtype?: DType | CumsumOptions): Tensor {
  return into('cumsum_', x, dim, dtype)
}

/** `cumprod` over x itself. PyTorch: torch.Tensor.cumprod_. @throws as `cumprod` */
export function cumprod_(x: Tensor, dim: number, dtype?: DType | CumsumOptions): Tensor {
  return into('cumprod_', x, dim, dtype)
}
