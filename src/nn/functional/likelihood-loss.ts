// Losses that are the likelihood of the target under a distribution, functions only. They are made of other ops.
import { ArgumentError, ShapeError } from '../../errors.ts'
import { atMost, checked, flag, full, noGrad, type Tensor, where, xlogy } from '../../tensor/index.ts'
import {
  type GaussianNllLossOptions,
  gaussianNllLossOptions,
  type KlDivOptions,
  klDivOptions,
  type PoissonNllLossOptions,
  poissonNllLossOptions,
  type Reduction,
} from './loss-options.ts'
import { reduced } from './reduced.ts'

/**
 * Negative log likelihood of targets under normal distributions with means x and variances `variance`: of x's shape,
 * with one dimension 1, without the last, or one number. PyTorch: torch.nn.functional.gaussian_nll_loss.
 * @throws ShapeError for other shapes, ArgumentError for a negative variance
 */
export function gaussianNllLoss(
  x: Tensor,
  target: Tensor,
  variance: Tensor | number,
  full?: boolean | GaussianNllLossOptions,
  options?: GaussianNllLossOptions,
): Tensor {
  const op = 'gaussianNllLoss'
  atMost('gaussianNllLoss', 5, arguments.length)
  const { full: whole = false, eps = 1e-6, reduction } = gaussianNllLossOptions.readFirst(op, full, options)
  for (const one of [x, target]) checked(op, one)
  const given = spread(op, x, variance).clone()
  noGrad(() => given.clampMin_(eps))
  const distance = x.sub(target)
  const losses = given.log().add(distance.mul(distance).div(given)).mul(0.5)
  return reduced(op, flag(op, whole) ? losses.add(0.5 * Math.log(2 * Math.PI)) : losses, reduction)
}

function spread(op: string, x: Tensor, variance: Tensor | number): Tensor {
  const given = typeof variance === 'number' ? full([...x.shape], variance, x) : variance
  checked(op, given)
  if (given.lt(0).any().item()) throw new ArgumentError(`${op}: variances must not be negative`)
  const [ours, theirs] = [x.shape, given.shape]
  if (String(ours) === String(theirs)) return given
  if (String(ours.slice(0, -1)) === String(theirs)) return given.unsqueeze(-1)
  const others = theirs.filter((size, i) => size !== ours[i])
  if (ours.length === theirs.length && others.length === 1 && others[0] === 1) return given
  throw new ShapeError(`${op}: variances [${theirs.join(', ')}] do not fit to the input [${ours.join(', ')}]`)
}

/**
 * Negative log likelihood of counts under Poisson distributions with the rates `exp(x)`, or x. PyTorch:
 * torch.nn.functional.poisson_nll_loss.
 */
export function poissonNllLoss(
  x: Tensor,
  target: Tensor,
  logInput?: boolean | PoissonNllLossOptions,
  options?: PoissonNllLossOptions,
): Tensor {
  const op = 'poissonNllLoss'
  atMost('poissonNllLoss', 4, arguments.length)
  const given = poissonNllLossOptions.readFirst(op, logInput, options)
  const { logInput: logarithms = true, full: whole = false, eps = 1e-8, reduction } = given
  for (const one of [x, target]) checked(op, one)
  const losses = flag(op, logarithms) ? x.exp().sub(target.mul(x)) : x.sub(target.mul(x.add(eps).log()))
  if (!flag(op, whole)) return reduced(op, losses, reduction)
  const stirling = target
    .mul(target.log())
    .sub(target)
    .add(
      target
        .mul(2 * Math.PI)
        .log()
        .mul(0.5),
    )
  return reduced(op, losses.add(where(target.le(1), 0, stirling)), reduction)
}

/**
 * Kullback-Leibler divergence of the target from x, which is given as logarithms. PyTorch: torch.nn.functional.kl_div.
 */
export function klDiv(
  x: Tensor,
  target: Tensor,
  reduction?: Reduction | 'batchmean' | KlDivOptions,
  options?: KlDivOptions,
): Tensor {
  const op = 'klDiv'
  atMost('klDiv', 4, arguments.length)
  const { reduction: how = 'mean', logTarget = false } = klDivOptions.readFirst(op, reduction, options)
  for (const one of [x, target]) checked(op, one)
  const losses = flag(op, logTarget) ? target.exp().mul(target.sub(x)) : xlogy(target, target).sub(target.mul(x))
  if (how !== 'batchmean') return reduced(op, losses, how)
  return x.dim() === 0 ? losses.sum() : losses.sum().div(x.size(0))
}
