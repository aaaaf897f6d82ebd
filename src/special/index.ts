// Special functions: the error function and the normal distribution. PyTorch: torch.special. `import { special } from
// 'dtrain'`. Those that PyTorch has in torch too are there as well.
import { native } from '../native/load.ts'
import { atMost, handleOf, type Tensor, wrap } from '../tensor/index.ts'

export { erf, erfc, exp2, expm1, log1p } from '../tensor/index.ts'

/**
 * `exp(x²) erfc(x)`, also where neither factor can be represented; integers give float32. PyTorch:
 * torch.special.erfcx.
 * @throws DTypeError for halves
 */
export function erfcx(x: Tensor): Tensor {
  atMost('erfcx', 1, arguments.length)
  return wrap(native.erfcx(handleOf('erfcx', x)))
}

/**
 * How likely a number of the standard normal distribution is below x; integers give float32. It keeps its precision in
 * both tails. PyTorch: torch.special.ndtr.
 */
export function ndtr(x: Tensor): Tensor {
  atMost('ndtr', 1, arguments.length)
  return wrap(native.ndtr(handleOf('ndtr', x)))
}

/**
 * The logarithm of `ndtr`, also where that would be 0; integers give float32. PyTorch: torch.special.log_ndtr.
 * @throws DTypeError for halves
 */
export function logNdtr(x: Tensor): Tensor {
  atMost('logNdtr', 1, arguments.length)
  return wrap(native.logNdtr(handleOf('logNdtr', x)))
}
