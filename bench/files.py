"""PyTorch's and safetensors' figures for bench/files.ts, which serves it: milliseconds, in a folder."""

import os
import subprocess
import sys
import time

import torch
from safetensors import safe_open
from safetensors.torch import load_file, save_file

folder = sys.argv[-1]
model = {f"layer{i}": torch.randn(4096, 4096) for i in range(16)}


def one_safetensors(path):
    with safe_open(path, "pt") as file:
        return file.get_tensor("layer7")[5].sum().item()


ways = {
    "safetensors": (save_file, load_file, one_safetensors),
    "pth": (
        torch.save,
        lambda path: torch.load(path, weights_only=True),
        lambda path: torch.load(path, weights_only=True, mmap=True)["layer7"][5].sum().item(),
    ),
}
print(f"PyTorch {torch.__version__}", flush=True)
for line in sys.stdin:
    kind, what = line.split()[1], " ".join(line.split()[2:])
    save, load, one = ways[kind]
    # As it was saved by dtrain; what is saved here goes again.
    source, target = (os.path.join(folder, f"{name}.{kind}") for name in ("dtrain-bench-model", "torch-bench"))
    subprocess.run(["sync"], check=True)
    start = time.perf_counter()
    if what == "save":
        save(model, target)
    else:
        (load if what == "load" else one)(source)
    print((time.perf_counter() - start) * 1e3, flush=True)
    if what == "save":
        os.remove(target)
