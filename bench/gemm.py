"""PyTorch's figures for bench/gemm.ts: python bench/gemm.py"""

import time

import torch

shapes = [
    (1, 1024, 1024), (8, 8, 8), (32, 32, 32), (64, 10, 84), (64, 120, 400),
    (128, 128, 128), (256, 256, 256), (512, 512, 512), (64, 1024, 1024), (1024, 1024, 1024),
]
for m, n, k in shapes:
    a, b = torch.randn(m, k), torch.randn(n, k).t()
    calls = max(1, round(2e6 / (m * n * k + 20_000)))
    a.matmul(b)
    best = float("inf")
    for _ in range(7):
        start = time.perf_counter()
        for _ in range(calls):
            a.matmul(b)
        best = min(best, (time.perf_counter() - start) / calls)
    print(f"{m:14}{n:14}{k:14}{best * 1e6:14.1f}{2 * m * n * k / best / 1e9:14.1f}")
