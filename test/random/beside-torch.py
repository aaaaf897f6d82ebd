"""What PyTorch's CUDA generator draws on this GPU, for beside-torch.ts: python beside-torch.py > drawn.json

Each program is a seed and draws in a row, so that the generator's offset is compared too. A result is its SHA-256 and
its first elements. Sizes: one element, less than a block, several blocks, and more than the GPU holds at a time.
"""

import hashlib
import json

import torch

SIZES = (1, 7, 1000, 100_003, 3_000_001)
CASTS = {"float32": torch.float32, "float64": torch.float64, "int64": torch.int64}


def draw(step):
    op, n, dtype = step["op"], step["n"], CASTS[step["dtype"]]
    if op == "rand":
        return torch.rand(n, dtype=dtype, device="cuda")
    if op == "randn":
        return torch.randn(n, dtype=dtype, device="cuda")
    if op == "randint":
        return torch.randint(step["low"], step["high"], (n,), device="cuda")
    x = torch.empty(n, dtype=dtype, device="cuda")
    return x.uniform_(*step["bounds"]) if op == "uniform_" else x.normal_(*step["bounds"])


def programs():
    for seed in (0, 42, 2**40 + 3):
        for n in SIZES:
            for dtype in ("float32", "float64"):
                yield seed, [{"op": "rand", "n": n, "dtype": dtype}, {"op": "randn", "n": n, "dtype": dtype},
                             {"op": "uniform_", "n": n, "dtype": dtype, "bounds": [-2.5, 1]},
                             {"op": "normal_", "n": n, "dtype": dtype, "bounds": [3, 0.5]}]
            yield seed, [{"op": "randint", "n": n, "dtype": "int64", "low": 0, "high": 10},
                         {"op": "randint", "n": n, "dtype": "int64", "low": -5, "high": 2**40}]


out = []
for seed, steps in programs():
    torch.manual_seed(seed)
    for step in steps:
        x = draw(step).cpu().numpy()
        step["sha256"] = hashlib.sha256(x.tobytes()).hexdigest()
        step["head"] = [str(value) for value in x[:4].tolist()]
    out.append({"seed": seed, "steps": steps})
print(json.dumps({"torch": torch.__version__, "gpu": torch.cuda.get_device_name(), "programs": out}))
