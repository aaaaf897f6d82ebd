// Activations that let a part of x through, between nothing and all of it; functions only.
import { ArgumentError, ShapeError } from '../../errors.ts'
import { native } from '../../native/load.ts'
import {
  atMost,
  checked,
  chunk,
  type DType,
  handleOf,
  type InplaceOptions,
  isInplace,
  mul,
  neg,
  Options,
  shown,
  sigmoid,
  softmax,
  type Tensor,
  wrap,
} from '../../tensor/index.ts'
import { type GluOptions, gluOptions } from './activation-options.ts'

export type { GluOptions }

type Gate = 'hardsigmoid' | 'hardswish' | 'mish'

function gate(op: Gate, x: Tensor, inplace?: boolean | InplaceOptions): Tensor {
  const writes = isInplace(op, inplace)
  const handle = handleOf(op, x)
  if (!writes) return wrap(native[op](handle))
  native[`${op}_`](handle)
  return x
}

/**
 * `(x + 3) / 6`, between 0 and 1: sigmoid of straight lines. PyTorch: torch.nn.functional.hardsigmoid.
 * @throws DTypeError for integers
 */
export function hardsigmoid(x: Tensor, inplace?: boolean | InplaceOptions): Tensor {
  atMost('hardsigmoid', 2, arguments.length)
  return gate('hardsigmoid', x, inplace)
}

/**
 * `x * hardsigmoid(x)`, of MobileNetV3. PyTorch: torch.nn.functional.hardswish.
 * Source: https://arxiv.org/abs/1905.02244.
 * @throws DTypeError for integers
 */
export function hardswish(x: Tensor, inplace?: boolean | InplaceOptions): Tensor {
  atMost('hardswish', 2, arguments.length)
  return gate('hardswish', x, inplace)
}

/**
 * `x * tanh(softplus(x))`. PyTorch: torch.nn.functional.mish. Source: https://arxiv.org/abs/1908.08681.
 * @throws DTypeError for integers
 */
export function mish(x: Tensor, inplace?: boolean | InplaceOptions): Tensor {
  atMost('mish', 2, arguments.length)
  return gate('mish', x, inplace)
}

/**
 * `a * sigmoid(b)` of the two halves of x along a dimension. PyTorch: torch.nn.functional.glu.
 * Source: https://arxiv.org/abs/1612.08083.
 * @throws ShapeError when the dimension has no two halves, DTypeError for integers
 */
export function glu(x: Tensor, dim?: number | GluOptions): Tensor {
  atMost('glu', 2, arguments.length)
  const { dim: along = -1 } = gluOptions.readFirst('glu', dim)
  checked('glu', x)
  if (x.dim() === 0) throw new ShapeError('glu: expected a tensor with at least one dimension, got a 0-d one')
  const size = x.size(along)
  if (size % 2 !== 0)
    throw new ShapeError(`glu: expected an even size, to halve it, got ${shown(size)} in dim ${along}`)
  const [a, b] = chunk(x, 2, along)
  return mul(a!, sigmoid(b!))
}

/** Options of `softmin`. */
export interface SoftminOptions {
  /** The dimension along which results add up to 1. */
  dim?: number
  /** Cast to this dtype first. */
  dtype?: DType
}

const softminOptions = new Options<SoftminOptions>({ dim: true, dtype: true })

/**
 * `softmax(-x)` along a dimension, which has to be given. PyTorch: torch.nn.functional.softmin.
 * @throws ArgumentError without `dim`, IndexError when there is none such, DTypeError for integers without `dtype`
 */
export function softmin(x: Tensor, dim?: number | SoftminOptions, options?: SoftminOptions): Tensor {
  atMost('softmin', 3, arguments.length)
  const { dim: along, dtype } = softminOptions.readFirst('softmin', dim, options)
  if (along === undefined) throw new ArgumentError('softmin: say along which dimension, for example { dim: 1 }')
  return softmax(neg(x), along, { dtype })
}
