"""PyTorch's and safetensors' figures for bench/files.ts: python bench/files.py [folder]"""

import os
import statistics
import subprocess
import sys
import tempfile
import time

import torch
from safetensors import safe_open
from safetensors.torch import load_file, save_file

folder = sys.argv[1] if len(sys.argv) > 1 else tempfile.gettempdir()
model = {f"layer{i}": torch.randn(4096, 4096) for i in range(16)}


def milliseconds(work):
    subprocess.run(["sync"], check=True)
    start = time.perf_counter()
    work()
    return (time.perf_counter() - start) * 1e3


def one_safetensors(path):
    with safe_open(path, "pt") as file:
        return file.get_tensor("layer7")[5].sum().item()


ways = {
    "model.safetensors": (save_file, load_file, one_safetensors),
    "model.pth": (
        torch.save,
        lambda path: torch.load(path, weights_only=True),
        lambda path: torch.load(path, weights_only=True, mmap=True)["layer7"][5].sum().item(),
    ),
}
print(f"{'':>18}{'save':>12}{'load':>12}{'one tensor':>12}")
for name, (save, load, one) in ways.items():
    path = os.path.join(folder, f"torch-bench-{name}")
    times = []
    for _ in range(5):
        times.append([milliseconds(lambda: save(model, path)), milliseconds(lambda: load(path)), milliseconds(lambda: one(path))])
        os.remove(path)
    print(f"{name:>18}" + "".join(f"{statistics.median(column):12.0f}" for column in zip(*times)))
