"""PyTorch's figures for bench/losses.ts: OMP_NUM_THREADS=1 python bench/losses.py"""

import torch
import twin
from torch import nn


def passes(criterion, elements, both):
    x, target = torch.rand(elements, requires_grad=True), torch.rand(elements)
    if not both:
        return lambda: criterion(x, target)

    def call():
        criterion(x, target).backward()
        x.grad = None

    return call


twin.run({
    f"{name} {elements} {what}": lambda row=(name, elements, what): passes(getattr(nn, row[0])(), row[1], row[2] == "both")
    for name in ("MSELoss", "L1Loss", "SmoothL1Loss", "HuberLoss", "BCELoss", "BCEWithLogitsLoss")
    for elements in (64_000, 1_000_000)
    for what in ("forward", "both")
})
