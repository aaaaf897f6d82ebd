# Writes test/golden/names.json: the names of PyTorch's operators, as its own test inputs list them (torch.testing's
# op_db), by group, and for each that dtrain leaves out on purpose the kind that it belongs to.
import json
import os
import sys

import torch
from torch.testing._internal.common_methods_invocations import op_db

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "..", "opinfo"))
from dump import COMPLEX, IN_PLACE, INTERNAL, LEFT_OUT  # noqa: E402

KINDS = ("fft", "masked", "signal", "sparse")
root = os.path.join(os.path.dirname(__file__), "..", "..")


def kind(name):
    """Of what is left out."""
    if name in COMPLEX or name in ("linalg.eig", "linalg.eigvals"):
        return "complex"
    if name.split(".")[0] in KINDS:
        return name.split(".")[0]
    if name.startswith("__"):
        return "syntax"
    if name in INTERNAL or name.startswith(LEFT_OUT):
        return "internal"
    return None


names = sorted({op.name + "_" if op.name in IN_PLACE else op.name for op in op_db})
wanted = [name for name in names if kind(name) is None]
left = {}
for name in names:
    if kind(name):
        left.setdefault(kind(name), []).append(name)
with open(os.path.join(root, "test", "golden", "names.json"), "w") as out:
    json.dump({"torch": torch.__version__.split("+")[0], "names": wanted, "leftOut": left}, out, indent=0)
    out.write("\n")
print(f"names.json: {len(wanted)} names, left out {({key: len(value) for key, value in left.items()})}")
