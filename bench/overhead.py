"""PyTorch's figures for bench/overhead.ts: python bench/overhead.py"""

import torch
import twin

x, y = torch.tensor([1.0]), torch.tensor([2.0])
w = torch.tensor([3.0], requires_grad=True)
matrix = torch.ones(1, 1)


def without_grad():
    with torch.no_grad():
        x.add_(0)


ops = {
    "x.add(y)": lambda: x.add(y),
    "x.add(2)": lambda: x.add(2),
    "recorded add": lambda: w.add(y),
    "x.exp()": lambda: x.exp(),
    "x.sum()": lambda: x.sum(),
    "x.view(1, 1)": lambda: x.view(1, 1),
    "matmul 1x1": lambda: matrix.matmul(matrix),
    "noGrad add_": without_grad,
    "x.item()": lambda: x.item(),
}
twin.run({name: lambda call=call: call for name, call in ops.items()})
