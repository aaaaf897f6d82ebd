"""PyTorch's figures for bench/losses.ts: OMP_NUM_THREADS=1 python bench/losses.py"""

import time

import torch
from torch import nn


def microseconds(f):
    f()
    best = float("inf")
    for _ in range(7):
        start = time.perf_counter()
        for _ in range(20):
            f()
        best = min(best, (time.perf_counter() - start) / 20)
    return best * 1e6


for criterion in (nn.MSELoss(), nn.L1Loss(), nn.SmoothL1Loss(), nn.HuberLoss(), nn.BCELoss(), nn.BCEWithLogitsLoss()):
    for shape in ((64, 1000), (1_000_000,)):
        x, target = torch.rand(shape, requires_grad=True), torch.rand(shape)

        def both():
            criterion(x, target).backward()
            x.grad = None

        forward = microseconds(lambda: criterion(x, target))
        print(f"{x.numel():>14}{forward:14.0f}{microseconds(both):14.0f}  {criterion}")
