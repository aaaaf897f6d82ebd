"""The order of PyTorch's arguments, for `npm run arguments`.

    npx tsx scripts/arguments.ts --names | python scripts/golden/signatures.py

Of each name that dtrain exports (dt.add, Tensor.add_, nn.Conv2d) and PyTorch has: the names of the arguments of each
overload. Ops are asked for their schema, since their Python functions have no signature."""

import inspect
import re
import sys

import torch
import torch.nn.functional as F
from torch.utils import data

from values import write
from vision import datasets, transforms

spaces = {
    "dt": [torch],
    "Tensor": [torch.Tensor],
    "nn": [torch.nn],
    "nn.functional": [F, torch],
    "nn.init": [torch.nn.init],
    "optim": [torch.optim, torch.optim.lr_scheduler],
    "optim.swaUtils": [torch.optim.swa_utils],
    "nn.utils": [torch.nn.utils],
    "linalg": [torch.linalg],
    "special": [torch.special],
    "data": [data],
    "cuda": [torch.cuda],
    "distributed": [torch.distributed],
    "vision.datasets": [datasets],
    "vision.transforms": [transforms],
}


def snake(name):
    return re.sub(r"(?<=[a-z0-9])([A-Z])", lambda m: "_" + m[1].lower(), name)


def camel(name):
    return re.sub(r"(?<=\w)_(\w)", lambda m: m[1].upper(), name)


def overloads(where, name):
    found = next((getattr(space, n) for space in spaces[where] for n in (name, snake(name)) if hasattr(space, n)), None)
    if found is None:
        return []
    if inspect.isclass(found):
        found = found.__init__
    try:
        names = [p.name for p in inspect.signature(found).parameters.values() if p.kind == p.POSITIONAL_OR_KEYWORD]
        return [[n for n in names if n != "self" or where == "Tensor"]]
    except ValueError:
        schemas = torch._C._jit_get_schemas_for_operator(f"aten::{found.__name__}")
        return [[a.name for a in s.arguments] for s in schemas if not s.overload_name.endswith("out")]


rows = {}
for line in sys.stdin.read().split():
    where, name = line.rsplit(".", 1)
    lists = overloads(where, name) if where in spaces else []
    unique = sorted({tuple(camel(n) for n in names) for names in lists if len(names) > 1})
    if unique:
        rows[line] = [list(names) for names in unique]

write("signatures", {}, rows)
