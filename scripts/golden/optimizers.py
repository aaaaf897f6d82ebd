"""PyTorch's weights after each of ten steps of every optimizer, for the options below, in float64; and its state dict
after five of them, from which test/optim/golden.test.ts continues.

    python scripts/golden/optimizers.py

Weights and gradients are numbers that every float dtype has. One parameter gets its first gradient later than the others."""

import random

import torch

from values import encode, write

STEPS, SAVED, LATE = 10, 5, 3
SHAPES = [[2, 3], [], [4]]  # the second parameter is late; the third has a group of its own where there are two

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
}


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
    params = [draw(rng, shape).requires_grad_() for shape in SHAPES]
    start = numbers(params)
    groups = params if second is None else [{"params": params[:2]}, {"params": params[2:], **second}]
    trained = getattr(torch.optim, optimizer)(groups, **options)
    steps, saved = [], None
    for step in range(STEPS):
        grads = [None if i == 1 and step < LATE else draw(rng, shape) for i, shape in enumerate(SHAPES)]
        for param, grad in zip(params, grads):
            param.grad = grad
        trained.step()
        steps.append({"grads": [None if g is None else numbers([g]) for g in grads], "weights": numbers(params)})
        if step + 1 == SAVED:
            state = {
                i: {key: v.item() if key == "step" else stored(v) for key, v in values.items() if v is not None}
                for i, values in trained.state_dict()["state"].items()
            }
            saved = {"state": state, "param_groups": trained.state_dict()["param_groups"]}
    return {"optimizer": optimizer, "options": options, "second": second, "start": start, "steps": steps, "saved": saved}


if __name__ == "__main__":
    torch.set_num_threads(1)
    entries = {}
    for optimizer, cases in CASES.items():
        for options, *second in cases:
            name = f"{optimizer} {options}" + (f" and {second[0]}" if second else "")
            entries[name] = run(name, optimizer, options, second[0] if second else None)
    write("optimizers", {"shapes": SHAPES, "saved": SAVED}, entries)
