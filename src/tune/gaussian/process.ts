// A Gaussian process: a constant mean, a Matérn 5/2 kernel with a lengthscale for each feature, and noise that is
// known, or learnt where it is not. All is float64. Of the Cholesky factor L of the covariances two solutions are
// enough: L⁻¹(y - mean), and L⁻¹k for the covariances k with new places.
import { cholesky, choleskyEx, solveTriangular } from '../../linalg/index.ts'
import { diagEmbed, type Tensor } from '../../tensor/index.ts'

/** What has been measured: n rows of d features, and for each a number. */
export interface Data {
  readonly x: Tensor
  readonly y: Tensor
  /** Variances of the noise that are known. */
  readonly known: Tensor
  /** 1 where noise is to be learnt that comes to it; otherwise 0. */
  readonly unknown: Tensor
}

/** Natural logarithms, but for the mean. */
export interface Hyperparameters {
  readonly lengthscales: Tensor
  /** Of the function's variance. */
  readonly scale: Tensor
  readonly mean: Tensor
  /** Of the variance of the noise that is to be learnt. */
  readonly noise: Tensor
}

/** Squared differences of the features of m rows and of n rows: (m, n, d). */
export function squaredDifferences(a: Tensor, b: Tensor): Tensor {
  return a.unsqueeze(1).sub(b.unsqueeze(0)).square()
}

function matern(differences: Tensor, { lengthscales, scale }: Hyperparameters): Tensor {
  // At 0 a root has no derivative; that of the kernel is 0.
  const distances = differences.matmul(lengthscales.mul(-2).exp()).mul(5).clampMin(1e-30).sqrt()
  return distances.square().div(3).add(distances).add(1).mul(scale.sub(distances).exp())
}

/** What may be added to the diagonal, in parts of it, where rounding has left a matrix that has no factor. */
const jitters = [1e-10, 1e-8, 1e-6]

/** @throws LinAlgError when it takes more than that */
function factor(covariances: Tensor): Tensor {
  const [l, info] = choleskyEx(covariances)
  if (info.item() === 0) return l
  const diagonal = covariances.diagonal().detach()
  const raised = (jitter: number) => covariances.add(diagEmbed(diagonal.mul(jitter)))
  for (const jitter of jitters) {
    const [l, info] = choleskyEx(raised(jitter))
    if (info.item() === 0) return l
  }
  return cholesky(raised(1e-4))
}

export class GaussianProcess {
  readonly data: Data
  readonly hyperparameters: Hyperparameters
  readonly #l: Tensor
  /** L⁻¹(y - mean), a column. */
  readonly #whitened: Tensor

  /**
   * `differences` are those of the data with itself.
   * @throws LinAlgError for noise that is next to none beside the rest
   */
  constructor(data: Data, hyperparameters: Hyperparameters, differences = squaredDifferences(data.x, data.x)) {
    this.data = data
    this.hyperparameters = hyperparameters
    const noise = data.unknown.mul(hyperparameters.noise.exp()).add(data.known)
    this.#l = factor(matern(differences, hyperparameters).add(diagEmbed(noise)))
    const residuals = data.y.sub(hyperparameters.mean).unsqueeze(1)
    this.#whitened = solveTriangular(this.#l, residuals, { upper: false })
  }

  /** Logarithm of the density of the data. */
  logLikelihood(): Tensor {
    const halfSquare = this.#whitened.square().sum().div(2)
    const halfDeterminant = this.#l.diagonal().log().sum()
    return halfSquare
      .add(halfDeterminant)
      .neg()
      .sub((this.data.y.numel() / 2) * Math.log(2 * Math.PI))
  }

  /** Mean and variance of the function, without noise, at m rows of features. */
  predict(x: Tensor): [mean: Tensor, variance: Tensor] {
    const covariances = matern(squaredDifferences(this.data.x, x), this.hyperparameters)
    const solved = solveTriangular(this.#l, covariances, { upper: false })
    const mean = solved.mul(this.#whitened).sum(0).add(this.hyperparameters.mean)
    return [mean, this.hyperparameters.scale.exp().sub(solved.square().sum(0))]
  }
}
