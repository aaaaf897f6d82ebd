"""PyTorch's weights after each of 20 steps of every optimizer, for the options below, in float64; and its state dict
after ten of them, from which test/optim/golden.test.ts continues. With `check FOLDER` the other way round: it continues
from the state dicts that the test writes into the folder that DTRAIN_OPTIMIZERS names, in PyTorch.

    python scripts/golden/optimizers.py [check FOLDER]

Weights and gradients are numbers that every float dtype has. One parameter gets its first gradient later than the others."""

import json
import os
import random
import sys

import torch

from values import encode, golden, write

STEPS, SAVED, LATE = 20, 10, 3
# The second parameter is late; the third has a group of its own where there are two.
SHAPES, MATRICES = [[2, 3], [], [4]], [[2, 3], [4, 2], [3, 3]]

# Options of the optimizer, and of a second group.
CASES = {
    "SGD": [
        ({"lr": 0.1},),
        ({"lr": 0.1, "momentum": 0.9},),
        ({"lr": 0.1, "momentum": 0.9, "dampening": 0.5},),
        ({"lr": 0.1, "momentum": 0.9, "nesterov": True, "weight_decay": 0.01},),
        ({"lr": 0.01, "maximize": True, "weight_decay": 0.1},),
        ({"lr": 0.1, "momentum": 0.5}, {"lr": 0.01, "momentum": 0}),
    ],
    "Adam": [
        ({},),
        ({"lr": 0.1},),
        ({"lr": 0.1, "betas": (0.5, 0.75)},),
        ({"lr": 0.1, "betas": (0.0, 0.0), "eps": 0.5},),
        ({"lr": 0.1, "weight_decay": 0.25},),
        ({"lr": 0.1, "weight_decay": 0.25, "decoupled_weight_decay": True},),
        ({"lr": 0.1, "betas": (0.5, 0.5), "amsgrad": True},),
        ({"lr": 0.1, "betas": (0.5, 0.5), "amsgrad": True, "weight_decay": 0.1, "maximize": True},),
        ({"lr": 0.1, "amsgrad": True}, {"lr": 0.01, "amsgrad": False, "betas": (0.75, 0.9), "weight_decay": 0.5}),
    ],
    "AdamW": [
        ({},),
        ({"lr": 0.1},),
        ({"lr": 0.1, "weight_decay": 0.5, "betas": (0.5, 0.5), "amsgrad": True, "maximize": True, "eps": 0.1},),
        ({"lr": 0.1}, {"lr": 0.01, "weight_decay": 0.5}),
    ],
    "RMSprop": [
        ({},),
        ({"lr": 0.1, "alpha": 0.5, "eps": 0.25},),
        ({"lr": 0.1, "weight_decay": 0.25, "maximize": True},),
        ({"lr": 0.01, "momentum": 0.9},),
        ({"lr": 0.1, "centered": True},),
        ({"lr": 0.01, "centered": True, "momentum": 0.5, "weight_decay": 0.25},),
        ({"lr": 0.1, "momentum": 0.5}, {"lr": 0.01, "momentum": 0, "centered": True}),
    ],
    "Adagrad": [
        ({},),
        ({"lr": 0.1, "lr_decay": 0.5},),
        ({"lr": 0.1, "weight_decay": 0.25, "maximize": True},),
        ({"lr": 0.1, "initial_accumulator_value": 0.5, "eps": 0.25},),
        ({"lr": 0.1, "lr_decay": 0.5}, {"lr": 0.01, "lr_decay": 0.25}),
    ],
    "Adadelta": [
        ({},),
        ({"lr": 0.5, "rho": 0.5, "eps": 0.01},),
        ({"weight_decay": 0.25, "maximize": True},),
        ({"rho": 0.75}, {"lr": 0.1, "rho": 0.25, "weight_decay": 0.5}),
    ],
    "Adafactor": [
        ({},),
        ({"lr": 0.5, "beta2_decay": -0.5},),
        ({"lr": 0.5, "eps": (0.25, 0.5), "d": 2.0},),
        ({"lr": 0.5, "weight_decay": 0.25, "maximize": True},),
        ({"lr": 0.5}, {"lr": 0.25, "d": 1.5, "weight_decay": 0.1}),
    ],
    "Adamax": [
        ({},),
        ({"lr": 0.1, "betas": (0.5, 0.75), "eps": 0.25},),
        ({"lr": 0.1, "weight_decay": 0.25, "maximize": True},),
        ({"lr": 0.1}, {"lr": 0.01, "betas": (0.75, 0.9), "weight_decay": 0.5}),
    ],
    "ASGD": [
        ({},),
        ({"lr": 0.1, "lambd": 0.1, "alpha": 0.5},),
        ({"lr": 0.1, "t0": 5, "weight_decay": 0.1, "maximize": True},),
        ({"lr": 0.1, "t0": 0}, {"lr": 0.01, "lambd": 0.01, "t0": 3}),
    ],
    "Muon": [
        ({},),
        ({"lr": 0.1, "momentum": 0.5, "nesterov": False, "weight_decay": 0.0},),
        ({"lr": 0.1, "adjust_lr_fn": "match_rms_adamw", "ns_steps": 3},),
        ({"lr": 0.1, "adjust_lr_fn": "original", "ns_coefficients": (1.5, -0.5, 0.0), "eps": 0.5},),
        ({"lr": 0.1, "momentum": 0.5}, {"lr": 0.01, "weight_decay": 0.5}),
    ],
    "NAdam": [
        ({},),
        ({"lr": 0.1, "betas": (0.5, 0.75), "eps": 0.25},),
        ({"lr": 0.1, "weight_decay": 0.25, "momentum_decay": 0.5, "maximize": True},),
        ({"lr": 0.1, "weight_decay": 0.25, "decoupled_weight_decay": True},),
        ({"lr": 0.1}, {"lr": 0.01, "betas": (0.75, 0.9), "momentum_decay": 0.1}),
    ],
    "RAdam": [
        ({},),
        ({"lr": 0.1, "betas": (0.5, 0.75), "eps": 0.25},),
        ({"lr": 0.1, "weight_decay": 0.25, "maximize": True},),
        ({"lr": 0.1, "weight_decay": 0.25, "decoupled_weight_decay": True},),
        ({"lr": 0.1}, {"lr": 0.01, "betas": (0.75, 0.9), "weight_decay": 0.5}),
    ],
    "Rprop": [
        ({},),
        ({"lr": 0.125, "etas": (0.25, 1.5)},),
        ({"lr": 0.5, "step_sizes": (0.25, 1.0), "maximize": True},),
        ({"lr": 0.125}, {"lr": 0.5, "etas": (0.75, 1.25)}),
    ],
}


NUMBERS = ("step", "eta", "mu", "mu_product")


def made(params: list, optimizer: str, options: dict, second: dict | None) -> torch.optim.Optimizer:
    groups = params if second is None else [{"params": params[:2]}, {"params": params[2:], **second}]
    return getattr(torch.optim, optimizer)(groups, **options)


def stored(x: torch.Tensor) -> dict:
    return {"dtype": "float64", "shape": list(x.shape), "data": numbers([x])}


def numbers(tensors: list) -> list:
    return [encode(float(f"{v:.12g}"), torch.float64) for x in tensors for v in x.detach().reshape(-1).tolist()]


def draw(rng: random.Random, shape: list) -> torch.Tensor:
    """Multiples of 1/8 that are not 0."""
    count = torch.Size(shape).numel()
    return torch.tensor([rng.choice([-1, 1]) * rng.randint(1, 20) / 8 for _ in range(count)], dtype=torch.float64).view(shape)


def run(name: str, optimizer: str, options: dict, second: dict | None) -> dict:
    rng = random.Random(name)
    shapes = MATRICES if optimizer == "Muon" else SHAPES
    params = [draw(rng, shape).requires_grad_() for shape in shapes]
    start = numbers(params)
    trained = made(params, optimizer, options, second)
    steps, saved = [], None
    for step in range(STEPS):
        grads = [None if i == 1 and step < LATE else draw(rng, shape) for i, shape in enumerate(shapes)]
        for param, grad in zip(params, grads):
            param.grad = grad
        trained.step()
        steps.append({"grads": [None if g is None else numbers([g]) for g in grads], "weights": numbers(params)})
        if step + 1 == SAVED:
            state = {
                i: {key: v.item() if key in NUMBERS else stored(v) for key, v in values.items() if v is not None}
                for i, values in trained.state_dict()["state"].items()
            }
            saved = {"state": state, "param_groups": trained.state_dict()["param_groups"]}
    known = {"optimizer": optimizer, "options": options, "second": second, "shapes": shapes, "start": start}
    return {**known, "steps": steps, "saved": saved}


def check(folder: str) -> None:
    """dtrain's parameters and state dict of each entry after SAVED steps, taken on by PyTorch, against the file."""
    entries = json.loads((golden / "optimizers.json").read_text())["entries"]
    for i, (name, entry) in enumerate(entries.items()):
        saved = torch.load(os.path.join(folder, f"{i}.pth"), weights_only=True)
        params = [x.requires_grad_() for x in saved["params"]]
        second = entry["second"] and {}
        trained = made(params, entry["optimizer"], {}, second)
        trained.load_state_dict(saved["optimizer"])
        for step in entry["steps"][SAVED:]:
            for param, grad in zip(params, step["grads"]):
                param.grad = None if grad is None else torch.tensor(grad, dtype=param.dtype).view(param.shape)
            trained.step()
            got = torch.cat([param.detach().reshape(-1) for param in params])
            torch.testing.assert_close(got, torch.tensor(step["weights"], dtype=got.dtype), rtol=1e-6, atol=1e-6, msg=name)
    print(f"{len(entries)} state dicts of dtrain go on in PyTorch")


if __name__ == "__main__":
    torch.set_num_threads(1)
    if sys.argv[1:2] == ["check"]:
        sys.exit(check(sys.argv[2]))
    entries = {}
    for optimizer, cases in CASES.items():
        for options, *second in cases:
            name = f"{optimizer} {options}" + (f" and {second[0]}" if second else "")
            entries[name] = run(name, optimizer, options, second[0] if second else None)
    write("optimizers", {"saved": SAVED}, entries)
