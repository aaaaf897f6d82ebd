"""Small files of PyTorch, NumPy and safetensors, which test/io reads: of every kind of content there.

    python scripts/golden/files.py

They are committed, so the tests need no Python. Archives hold the time at which they were made, so a second run gives other
bytes of the same content."""

import collections
import json
import os

import numpy as np
import torch
from safetensors.torch import save_file

from values import golden

folder = golden / "files"
folder.mkdir(exist_ok=True)
dtypes = ["float32", "float64", "float16", "bfloat16", "int64", "int32", "int16", "int8", "uint8", "bool"]


def content():
    base = torch.arange(6.0).view(2, 3)
    net = torch.nn.Sequential(torch.nn.Linear(2, 3), torch.nn.ReLU(), torch.nn.Linear(3, 1))
    with torch.no_grad():
        for i, p in enumerate(net.parameters()):
            p.copy_(torch.arange(p.numel()).view(p.shape) / 4 - i)
    optimizer = torch.optim.Adam(net.parameters(), lr=0.125)
    scheduler = torch.optim.lr_scheduler.StepLR(optimizer, 2, gamma=0.5)
    net(torch.ones(4, 2)).sum().backward()
    optimizer.step()
    scheduler.step()
    return {
        "dtypes": {name: torch.tensor([1, 0, 3]).to(getattr(torch, name)) for name in dtypes},
        "shared": [base, base.t(), base[1]],
        "scalar": torch.tensor(2.5),
        "empty": torch.zeros(0, 3),
        "strided": torch.arange(12.0).view(3, 4)[:, ::2],
        "parameter": torch.nn.Parameter(torch.ones(2)),
        "needs_grad": torch.ones(1, requires_grad=True),
        "none": None,
        "bools": [True, False],
        "ints": [0, 255, 256, -1, 2**31, -(2**31) - 1, 2**53 - 1, 2**53, 2**63, -(2**100)],
        "floats": [0.5, -0.0, 1e300, float("inf"), float("nan")],
        "texts": ["", "ä", "日本", "x" * 300],
        "bytes": b"\x00\xff",
        "tuple": (1, (2, "x")),
        "set": {1, 2},
        "ordered": collections.OrderedDict([("b", 1), ("a", 2)]),
        "by_number": {0: "a", 7: "b"},
        "by_both": {"a": 1, 1: 2},
        "by_tuple": {(1, 2): 3},
        "size": base.shape,
        "device": torch.device("cpu"),
        "dtype": torch.float16,
        "numpy": [np.float64(2.5), np.float32(0.25), np.int64(7), np.bool_(True)],
        "model": net.state_dict(),
        "optimizer": optimizer.state_dict(),
        "scheduler": scheduler.state_dict(),
    }


class Code:
    def __reduce__(self):
        return os.system, ("true",)


torch.save(content(), folder / "content.pth")
torch.save(content(), folder / "legacy.pth", _use_new_zipfile_serialization=False)
torch.save({"x": Code()}, folder / "code.pth")
torch.save({"x": Code()}, folder / "code-legacy.pth", _use_new_zipfile_serialization=False)
torch.save({"x": torch.ones(2, dtype=torch.complex64)}, folder / "complex.pth")
torch.jit.save(torch.jit.script(torch.nn.Linear(1, 1)), folder / "script.pt")
tensors = {name: torch.tensor([[1, 0, 3]]).to(getattr(torch, name)) for name in dtypes}
save_file(tensors, folder / "tensors.safetensors", metadata={"format": "pt"})
halves = {"part-1.safetensors": {"a": torch.ones(2)}, "part-2.safetensors": {"b": torch.zeros(1, 2)}}
for name, part in halves.items():
    save_file(part, folder / name)
index = {"metadata": {"total_size": 16}, "weight_map": {key: name for name, part in halves.items() for key in part}}
(folder / "model.safetensors.index.json").write_text(json.dumps(index))
arrays = {
    **{name: np.array([[1, 0, 3]], dtype=name) for name in dtypes if name != "bfloat16"},
    "scalar": np.float64(2.5),
    "empty": np.zeros((0, 3)),
    "fortran": np.asfortranarray(np.arange(6.0).reshape(2, 3)),
    "one": np.arange(3),
}
np.savez(folder / "arrays.npz", **arrays)
np.savez_compressed(folder / "compressed.npz", **arrays)
np.save(folder / "array.npy", np.arange(6, dtype=np.float32).reshape(2, 3))
np.save(folder / "fortran.npy", arrays["fortran"])
np.save(folder / "big-endian.npy", np.arange(3, dtype=">f4"))
np.save(folder / "texts.npy", np.array(["a", "b"]))
