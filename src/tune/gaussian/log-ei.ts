// The logarithm of the expected improvement, as Ament et al. (2023) compute it: the expectation itself is 0 in most of
// the space, and its gradient too.
import { erfcx, ndtr } from '../../special/index.ts'
import { log1p, type Tensor, where } from '../../tensor/index.ts'

const logRootTwoPi = Math.log(2 * Math.PI) / 2
/** Below this the series of the tail is exact, and the difference is not any more. */
const far = -1000

/** log(φ(z) + z Φ(z)): of the improvement below 0 of a normal variable around -z, with the deviation 1. */
export function logImprovement(z: Tensor): Tensor {
  const near = z.clampMin(-1)
  const above = near
    .square()
    .div(-2)
    .sub(logRootTwoPi)
    .exp()
    .add(near.mul(ndtr(near)))
    .log()
  // 1 + z Φ(z) / φ(z), in the tail with Mills' ratio.
  const tail = z.clamp(far, { max: -1 })
  const ratio = erfcx(tail.div(-Math.SQRT2)).mul(Math.sqrt(Math.PI / 2))
  const middle = log1p(tail.mul(ratio))
  const least = z.clampMax(far)
  const end = least.square().reciprocal().mul(-3).sub(least.neg().log().mul(2))
  const below = z
    .clampMax(-1)
    .square()
    .div(-2)
    .sub(logRootTwoPi)
    .add(where(z.lt(far), end, middle))
  return where(z.lt(-1), below, above)
}

/** Of the improvement on the least value so far by a normal variable. */
export function logExpectedImprovement(mean: Tensor, variance: Tensor, least: number): Tensor {
  const deviation = variance.clampMin(1e-20).sqrt()
  return logImprovement(mean.neg().add(least).div(deviation)).add(deviation.log())
}
