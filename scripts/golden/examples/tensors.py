"""PyTorch's twin of examples/tensors.ts."""

import numpy as np
import torch

from printed import record


def type_name(x):
    """With the name of the other library."""
    return x.type().replace("torch", "dtrain")


def main(show):
    torch.manual_seed(42)
    scalar = torch.tensor(3.14159)
    vector = torch.tensor([1, 2, 3])
    matrix = torch.ones((2, 3), dtype=torch.float)
    tensor = torch.randn((2, 3, 4), dtype=torch.float)
    for obj in [scalar, vector, matrix, tensor]:
        show(obj.size() if obj.dim() else "[]", obj.shape if obj.dim() else "[]")
        show(obj)
    show(torch.eye(3))
    show(torch.zeros(2, 2), torch.full((2,), 7.0))
    show(torch.linspace(0, 1, 5), torch.arange(5), torch.arange(1, 2, 0.25))
    show(torch.rand(3), torch.randn(3))

    data = np.array([1, 2, 3], dtype=np.float32)
    copy, shared, also = torch.tensor(data), torch.from_numpy(data), torch.as_tensor(data)
    data[0] = 9
    show(copy, shared, also)
    a = torch.arange(6.0)
    view, reshaped, clone = a.view(2, 3), a.reshape(3, 2), a.clone()
    a[0] = 100
    show(view)
    show(reshaped)
    show(clone)

    show(torch.empty(5, 3).shape)
    a = torch.rand(5, 3)
    show(a[:, 1])
    show(a[0], a[1:4:2, -1], a[[0, 4], [1, 1]])
    b = torch.zeros(5, 3, dtype=torch.long)
    show(torch.add(a, b))
    result = torch.empty(5, 3)
    torch.add(a, b, out=result)
    show(result)
    a.add_(b)
    show(a)
    a = torch.randn(4, 4)
    b, c = a.view(16), a.view(-1, 8)
    show(a.size(), b.size(), c.size())

    h = torch.randn(2, 3)
    show(h)
    show(h < 0)
    show(h[h < 0])
    grad = torch.ones(2, 3)
    grad[h < 0] = 0
    show(grad)
    show(h.masked_fill_(h < 0, 0))
    show(torch.where(h > 0, h, -1.0))

    for dtype in [
        torch.float32, torch.float64, torch.int64, torch.uint8, torch.bool,
        torch.float16, torch.bfloat16, torch.int32, torch.int16, torch.int8,
    ]:
        show(str(dtype).removeprefix("torch."), type_name(torch.zeros(1, dtype=dtype)))
    x = torch.tensor([1.5, -2.5])
    show(x.type(torch.int64), x.long(), x.double(), x.bool())
    show(*(str(y.dtype).removeprefix("torch.") for y in [x + torch.arange(2), x + x.double()]))

    show(x.device, type_name(x))
    show("Float32Array(2) [ 1.5, -2.5 ]", "[ 1.5, -2.5 ]", x[0].item())


record("tensors", main, {"full": {}})
