"""Optuna's part of bench/tune.ts: python bench/tune.py <function> <seeds> <trials> prints the values of all trials."""

import json
import math
import sys
import time
import warnings

import optuna

optuna.logging.set_verbosity(optuna.logging.ERROR)
warnings.filterwarnings("ignore")

alpha = [1, 1.2, 3, 3.2]
a = [
    [10, 3, 17, 3.5, 1.7, 8],
    [0.05, 10, 17, 0.1, 8, 14],
    [3, 3.5, 1.7, 10, 17, 8],
    [17, 8, 0.05, 10, 0.1, 14],
]
p = [
    [0.1312, 0.1696, 0.5569, 0.0124, 0.8283, 0.5886],
    [0.2329, 0.4135, 0.8307, 0.3736, 0.1004, 0.9991],
    [0.2348, 0.1451, 0.3522, 0.2883, 0.3047, 0.665],
    [0.4047, 0.8828, 0.8732, 0.5743, 0.1091, 0.0381],
]


def booth(trial):
    x, y = trial.suggest_float("x", -10, 10), trial.suggest_float("y", -10, 10)
    return (x + 2 * y - 7) ** 2 + (2 * x + y - 5) ** 2


def branin(trial):
    x, y = trial.suggest_float("x", -5, 10), trial.suggest_float("y", 0, 15)
    bowl = (y - 5.1 / (4 * math.pi**2) * x * x + 5 / math.pi * x - 6) ** 2
    return bowl + 10 * (1 - 1 / (8 * math.pi)) * math.cos(x) + 10


def hartmann6(trial):
    x = [trial.suggest_float(f"x{i}", 0, 1) for i in range(6)]
    return -sum(
        alpha[i] * math.exp(-sum(a[i][j] * (x[j] - p[i][j]) ** 2 for j in range(6))) for i in range(4)
    )


def mixed(trial):
    lr = trial.suggest_float("lr", 1e-4, 1, log=True)
    n = trial.suggest_int("n", 1, 64)
    c = trial.suggest_categorical("c", [1, 0, 2, 0.5])
    return (math.log10(lr) + 2) ** 2 + ((n - 20) / 16) ** 2 + c


samplers = {"Optuna's TPE": optuna.samplers.TPESampler}
try:
    import scipy  # noqa: F401
    import torch  # noqa: F401

    samplers["Optuna's Gaussian process"] = optuna.samplers.GPSampler
except ImportError:
    print("Optuna's Gaussian process needs scipy and torch, and is left out", file=sys.stderr)

function, seeds, trials = globals()[sys.argv[1]], int(sys.argv[2]), int(sys.argv[3])
bounds = {"booth": [[-10, 10]] * 2, "branin": [[-5, 10], [0, 15]], "hartmann6": [[0, 1]] * 6}


def botorch(seed):
    """As BoTorch's tutorial has it: Sobol points, then a SingleTaskGP with log expected improvement."""
    torch.manual_seed(seed)
    names = ["x", "y"] if function is not hartmann6 else [f"x{i}" for i in range(6)]
    low, high = torch.tensor(bounds[function.__name__], dtype=torch.float64).T
    unit = torch.stack([torch.zeros_like(low), torch.ones_like(low)])
    value = lambda row: function(optuna.trial.FixedTrial(dict(zip(names, (low + (high - low) * row).tolist()))))
    first = max(5, 2 * len(low))
    x = torch.quasirandom.SobolEngine(len(low), scramble=True, seed=seed).draw(first, dtype=torch.float64)
    values = [value(row) for row in x]
    for _ in range(first, trials):
        y = -torch.tensor(values, dtype=torch.float64)[:, None]
        y = (y - y.mean()) / y.std()
        model = SingleTaskGP(x, y)
        fit_gpytorch_mll(ExactMarginalLogLikelihood(model.likelihood, model))
        improvement = LogExpectedImprovement(model, best_f=y.max())
        point, _ = optimize_acqf(improvement, unit, q=1, num_restarts=4, raw_samples=256)
        x = torch.cat([x, point])
        values.append(value(point[0]))
    return values


results = {}
for name, sampler in samplers.items():
    start = time.perf_counter()
    runs = []
    for seed in range(seeds):
        study = optuna.create_study(sampler=sampler(seed=seed))
        study.optimize(function, n_trials=trials)
        runs.append([trial.value for trial in study.trials])
    results[name] = {"runs": runs, "ms": (time.perf_counter() - start) * 1000 / seeds / trials}
try:
    from botorch.acquisition import LogExpectedImprovement
    from botorch.fit import fit_gpytorch_mll
    from botorch.models import SingleTaskGP
    from botorch.optim import optimize_acqf
    from gpytorch.mlls import ExactMarginalLogLikelihood
except ImportError:
    print("BoTorch is not there, and is left out", file=sys.stderr)
else:
    if function is not mixed:
        start = time.perf_counter()
        runs = [botorch(seed) for seed in range(seeds)]
        results["BoTorch"] = {"runs": runs, "ms": (time.perf_counter() - start) * 1000 / seeds / trials}
print(json.dumps(results))
