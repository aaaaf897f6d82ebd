// Powers of matrices, for `matrixPower` and `linalg.matrixPower`: by squaring, of the inverse where they are negative.

import { ArgumentError, ShapeError } from '../errors.ts'
import { checked } from './args.ts'
import { tensor } from './create.ts'
import { inverse } from './ops/linalg.ts'
import { where } from './ops/select.function.ts'
import { shown } from './repr.ts'
import type { Tensor } from './tensor.ts'

/** @throws ShapeError unless matrices are square, ArgumentError for no integer, LinAlgError for want of an inverse */
export function matrixPowerOf(op: string, x: Tensor, n: number): Tensor {
  square(op, x)
  if (!Number.isInteger(n)) throw new ArgumentError(`${op}: the power must be an integer, got ${shown(n)}`)
  if (n < 0) return matrixPowerOf(op, inverse(x), -n)
  let [result, squared]: [Tensor | undefined, Tensor] = [undefined, x]
  for (let left = n; left > 0; left = Math.floor(left / 2)) {
    if (left % 2 === 1) result = result === undefined ? squared : result.matmul(squared)
    if (left > 1) squared = squared.matmul(squared)
  }
  if (n === 1) return x.clone()
  if (result !== undefined) return result
  const identity = x.newOnes(x.size(-1)).diagEmbed()
  return where(tensor(true, { device: x.device }), identity, x) // x has a gradient, which is 0
}

/** @throws ShapeError unless the last two dimensions have one size */
export function square(op: string, x: Tensor): void {
  if (checked(op, x).ndim < 2 || x.size(-1) !== x.size(-2))
    throw new ShapeError(`${op}: expected square matrices (…, n, n), got [${x.shape.join(', ')}]`)
}
