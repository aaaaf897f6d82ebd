"""Special functions at numbers of float64, computed with fifty digits and rounded once, since PyTorch's own lose digits in
the tails. mpmath comes with PyTorch.

    python scripts/golden/special.py"""

import mpmath

from values import write

mpmath.mp.dps = 50
SQRT2 = mpmath.sqrt(2)

XS = [-1e9, -1e4, -200.0, -37.5, -26.5, -14.25, -9.0, -5.0, -3.3, -2.5, -1.0, -0.7, -0.1, -1e-9]
POINTS = [*XS, 0.0, *(-x for x in reversed(XS))]


def erfcx(x):
    """exp(x^2) erfc(x); of a large x by its asymptotic series, up to the smallest term."""
    if x < 30:
        return mpmath.exp(x * x) * mpmath.erfc(x) if x > -30 else mpmath.inf
    total, term = mpmath.mpf(1), mpmath.mpf(1)
    for k in range(1, 60):
        term *= -(2 * k - 1) / (2 * x * x)
        total += term
    return total / (x * mpmath.sqrt(mpmath.pi))


def log_ndtr(x):
    size = abs(x)
    half = erfcx(size / SQRT2) / 2
    return mpmath.log(half) - x * x / 2 if x < 0 else mpmath.log1p(-half * mpmath.exp(-x * x / 2))


FUNCTIONS = {
    "erfc": mpmath.erfc,
    "erfcx": erfcx,
    "ndtr": lambda x: erfcx(-x / SQRT2) / 2 * mpmath.exp(-x * x / 2) if x < 0 else mpmath.ncdf(x),
    "logNdtr": log_ndtr,
    "slope of logNdtr": lambda x: mpmath.sqrt(2 / mpmath.pi) / erfcx(-x / SQRT2),
}


def number(value):
    value = float(value)
    return str(value).replace("inf", "Infinity") if value in (float("inf"), float("-inf")) else value


if __name__ == "__main__":
    entries = {name: [number(f(mpmath.mpf(x))) for x in POINTS] for name, f in FUNCTIONS.items()}
    write("special", {"points": POINTS}, entries)
