// Functions of square matrices, and of each of a batch of them.
import { DTypeError } from '../../errors.ts'
import { isFloatingPoint } from '../dtype.ts'
import { matrixPowerOf, square } from '../matrix-power.ts'
import { atMost } from '../refuse.ts'
import type { Tensor } from '../tensor.ts'

/**
 * A matrix, or each of a batch, to an integer power; of negative ones of the inverse. PyTorch: torch.matrix_power.
 * @throws ShapeError unless matrices are square, ArgumentError
 */
export function matrixPower(x: Tensor, n: number): Tensor {
  atMost('matrixPower', 2, arguments.length)
  return matrixPowerOf('matrixPower', x, n)
}

/**
 * The exponential of a matrix, or of each of a batch. By its Taylor series of degree 18, of the matrix halved until its
 * norm is small; the result is squared as often. PyTorch: torch.matrix_exp.
 * @throws ShapeError unless matrices are square, DTypeError for integers
 */
export function matrixExp(x: Tensor): Tensor {
  atMost('matrixExp', 1, arguments.length)
  square('matrixExp', x)
  if (!isFloatingPoint(x.dtype)) throw new DTypeError(`matrixExp: not implemented for ${x.dtype}`)
  // Squaring doubles errors, so it is done in float64.
  return x.dtype === 'float64' ? exponential(x) : exponential(x.to('float64')).to(x.dtype)
}

function exponential(x: Tensor): Tensor {
  if (x.numel() === 0) return x.clone()
  const norm = x.detach().abs().sum(-2).max().item()
  const halvings = Number.isFinite(norm) && norm > 1 ? Math.ceil(Math.log2(norm)) : 0
  const a = halvings === 0 ? x : x.mul(0.5 ** halvings)
  const one = x
    .newOnes(x.size(-1))
    .diagEmbed()
    .expand(...x.shape)
  // Groups of four terms, by Horner's rule in the fourth power: seven products in all.
  const powers = [one, a]
  for (let i = 2; i <= 4; i++) powers.push(powers[i - 1]!.matmul(a))
  const factor = factorials()
  const group = (first: number) =>
    powers.slice(0, 4).reduce<Tensor | undefined>((sum, power, i) => {
      const term = first + i <= 18 ? power.mul(factor[first + i]!) : undefined
      return sum === undefined || term === undefined ? (sum ?? term) : sum.add(term)
    }, undefined)!
  let result = group(16)
  for (let first = 12; first >= 0; first -= 4) result = result.matmul(powers[4]!).add(group(first))
  for (let i = 0; i < halvings; i++) result = result.matmul(result)
  return result
}

/** 1 / k! up to 18. */
function factorials(): number[] {
  const factors = [1]
  for (let k = 1; k <= 18; k++) factors.push(factors[k - 1]! / k)
  return factors
}
