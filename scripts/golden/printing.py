"""The texts that PyTorch prints for tensors of all dtypes, sizes and ranges, with all print options.

    python scripts/golden/printing.py"""

import random

import torch

from values import flat, write

DTYPES = [torch.float32, torch.float64, torch.float16, torch.bfloat16, torch.int64, torch.int32, torch.int16, torch.int8,
          torch.uint8, torch.bool]
SHAPES = [[], [1], [7], [30], [2, 3], [3, 1], [2, 2, 2], [1, 2, 1, 3], [0], [0, 3], [2, 0, 2], [1, 25], [1001], [40, 26],
          [7, 2, 80], [3, 7, 7, 8]]
# What numbers are multiplied with, and what some of them are.
RANGES = {
    "ones": (1, []),
    "thousands": (1500, []),
    "small": (1e-4, []),
    "tiny": (1e-20, []),
    "huge": (3e9, []),
    "integers": (None, []),
    "with nan": (1, [float("nan"), float("inf"), float("-inf"), 0.0, -0.0]),
    "integers with nan": (None, [float("nan"), float("-inf"), -0.0]),
    "halves": (0.5, [0.03125, 0.09375, 2.5, 0.00005]),
}
OPTIONS = [
    {},
    {"precision": 0},
    {"precision": 2},
    {"precision": 9},
    {"sci_mode": True},
    {"sci_mode": False},
    {"precision": 2, "sci_mode": True},
    {"threshold": 5},
    {"threshold": 5, "edgeitems": 1},
    {"threshold": 0, "edgeitems": 2, "linewidth": 40},
    {"linewidth": 25},
    {"linewidth": 120},
    {"profile": "short"},
    {"profile": "full", "linewidth": 100},
    {"profile": "short", "precision": 3},
    {"threshold": 4, "edgeitems": 0},
]


def draw(rng, count, dtype, scale, special):
    if dtype is torch.bool:
        return [rng.randrange(2) for _ in range(count)]
    if not dtype.is_floating_point:
        low, high = (0, 255) if dtype is torch.uint8 else (-100, 100)
        return [rng.randint(low, high) for _ in range(count)]
    one = lambda: float(rng.randint(-50, 50)) if scale is None else rng.gauss(0, 1) * scale
    return [rng.choice(special) if special and rng.random() < 0.3 else one() for _ in range(count)]


def entry(rng, dtype, shape, options, scale, special):
    count = torch.Size(shape).numel()
    x = torch.tensor(draw(rng, count, dtype, scale, special), dtype=torch.float64).to(dtype).view(shape)
    kind = rng.choice(["", "", "leaf", "graph"]) if dtype.is_floating_point else ""
    leaf = x.clone().requires_grad_(kind != "")
    torch.set_printoptions(profile="default")
    torch.set_printoptions(**options)
    text = str(leaf.view(shape) if kind == "graph" else leaf)
    torch.set_printoptions(profile="default")
    return {"dtype": str(dtype).removeprefix("torch."), "shape": shape, "data": flat(x), "kind": kind, "options": options,
            "text": text}


def main():
    rng = random.Random("printing")
    entries = {}
    cases = [(d, s, {}, r) for d in DTYPES for s in SHAPES[:9] for r in ["ones"]]
    cases += [(d, s, {}, r) for d in DTYPES[:4] for r in RANGES for s in ([9], [2, 3])]
    cases += [(d, s, o, r) for o in OPTIONS for d, s, r in (
        (torch.float32, [9], "ones"), (torch.float64, [4, 5], "thousands"), (torch.float32, [3, 12], "integers with nan"),
        (torch.float16, [2, 2, 7], "with nan"), (torch.int64, [2, 17], "ones"), (torch.bool, [13], "ones"))]
    cases += [(torch.float32, s, {"threshold": 0, "edgeitems": 0}, "ones") for s in ([], [1], [0, 3])]
    cases += [(torch.float32, s, {}, "ones") for s in SHAPES[9:]]
    for dtype, shape, options, name in cases:
        scale, special = RANGES[name]
        key = f"{len(entries)}: {dtype} {shape} {name} {options}"
        entries[key] = entry(rng, dtype, shape, options, scale, special)
    write("printing", {}, entries)


main()
