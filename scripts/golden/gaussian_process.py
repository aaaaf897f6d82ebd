# A Gaussian process by its definition, in NumPy and float64: posterior mean and variance, logarithm of the likelihood,
# and the gradient of that by the formula with the inverse of the covariances, none of which dtrain uses.
import mpmath
import numpy as np

from values import write

random = np.random.RandomState(0)


def covariances(a, b, lengthscales, scale):
    differences = (a[:, None] - b[None]) / lengthscales
    r = np.sqrt(5 * (differences**2).sum(-1))
    return scale * (1 + r + r**2 / 3) * np.exp(-r)


def case(n, d, m):
    x, places = random.rand(n, d), random.rand(m, d)
    y = np.sin(5 * x).sum(1) + 0.1 * random.randn(n)
    unknown = (np.arange(n) % 3 > 0).astype(float)
    known = (1 - unknown) * 0.01 * random.rand(n) + 1e-8
    lengthscales = 0.2 + random.rand(d)
    scale, mean, noise = 0.5 + random.rand(), random.randn(), 1e-3 * (1 + random.rand())

    k = covariances(x, x, lengthscales, scale)
    full = k + np.diag(known + unknown * noise)
    inverse = np.linalg.inv(full)
    residuals = y - mean
    weights = inverse @ residuals
    likelihood = -0.5 * (residuals @ weights + np.linalg.slogdet(full)[1] + n * np.log(2 * np.pi))

    # d likelihood / d p = trace((weights weightsᵀ - inverse) dK/dp) / 2; by logarithms of lengthscales, scale and noise.
    outer = np.outer(weights, weights) - inverse
    r = np.sqrt(5 * (((x[:, None] - x[None]) / lengthscales) ** 2).sum(-1))
    slope = scale * 5 / 3 * (1 + r) * np.exp(-r)
    by_lengthscale = [(outer * slope * ((x[:, None, i] - x[None, :, i]) / lengthscales[i]) ** 2).sum() / 2 for i in range(d)]

    cross = covariances(places, x, lengthscales, scale)
    return {
        "x": x.tolist(),
        "y": y.tolist(),
        "known": known.tolist(),
        "unknown": unknown.tolist(),
        "places": places.tolist(),
        "lengthscales": np.log(lengthscales).tolist(),
        "scale": float(np.log(scale)),
        "mean": float(mean),
        "noise": float(np.log(noise)),
        "likelihood": float(likelihood),
        "gradient": {
            "lengthscales": [float(one) for one in by_lengthscale],
            "scale": float((outer * k).sum() / 2),
            "mean": float(weights.sum()),
            "noise": float((np.diag(outer) * unknown * noise).sum() / 2),
        },
        "means": (mean + cross @ weights).tolist(),
        "variances": (scale - np.einsum("ij,jk,ik->i", cross, inverse, cross)).tolist(),
    }


def log_improvement(z):
    """log(φ(z) + z Φ(z)), whose two terms cancel almost all of each other in the tail."""
    mpmath.mp.dps = 60
    z = mpmath.mpf(z)
    return float(mpmath.log(mpmath.npdf(z) + z * mpmath.ncdf(z)))


if __name__ == "__main__":
    processes = [case(1, 1, 3), case(7, 2, 5), case(40, 6, 9), case(100, 3, 9)]
    zs = [-1e5, -2e3, -1001.0, -999.0, -300.0, -40.0, -10.0, -3.0, -1.0000001, -1.0, -0.9, 0.0, 0.5, 3.0, 40.0, 1e4]
    improvements = {"z": zs, "logs": [log_improvement(z) for z in zs]}
    write("gaussian-process", {"numpy": np.__version__}, {"processes": processes, "improvements": improvements})
