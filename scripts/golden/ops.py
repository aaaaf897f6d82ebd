"""PyTorch's answers for the op cases: values, dtypes and shapes of the outputs, and gradients of sum(out * w).

    npx tsx scripts/golden/dump-cases.ts | python scripts/golden/ops.py

A case's inputs are made here, laid out in memory as test/support/layout.ts does, and stored with the answers."""

import json
import math
import random
import sys
from math import inf, nan

import torch
import torch.nn.functional as F  # noqa: F401 (used by the expressions)

from values import describe, encode, flat, values, write


def lay_out(data: torch.Tensor, shape: list, layout: str) -> torch.Tensor:
    """A tensor of `shape` with the given layout; what lies between its elements is poison."""
    poison = nan if data.dtype.is_floating_point else 99 if data.dtype != torch.bool else True
    if layout == "transposed":
        return data.transpose(-1, -2).contiguous().transpose(-1, -2)
    if layout == "sliced":
        room = torch.full([*shape[:-1], shape[-1] * 2], poison, dtype=data.dtype)
        room[..., ::2] = data
        return room[..., ::2]
    if layout == "expanded":
        return data.expand(shape)
    if layout == "offset":
        room = torch.full([3 + data.numel()], poison, dtype=data.dtype)
        room[3:] = data.reshape(-1)
        return room[3:].view(shape)
    return data


def make_input(case: str, index: int, spec: dict):
    dtype = getattr(torch, spec.get("dtype", "float32"))
    layout = spec.get("layout", "contiguous")
    shape = spec["shape"]
    stored = [1, *shape[1:]] if layout == "expanded" else shape
    data = values(f"{case}/{index}", spec.get("values", "normal"), math.prod(stored), dtype)
    x = lay_out(torch.tensor(data, dtype=torch.float64 if dtype.is_floating_point else torch.int64).to(dtype).view(stored), shape, layout)
    assert list(x.shape) == shape, (case, shape)
    # The values before rounding to the dtype are what a reader of the file sees: 0.1 rather than 0.100000001.
    return x.detach().requires_grad_(bool(spec.get("grad"))), [encode(v, torch.float64 if dtype.is_floating_point else dtype) for v in data]


def answer(case: dict) -> dict:
    made = [make_input(case["name"], i, spec) for i, spec in enumerate(case["inputs"])]
    inputs = [x for x, _ in made]
    scope = {"torch": torch, "F": F, "nan": nan, "inf": inf, **{f"x{i}": x for i, x in enumerate(inputs)}}
    result = eval(case["torch"], scope)
    outputs = list(result) if isinstance(result, (list, tuple)) else [result]
    entry = {"inputs": [data for _, data in made], "outputs": [describe(y) for y in outputs]}
    wanted = [x for x in inputs if x.requires_grad]
    through = [y for y in outputs if y.requires_grad]
    if wanted and through:
        rng = random.Random(case["name"])
        seeds = [torch.tensor([round(rng.uniform(-2, 2), 2) for _ in range(y.numel())], dtype=torch.float64).to(y.dtype).view(y.shape) for y in through]
        gradients = torch.autograd.grad(through, wanted, seeds)
        entry["seeds"] = [flat(w) for w in seeds]
        entry["gradients"] = [describe(g) for g in gradients]
    return entry


if __name__ == "__main__":
    torch.set_num_threads(1)
    torch.use_deterministic_algorithms(True)
    failed = 0
    for family, cases in json.load(sys.stdin).items():
        entries = {}
        for case in cases:
            try:
                entries[case["name"]] = answer(case)
            except Exception as error:  # report all of them at once
                failed += 1
                print(f"{family} / {case['name']}: {case['torch']}: {type(error).__name__}: {error}", file=sys.stderr)
        write(f"ops-{family}", {}, entries)
    sys.exit(1 if failed else 0)
