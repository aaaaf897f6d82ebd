"""PyTorch's figures for bench/gpu.ts, row by row, as JSON: python bench/gpu.py > torch.json"""

import json
import statistics
import time

import torch
from models import lenet, mlp, wide
from torch import nn

ON = {"device": "cuda"}


def step(make, batch):
    model = make().cuda()
    optimizer = torch.optim.SGD(model.parameters(), lr=0.01, momentum=0.9)
    criterion = nn.CrossEntropyLoss()
    x, y = torch.randn(batch, 1, 28, 28, **ON), torch.randint(0, 10, (batch,), **ON)

    def call():
        loss = criterion(model(x), y)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()

    return call


def sgd(n):
    w = nn.Parameter(torch.zeros(n, **ON))
    optimizer = torch.optim.SGD([w], lr=0.1, momentum=0.9)
    w.grad = torch.randn(n, **ON)
    return optimizer.step


def product(side, dtype):
    a = torch.randn(side, side, dtype=dtype, **ON)
    return lambda: a @ a


def convolution(backward):
    conv = nn.Conv2d(64, 64, 3, padding=1).cuda()
    x, dy = torch.randn(64, 64, 56, 56, requires_grad=backward, **ON), torch.randn(64, 64, 56, 56, **ON)

    def forward():
        with torch.no_grad():
            conv(x)

    def both():
        conv.zero_grad()
        x.grad = None
        conv(x).backward(dy)

    return both if backward else forward


def with_inputs(make, *shape):
    return make(torch.randn(*shape, **ON), torch.randn(*shape, **ON))


N, ROWS, COLS, FEW, LONG = 64 * 2**20, 65_536, 1024, 256, 262_144
CONV = 2 * 64 * 64 * 56 * 56 * 64 * 9

# name: unit, bytes or operations, what makes the call, and whether only the host's time counts
TABLE = {
    "copy": ("GB/s", 8 * N, lambda: with_inputs(lambda x, y: lambda: y.copy_(x), N), False),
    "add": ("GB/s", 12 * N, lambda: with_inputs(lambda x, y: lambda: x.add(y), N), False),
    "exp": ("GB/s", 8 * N, lambda: with_inputs(lambda x, y: lambda: x.exp(), N), False),
    "add a transposed": ("GB/s", 12 * ROWS * COLS, lambda: with_inputs(
        lambda x, y: lambda: x.t().add(x.view(COLS, ROWS)), ROWS, COLS), False),
    "sum of all": ("GB/s", 4 * N, lambda: with_inputs(lambda x, y: lambda: x.sum(), N), False),
    "sum of rows": ("GB/s", 4 * ROWS * COLS, lambda: with_inputs(lambda x, y: lambda: x.sum(1), ROWS, COLS), False),
    "sum of columns": ("GB/s", 4 * ROWS * COLS, lambda: with_inputs(lambda x, y: lambda: x.sum(0), ROWS, COLS), False),
    "logSoftmax": ("GB/s", 8 * ROWS * COLS, lambda: with_inputs(
        lambda x, y: lambda: x.log_softmax(1), ROWS, COLS), False),
    "logSoftmax long rows": ("GB/s", 8 * FEW * LONG, lambda: with_inputs(
        lambda x, y: lambda: x.log_softmax(1), FEW, LONG), False),
    "sgd with momentum": ("GB/s", 20 * N, lambda: sgd(N), False),
    "matmul 4096 float32": ("TFLOP/s", 2 * 4096**3, lambda: product(4096, torch.float32), False),
    "matmul 2048 float64": ("TFLOP/s", 2 * 2048**3, lambda: product(2048, torch.float64), False),
    "conv 3x3 forward": ("TFLOP/s", CONV, lambda: convolution(False), False),
    "conv 3x3 forward + backward": ("TFLOP/s", 3 * CONV, lambda: convolution(True), False),
    **{f"{name} {batch}": ("µs", 0, lambda make=make, batch=batch: step(make, batch), False)
       for name, make, batches in (("lenet", lenet, (16, 64, 256, 1024)), ("mlp", mlp, (16, 64, 256, 1024)),
                                   ("wide", wide, (64, 1024))) for batch in batches},
    "host time of an add": ("µs", 0, lambda: with_inputs(lambda x, y: lambda: x.add(y), 1), True),
    "item": ("µs", 0, lambda: with_inputs(lambda x, y: lambda: x.item(), 1), False),
    "batch to the GPU": ("µs", 0, lambda: (lambda x: lambda: x.to("cuda"))(torch.randn(64, 784)), False),
}


def microseconds(call, calls, host):
    torch.cuda.synchronize()
    start = time.perf_counter()
    for _ in range(calls):
        call()
    if not host:
        torch.cuda.synchronize()
    return (time.perf_counter() - start) / calls * 1e6


def measure(unit, work, make, host):
    call = make()
    call()
    once = min(microseconds(call, 2, False) for _ in range(3))
    calls = max(2, min(500, int(20_000 / once) + 1))
    times = [microseconds(call, calls, host) for _ in range(7)]
    figures = [us if unit == "µs" else work / us / (1e3 if unit == "GB/s" else 1e6) for us in times]
    low, median, high = statistics.quantiles(figures, n=4, method="inclusive")
    return {"low": low, "median": median, "high": high}


TF32 = ("matmul", "conv", "lenet", "mlp", "wide")  # the rows that it may change
rows = {}
for name, row in TABLE.items():
    torch.backends.cudnn.allow_tf32 = False
    exact = measure(*row)
    torch.backends.cudnn.allow_tf32 = True
    rows[name] = {"exact": exact, "default": measure(*row) if name.startswith(TF32) else exact}
print(json.dumps({"torch": torch.__version__, "rows": rows}))
