"""PyTorch's figures for bench/conv.ts: python bench/conv.py"""

import torch
import twin

shapes = [(4, 1, 8, 6, 3), (16, 6, 8, 16, 3), (64, 1, 28, 6, 5), (64, 6, 14, 16, 5), (16, 32, 16, 32, 3), (64, 32, 16, 64, 3)]


def convolution(N, C, H, F, K, threads, both):
    torch.set_num_threads(threads)
    x, conv = torch.randn(N, C, H, H), torch.nn.Conv2d(C, F, K)
    if not both:
        return lambda: conv(x)
    dy = torch.randn_like(conv(x))

    def call():
        conv.zero_grad()
        conv(x).backward(dy)

    return call


twin.run({
    f"{','.join(map(str, shape))} {threads} {what}": lambda row=(*shape, threads, what == "both"): convolution(*row)
    for shape in shapes
    for threads in (1, 2)
    for what in ("forward", "both")
})
