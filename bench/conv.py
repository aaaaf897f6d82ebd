"""PyTorch's figures for bench/conv.ts: python bench/conv.py"""

import time

import torch


def microseconds(fn, calls=20, rounds=7):
    fn()
    best = float("inf")
    for _ in range(rounds):
        start = time.perf_counter()
        for _ in range(calls):
            fn()
        best = min(best, (time.perf_counter() - start) / calls)
    return best * 1e6


for N, C, H, F, K in [(4, 1, 8, 6, 3), (16, 6, 8, 16, 3), (64, 1, 28, 6, 5), (64, 6, 14, 16, 5), (16, 32, 16, 32, 3), (64, 32, 16, 64, 3)]:
    x, conv = torch.randn(N, C, H, H), torch.nn.Conv2d(C, F, K)
    dy = torch.randn_like(conv(x))

    def both():
        conv.zero_grad()
        conv(x).backward(dy)

    for threads in (1, 2):
        torch.set_num_threads(threads)
        print(f"{N},{C},{H},{F},{K}".rjust(14), f"{threads:13}{microseconds(lambda: conv(x)):14.0f}{microseconds(both):14.0f}")
