"""PyTorch's figures for bench/optim.ts: python bench/optim.py"""

import torch
import twin

OPTIONS = {"SGD": {"lr": 1e-3, "momentum": 0.9}}
FUSED = ("Adam", "AdamW", "SGD", "Adagrad")
OTHERS = ("RMSprop", "Adadelta", "Adamax", "ASGD", "NAdam", "RAdam", "Rprop", "Adafactor", "Muon")
SHAPES = [(512, 512) if i % 5 == 0 else (8 * (1 + i % 40), 4 * (1 + i % 10)) for i in range(200)]


def step(name, against):
    params = [(torch.rand(shape) - 0.5).requires_grad_() for shape in SHAPES]
    for param in params:
        param.grad = torch.rand(param.shape) - 0.5
    how = {} if name == "Muon" else {against: True}  # it has but one
    return getattr(torch.optim, name)(params, **OPTIONS.get(name, {}), **how).step


def copy():
    count = sum(rows * columns for rows, columns in SHAPES) * 7 // 2
    source, target = torch.zeros(count), torch.zeros(count)
    return lambda: target.copy_(source)


rows = {f"{name} foreach": lambda name=name: step(name, "foreach") for name in (*FUSED, *OTHERS)}
rows |= {f"{name} fused": lambda name=name: step(name, "fused") for name in FUSED}
twin.run({**rows, "copy floor": copy})
