"""Learning rates and momenta of PyTorch's schedulers, for test/optim/lr-scheduler.test.ts.

    python scripts/golden/schedulers.py

An entry is a scheduler with its arguments, an optimizer with two groups, and what the groups have at first and after each of
60 steps, with the state dict at the end. Functions are expressions of one variable that Python and JavaScript both
understand."""

import math
import warnings

import torch
from torch.optim import lr_scheduler, swa_utils

from values import write

steps = 60
waves = [round(2 / (1 + 0.3 * i) + 0.4 * math.cos(i), 3) if i < 20 else 1.5 for i in range(steps)]


def value(given):
    if isinstance(given, dict):
        return eval(f"lambda {given['variable']}: {given['function']}")
    return [value(v) for v in given] if isinstance(given, list) else given


def build(optimizer, spec):
    options = {key: value(given) for key, given in spec.get("options", {}).items()}
    parts = [build(optimizer, part) for part in spec.get("schedulers", [])]
    kind = getattr(swa_utils if spec["scheduler"] == "SWALR" else lr_scheduler, spec["scheduler"])
    if spec["scheduler"] == "ChainedScheduler":
        return kind(parts, **options)
    between = [parts] if parts else []
    return kind(optimizer, *between, *map(value, spec.get("args", [])), **options)


def plain(state):
    """A state dict as JSON has it."""
    if isinstance(state, dict):
        return {str(k): plain(v) for k, v in state.items() if k != "_get_lr_called_within_step"}
    if isinstance(state, (list, tuple)):
        return [plain(v) for v in state]
    return str(state).replace("inf", "Infinity") if isinstance(state, float) and math.isinf(state) else state


def run(spec, optimizer="SGD", lrs=(0.1, 0.02), steps=steps, given=None, initial=None):
    params = [{"params": [torch.zeros(1, requires_grad=True)], "lr": lr} for lr in lrs]
    options = {"momentum": 0.9} if optimizer == "SGD" else {}
    made = getattr(torch.optim, optimizer)(params, **options)
    for group, lr in zip(made.param_groups, initial or []):
        group["initial_lr"] = lr
    scheduler = build(made, spec)
    rates, momenta = [], []

    def look():
        rates.append([group["lr"] for group in made.param_groups])
        momenta.append([group["betas"][0] if "betas" in group else group["momentum"] for group in made.param_groups])

    look()
    for i in range(steps):
        made.step()
        scheduler.step(*([given[i]] if given else []))
        look()
    assert scheduler.get_last_lr() == rates[-1]
    same = all(row == momenta[0] for row in momenta)
    entry = {"spec": spec, "optimizer": optimizer, "lrs": list(lrs), "rates": rates}
    if initial:
        entry["initial"] = initial
    if given:
        entry["given"] = given
    return {**entry, "momenta": momenta[:1] if same else momenta, "state": plain(scheduler.state_dict())}


def spec(scheduler, *args, **options):
    return {"scheduler": scheduler, "args": list(args), "options": options}


def combined(scheduler, schedulers, *args):
    return {"scheduler": scheduler, "schedulers": schedulers, "args": list(args)}


def function(text, variable="epoch"):
    return {"function": text, "variable": variable}


def entries():
    for name in ("LambdaLR", "MultiplicativeLR"):
        yield f"{name} of one function", run(spec(name, function("1 / (1 + 0.1 * epoch)")))
        yield f"{name} of two", run(spec(name, [function("0.95 ** epoch"), function("1 - epoch / 80")]))
    for size, options in ((30, {}), (7, {"gamma": 0.5}), (1, {"gamma": 0.97})):
        yield f"StepLR {size} {options}", run(spec("StepLR", size, **options))
    for milestones, options in (([30, 45], {}), ([5, 5, 20, 59], {"gamma": 0.3}), ([0, 3], {"gamma": 0.7}), ([], {})):
        yield f"MultiStepLR {milestones} {options}", run(spec("MultiStepLR", milestones, **options))
    for options in ({}, {"factor": 0.7, "total_iters": 13}, {"factor": 1, "total_iters": 0}, {"factor": 0, "total_iters": 100}):
        yield f"ConstantLR {options}", run(spec("ConstantLR", **options))
    for options in ({}, {"start_factor": 0.1, "total_iters": 40}, {"start_factor": 1, "end_factor": 0.2, "total_iters": 25}, {"total_iters": 0}):
        yield f"LinearLR {options}", run(spec("LinearLR", **options))
    for gamma in (0.9, 0.37, 1.01):
        yield f"ExponentialLR {gamma}", run(spec("ExponentialLR", gamma))
    for options in ({}, {"total_iters": 50}, {"total_iters": 33, "power": 0.9}, {"total_iters": 100, "power": 2}):
        yield f"PolynomialLR {options}", run(spec("PolynomialLR", **options))
    for t_max, options in ((60, {}), (10, {"eta_min": 0.001}), (7, {"eta_min": 0.05}), (1, {})):
        yield f"CosineAnnealingLR {t_max} {options}", run(spec("CosineAnnealingLR", t_max, **options))
    restarts = ((60, {}), (10, {"eta_min": 0.001}), (5, {"T_mult": 2}), (3, {"T_mult": 3, "eta_min": 0.01}))
    for t_0, options in restarts:
        yield f"CosineAnnealingWarmRestarts {t_0} {options}", run(spec("CosineAnnealingWarmRestarts", t_0, **options))
        parts = [i / 3 for i in range(steps)]
        yield f"CosineAnnealingWarmRestarts {t_0} {options} in parts of epochs", run(spec("CosineAnnealingWarmRestarts", t_0, **options), given=parts)
    for optimizer in ("SGD", "Adam"):
        for options in (
            {"step_size_up": 10},
            {"step_size_up": 8, "step_size_down": 3, "mode": "triangular2"},
            {"step_size_up": 6, "mode": "exp_range", "gamma": 0.97, "base_momentum": 0.7, "max_momentum": 0.99},
            {"step_size_up": 9, "cycle_momentum": False},
            {"step_size_up": 5, "scale_fn": function("1 / (1 + x)", "x"), "base_momentum": [0.5, 0.6], "max_momentum": [0.8, 0.95]},
            {"step_size_up": 5, "scale_fn": function("0.99 ** x", "x"), "scale_mode": "iterations"},
            {},
        ):
            yield f"CyclicLR with {optimizer} {options}", run(spec("CyclicLR", 0.01, 0.3, **options), optimizer)
        for options in (
            {"total_steps": 61},
            {"epochs": 6, "steps_per_epoch": 20, "anneal_strategy": "linear"},
            {"total_steps": 60, "three_phase": True, "pct_start": 0.4},
            {"total_steps": 80, "pct_start": 0.2, "div_factor": 10, "final_div_factor": 100, "base_momentum": 0.8, "max_momentum": 0.9},
            {"total_steps": 70, "cycle_momentum": False},
            {"total_steps": 65, "base_momentum": [0.5, 0.6], "max_momentum": [0.8, 0.95], "three_phase": True, "anneal_strategy": "linear"},
            {"total_steps": 61, "pct_start": 0.0},
        ):
            yield f"OneCycleLR with {optimizer} {options}", run(spec("OneCycleLR", 0.3, **options), optimizer)
    yield "CyclicLR of two ranges", run(spec("CyclicLR", [0.01, 0.02], [0.1, 0.5], step_size_up=12))
    yield "OneCycleLR of two highest rates", run(spec("OneCycleLR", [0.1, 0.5], total_steps=61))
    for options in (
        {},
        {"patience": 3, "factor": 0.5},
        {"patience": 2, "cooldown": 4, "threshold": 0.1},
        {"patience": 1, "threshold": 0.05, "threshold_mode": "abs", "min_lr": 0.01},
        {"mode": "max", "patience": 2, "min_lr": [0.03, 0.001]},
        {"mode": "max", "threshold_mode": "abs", "threshold": 0.2, "patience": 0, "factor": 0.9},
        {"patience": 0, "factor": 0.1, "eps": 1e-4},
    ):
        yield f"ReduceLROnPlateau {options}", run(spec("ReduceLROnPlateau", **options), given=waves)
    warmup, decay = spec("LinearLR", start_factor=0.1, total_iters=10), spec("ExponentialLR", 0.95)
    cosine, constant = spec("CosineAnnealingLR", 40), spec("ConstantLR", factor=0.5, total_iters=15)
    yield "SequentialLR of two", run(combined("SequentialLR", [warmup, cosine], [10]))
    yield "SequentialLR of three", run(combined("SequentialLR", [constant, spec("StepLR", 4), decay], [15, 33]))
    yield "SequentialLR that starts with the second", run(combined("SequentialLR", [constant, decay], [0]))
    yield "SequentialLR of functions", run(combined("SequentialLR", [spec("LambdaLR", function("0.5 + epoch / 20")), spec("PolynomialLR", total_iters=30, power=1.5)], [10]))
    yield "SequentialLR with restarts", run(combined("SequentialLR", [warmup, spec("CosineAnnealingWarmRestarts", 8, T_mult=2)], [10]))
    yield "SequentialLR with milestones", run(combined("SequentialLR", [spec("MultiStepLR", [2, 4]), spec("MultiStepLR", [3, 9], gamma=0.5)], [6]))
    yield "SequentialLR with one cycle", run(combined("SequentialLR", [constant, spec("OneCycleLR", 0.4, total_steps=50)], [15]))
    yield "ChainedScheduler of two", run(combined("ChainedScheduler", [constant, decay]))
    yield "ChainedScheduler of three", run(combined("ChainedScheduler", [warmup, spec("MultiStepLR", [20, 40], gamma=0.5), decay]))
    yield "SequentialLR that starts with a chain", run(combined("SequentialLR", [combined("ChainedScheduler", [warmup, decay]), cosine], [10]))
    yield "ChainedScheduler with a sequence", run(combined("ChainedScheduler", [combined("SequentialLR", [warmup, decay], [10]), spec("StepLR", 20)]))
    yield "SequentialLR that starts with a sequence", run(combined("SequentialLR", [combined("SequentialLR", [warmup, decay], [10]), cosine], [30]))
    for rate, options in ((0.05, {}), ([0.3, 0.01], {"anneal_epochs": 25, "anneal_strategy": "linear"}), (0.01, {"anneal_epochs": 0})):
        yield f"SWALR {rate} {options}", run(spec("SWALR", rate, **options))
    yield "SequentialLR that ends with SWALR", run(combined("SequentialLR", [decay, spec("SWALR", 0.05)], [20]))
    for resumed in (
        spec("StepLR", 7, last_epoch=9),
        spec("LambdaLR", function("0.95 ** epoch"), last_epoch=9),
        spec("MultiplicativeLR", function("0.95"), last_epoch=9),
        spec("CosineAnnealingLR", 40, last_epoch=9),
        spec("CosineAnnealingWarmRestarts", 15, last_epoch=9),
        spec("LinearLR", total_iters=20, last_epoch=9),
        spec("PolynomialLR", total_iters=40, last_epoch=9),
        spec("ExponentialLR", 0.9, last_epoch=9),
        spec("ConstantLR", total_iters=20, last_epoch=9),
        spec("MultiStepLR", [10, 30], last_epoch=9),
    ):
        yield f"{resumed['scheduler']} that goes on", run(resumed, lrs=(0.05, 0.01), initial=[0.1, 0.02])


if __name__ == "__main__":
    warnings.simplefilter("ignore")
    write("schedulers", {}, dict(entries()))
