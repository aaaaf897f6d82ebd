"""PyTorch's figures for bench/ops.ts: python bench/ops.py. Rows and operands are those of bench/ops-list.ts."""

import functools

import torch
import torch.nn.functional as F
import twin


class Operands:
    def __init__(self, elements, layout, dtype):
        self.elements = elements
        n = self.n = round(elements**0.5)
        dtype = getattr(torch, dtype)

        def laid(matrix):
            return matrix.t() if layout == "transposed" else matrix

        def values(*sizes):
            return torch.randint(-1000, 1000, sizes) if dtype == torch.int64 else torch.randn(*sizes).to(dtype)

        self.x, self.y, self.z, self.target = (laid(values(n, n)) for _ in range(4))
        self.positive = laid((torch.rand(n, n) + 0.1).to(dtype))
        self.row, self.column = values(n), values(n, 1)
        self.mask = laid(torch.rand(n, n) > 0.5)
        self.places = laid(torch.randint(0, n, (n, n)))
        self.rows = torch.randint(0, n, (n,))
        self.counted = torch.randint(0, 100, (elements,))
        depth, side = max(1, round(n / 20)), min(n, 20)
        right = values(depth, side, n).transpose(1, 2) if layout == "transposed" else values(depth, n, side)
        self.left, self.right = values(depth, side, n), right
        self.table = values(min(1000, n), min(64, n))


ops = {
    "add": lambda o: lambda: o.x.add(o.y),
    "add(2)": lambda o: lambda: o.x.add(2),
    "add(row)": lambda o: lambda: o.x.add(o.row),
    "add(column)": lambda o: lambda: o.x.add(o.column),
    "sub": lambda o: lambda: o.x.sub(o.y),
    "mul": lambda o: lambda: o.x.mul(o.y),
    "div": lambda o: lambda: o.x.div(o.y),
    "add_": lambda o: lambda: o.target.add_(o.y),
    "mul_(1)": lambda o: lambda: o.target.mul_(1),
    "gt": lambda o: lambda: o.x.gt(o.y),
    "eq(0)": lambda o: lambda: o.x.eq(0),
    "where": lambda o: lambda: torch.where(o.mask, o.x, o.y),
    "clamp": lambda o: lambda: o.x.clamp(-1, 1),
    "maximum": lambda o: lambda: o.x.maximum(o.y),
    "abs": lambda o: lambda: o.x.abs(),
    "neg": lambda o: lambda: o.x.neg(),
    "exp": lambda o: lambda: o.x.exp(),
    "log": lambda o: lambda: o.positive.log(),
    "sin": lambda o: lambda: o.x.sin(),
    "tanh": lambda o: lambda: o.x.tanh(),
    "sigmoid": lambda o: lambda: o.x.sigmoid(),
    "gelu": lambda o: lambda: F.gelu(o.x),
    "relu": lambda o: lambda: o.x.relu(),
    "erf": lambda o: lambda: o.x.erf(),
    "pow(2)": lambda o: lambda: o.x.pow(2),
    "pow(y)": lambda o: lambda: o.positive.pow(o.y),
    "sqrt": lambda o: lambda: o.positive.sqrt(),
    "rsqrt": lambda o: lambda: o.positive.rsqrt(),
    "lerp": lambda o: lambda: o.x.lerp(o.y, 0.3),
    "addcmul": lambda o: lambda: o.x.addcmul(o.y, o.z),
    "sum": lambda o: lambda: o.x.sum(),
    "sum(0)": lambda o: lambda: o.x.sum(0),
    "sum(1)": lambda o: lambda: o.x.sum(1),
    "mean": lambda o: lambda: o.x.mean(),
    "mean(1)": lambda o: lambda: o.x.mean(1),
    "max": lambda o: lambda: o.x.max(),
    "max(0)": lambda o: lambda: o.x.max(0),
    "max(1)": lambda o: lambda: o.x.max(1),
    "amax(0)": lambda o: lambda: o.x.amax(0),
    "amax(1)": lambda o: lambda: o.x.amax(1),
    "argmax": lambda o: lambda: o.x.argmax(),
    "argmax(0)": lambda o: lambda: o.x.argmax(0),
    "argmax(1)": lambda o: lambda: o.x.argmax(1),
    "prod": lambda o: lambda: o.x.prod(),
    "var": lambda o: lambda: o.x.var(),
    "var(0)": lambda o: lambda: o.x.var(0),
    "var(1)": lambda o: lambda: o.x.var(1),
    "std": lambda o: lambda: o.x.std(),
    "norm": lambda o: lambda: o.x.norm(),
    "norm(0)": lambda o: lambda: o.x.norm(dim=0),
    "norm(1)": lambda o: lambda: o.x.norm(dim=1),
    "any": lambda o: lambda: o.mask.any(),
    "nansum": lambda o: lambda: o.x.nansum(),
    "countNonzero": lambda o: lambda: o.x.count_nonzero(),
    "aminmax": lambda o: lambda: o.x.aminmax(),
    "median": lambda o: lambda: o.x.median(),
    "median(1)": lambda o: lambda: o.x.median(1),
    "logsumexp(1)": lambda o: lambda: o.x.logsumexp(1),
    "cumsum(0)": lambda o: lambda: o.x.cumsum(0),
    "cumsum(1)": lambda o: lambda: o.x.cumsum(1),
    "cummax(0)": lambda o: lambda: o.x.cummax(0),
    "cummax(1)": lambda o: lambda: o.x.cummax(1),
    "sort(0)": lambda o: lambda: o.x.sort(0),
    "sort(1)": lambda o: lambda: o.x.sort(1),
    "argsort": lambda o: lambda: o.row.argsort(),
    "topk": lambda o: lambda: o.x.topk(min(10, o.n)),
    "bincount": lambda o: lambda: o.counted.bincount(),
    "histc": lambda o: lambda: o.x.histc(bins=100, min=-3, max=3),
    "softmax(0)": lambda o: lambda: o.x.softmax(0),
    "softmax(1)": lambda o: lambda: o.x.softmax(1),
    "logSoftmax(1)": lambda o: lambda: o.x.log_softmax(1),
    "matmul": lambda o: lambda: o.x.matmul(o.y),
    "bmm": lambda o: lambda: torch.bmm(o.left, o.right),
    "addmm": lambda o: lambda: o.row.addmm(o.x, o.y),
    "cat(0)": lambda o: lambda: torch.cat([o.x, o.y]),
    "cat(1)": lambda o: lambda: torch.cat([o.x, o.y], 1),
    "stack": lambda o: lambda: torch.stack([o.x, o.y]),
    "contiguous": lambda o: lambda: o.x.t().contiguous(),
    "index": lambda o: lambda: o.x[o.rows],
    "gather(1)": lambda o: lambda: o.x.gather(1, o.places),
    "scatterAdd(1)": lambda o: lambda: o.x.scatter_add(1, o.places, o.y),
    "indexSelect(0)": lambda o: lambda: o.x.index_select(0, o.rows),
    "indexSelect(1)": lambda o: lambda: o.x.index_select(1, o.rows),
    "maskedFill": lambda o: lambda: o.x.masked_fill(o.mask, 0),
    "embedding": lambda o: lambda: o.table[o.rows.remainder(o.table.shape[0])],
    "arange": lambda o: lambda: torch.arange(o.elements, dtype=o.x.dtype),
    "zeros": lambda o: lambda: torch.zeros(o.n, o.n),
    "rand": lambda o: lambda: torch.rand(o.n, o.n),
    "randn": lambda o: lambda: torch.randn(o.n, o.n),
    "clone": lambda o: lambda: o.x.clone(),
    "copy_": lambda o: lambda: o.target.copy_(o.y),
    "to(float64)": lambda o: lambda: o.x.to(torch.float64),
    "to(bfloat16)": lambda o: lambda: o.x.to(torch.bfloat16),
    "to(int64)": lambda o: lambda: o.x.to(torch.int64),
}

operands = functools.lru_cache(maxsize=1)(Operands)


def make(name):
    op, dtype, elements, layout, threads = name.split(" ")
    torch.set_num_threads(int(threads))
    return ops[op](operands(int(elements), layout, dtype))


class Rows(dict):
    """A row for every name that may be asked for; alone, those of float32 and 10⁴ elements."""

    def __missing__(self, name):
        return functools.partial(make, name)


twin.run(Rows({name: functools.partial(make, name) for name in (f"{op} float32 10000 contiguous 1" for op in ops)}))
