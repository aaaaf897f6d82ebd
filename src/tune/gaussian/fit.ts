// Hyperparameters of a Gaussian process: those that are most likely after the data, by L-BFGS from the better of two
// starts. The priors are weak, and keep few trials from saying too much: that of the lengthscales is BoTorch's, which
// grows with the square root of the number of features, as distances in the cube do.
import { LinAlgError } from '../../errors.ts'
import { LBFGS } from '../../optim/index.ts'
import { full, noGrad, type Tensor, tidy } from '../../tensor/index.ts'
import { type Data, GaussianProcess, type Hyperparameters, squaredDifferences } from './process.ts'

/** The mode and the width of a normal distribution of a logarithm. */
interface Prior {
  mode: number
  width: number
}

/** For d features. */
const lengthscalePrior = (d: number): Prior => ({ mode: Math.SQRT2 - 3 + Math.log(d) / 2, width: Math.sqrt(3) })
const scalePrior: Prior = { mode: 0, width: 1 }
/** Most searches have little noise: a hundredth of the deviation of the data, or a factor of 20 less or more. */
const noisePrior: Prior = { mode: Math.log(1e-4), width: 3 }

/** Logarithm of the prior's density, up to a constant. */
function logPrior({ lengthscales, scale, noise }: Hyperparameters): Tensor {
  const term = (x: Tensor, { mode, width }: Prior) => x.sub(mode).div(width).square().sum().div(-2)
  return term(lengthscales, lengthscalePrior(lengthscales.numel()))
    .add(term(scale, scalePrior))
    .add(term(noise, noisePrior))
}

const settings = {
  lineSearchFn: 'strong_wolfe',
  maxIter: 30,
  toleranceGrad: 1e-3,
  toleranceChange: 1e-5,
  historySize: 20,
} as const

/** The process with the most likely hyperparameters of data whose mean is about 0 and whose variance about 1. */
export function mostLikely(data: Data): GaussianProcess {
  const d = data.x.size(1)
  const differences = squaredDifferences(data.x, data.x)
  const start = (lengthscale: number, noise: number): Hyperparameters => {
    const leaf = (shape: number[], value: number) => full(shape, value, { dtype: 'float64', requiresGrad: true })
    return { lengthscales: leaf([d], lengthscale), scale: leaf([], 0), mean: leaf([], 0), noise: leaf([], noise) }
  }
  // A rough function with the noise of the prior, and a smooth one with next to none: uphill from the better one.
  const rough = start(lengthscalePrior(d).mode, noisePrior.mode)
  const smooth = start(0, noisePrior.mode - noisePrior.width)
  const loss = (hyperparameters: Hyperparameters) => {
    const process = new GaussianProcess(data, hyperparameters, differences)
    return process.logLikelihood().add(logPrior(hyperparameters)).neg()
  }
  const lossOf = (hyperparameters: Hyperparameters) => noGrad(() => tidy(() => loss(hyperparameters).item()))
  const found = lossOf(smooth) < lossOf(rough) ? smooth : rough
  minimize(() => loss(found), Object.values(found))
  return new GaussianProcess(data, found, differences)
}

/** Where the line search goes too far it finds infinity, and comes back. */
function minimize(loss: () => Tensor, parameters: Tensor[]): void {
  const optimizer = new LBFGS(parameters, settings)
  const evaluate = () => {
    optimizer.zeroGrad()
    try {
      const value = loss()
      value.backward()
      return Number.isFinite(value.item()) ? value.item() : Number.POSITIVE_INFINITY
    } catch (error) {
      if (error instanceof LinAlgError) return Number.POSITIVE_INFINITY
      throw error
    }
  }
  optimizer.step(() => tidy(evaluate))
  for (const parameter of parameters) parameter.requiresGrad = false
}
