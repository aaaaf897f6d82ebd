"""PyTorch's figures for bench/gemm.ts: python bench/gemm.py"""

import torch
import twin

shapes = [
    (1, 1024, 1024), (8, 8, 8), (32, 32, 32), (64, 10, 84), (64, 120, 400),
    (128, 128, 128), (256, 256, 256), (512, 512, 512), (64, 1024, 1024), (1024, 1024, 1024),
]


def product(m, n, k):
    a, b = torch.randn(m, k), torch.randn(n, k).t()
    return lambda: a.matmul(b)


twin.run({f"{m} {n} {k}": lambda shape=(m, n, k): product(*shape) for m, n, k in shapes})
