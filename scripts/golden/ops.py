"""PyTorch's answers for the op cases: values, dtypes and shapes of the outputs, and gradients of sum(out * w).

    npx tsx scripts/golden/dump-cases.ts | python scripts/golden/ops.py

A case's inputs are made here, laid out in memory as test/support/layout.ts does, and stored with the answers."""

import json
import math
import random
import re
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
    made = torch.tensor(data, dtype=torch.float64 if dtype.is_floating_point else torch.int64).to(dtype).view(stored)
    x = lay_out(made, shape, layout)
    assert list(x.shape) == shape, (case, shape)
    # The values before rounding to the dtype are what a reader of the file sees: 0.1 rather than 0.100000001.
    return x.detach().requires_grad_(bool(spec.get("grad"))), [encode(v, torch.float64 if dtype.is_floating_point else dtype) for v in data]


def run(expression: str, inputs: list) -> list:
    scope = {"torch": torch, "F": F, "nan": nan, "inf": inf, **{f"x{i}": x for i, x in enumerate(inputs)}}
    result = eval(expression, scope)
    return list(result) if isinstance(result, (list, tuple)) else [result]


def in_double(case: dict, inputs: list, through: list, wanted: list, seeds: list) -> tuple:
    """Outputs and gradients of the same case in float64 from the same input values, with what they were computed from."""
    laid, sources = [], []
    for i, (x, spec) in enumerate(zip(inputs, case["inputs"])):
        x = x.detach()
        cast = re.search(r"dtype=torch\.b?float", case["torch"])  # integers too are terms of the sum then
        if (x.is_floating_point() or cast) and f"weight=x{i}" not in case["torch"]:  # weights of classes are constants
            expanded = spec.get("layout") == "expanded"
            sources.append((x[:1] if expanded else x).double().contiguous().requires_grad_())
            x = sources[-1].clone().expand(spec["shape"])  # no leaf: it may be written to
        laid.append(x.double() if x.is_floating_point() else x)
    outputs = run(re.sub(r"torch\.(float32|float16|bfloat16)", "torch.float64", case["torch"]), laid)
    weights = [w.detach().double().requires_grad_() for w in seeds]
    gradients = []
    if weights:
        gradients = torch.autograd.grad([outputs[i] for i in through], [laid[i] for i in wanted], weights, create_graph=True)
    return outputs, gradients, sources, weights


def of_sums(y: torch.Tensor, sources: list, mixes: bool) -> dict:
    """What bounds the rounding of each element of y, seen as a sum over the elements of its sources: how many of one source
    reach it (the largest count of all elements), and the sum of |dy/ds| |s| over all of them, which for a sum of products
    is the sum of their absolute values. test/support/tolerance.ts makes a bound of these. Where an algorithm mixes elements,
    all have the largest bound, and as many terms as a matrix has elements."""
    terms, sizes = 1, []
    for element in y.reshape(-1):
        size = 0.0
        slopes = torch.autograd.grad(element, sources, retain_graph=True, allow_unused=True) if element.requires_grad else []
        for s, slope in zip(sources, slopes):
            if slope is None:
                continue
            terms = max(terms, int(torch.count_nonzero(slope)))
            size += torch.nan_to_num((slope * s).abs(), nan=0.0, posinf=0.0).sum().item()
        sizes.append(float(f"{size:.2g}"))
    if mixes and sizes:
        largest = torch.nan_to_num(y.detach().abs(), nan=0.0, posinf=0.0).max().item()
        sizes = [float(f"{max(largest, *sizes):.2g}")] * len(sizes)
        terms = max([terms, *(s.shape[-2:].numel() for s in sources)])
    return {"terms": terms, "sizes": [int(v) if v == int(v) else v for v in sizes]}


def stored(y: torch.Tensor, double: torch.Tensor, sources: list, mixes: bool, half: torch.dtype | None = None) -> dict:
    """An answer that is not compared to the last bit: shorter floats as float64 has them, to ten digits. `half` is a float
    of 16 bits that it was rounded to on the way."""
    if not y.is_floating_point():
        return describe(y)
    entry = describe(y)
    if y.dtype != torch.float64:
        rounded = double.detach().to(y.dtype).double()
        beyond = rounded.isinf() | (rounded == 0)  # a shorter float does not reach as far, nor as close to 0
        held = torch.where(beyond, rounded, double.detach())
        entry["data"] = [encode(float(f"{v:.10g}"), torch.float64) for v in held.reshape(-1).tolist()]
    through = {"through": str(half).removeprefix("torch.")} if half not in (None, y.dtype) else {}
    return {**entry, **of_sums(double, sources, mixes), **through}


def answer(case: dict) -> dict:
    made = [make_input(case["name"], i, spec) for i, spec in enumerate(case["inputs"])]
    inputs = [x for x, _ in made]
    outputs = run(case["torch"], inputs)
    entry = {"inputs": [data for _, data in made], "outputs": [describe(y) for y in outputs]}
    wanted = [i for i, x in enumerate(inputs) if x.requires_grad]
    through = [i for i, y in enumerate(outputs) if y.requires_grad]
    seeds, gradients = [], []
    if wanted and through:
        rng = random.Random(case["name"])
        seeds = [
            torch.tensor([round(rng.uniform(-2, 2), 2) for _ in range(y.numel())], dtype=torch.float64).to(y.dtype).view(y.shape)
            for y in (outputs[i] for i in through)
        ]
        gradients = torch.autograd.grad([outputs[i] for i in through], [inputs[i] for i in wanted], seeds)
    else:
        wanted, through = [], []
    if not case["exact"] or gradients:
        doubles, double_gradients, leaves, weights = in_double(case, [x for x, _ in remade(case)], through, wanted, seeds)
    if not case["exact"]:
        entry["outputs"] = [stored(y, d, leaves, case["mixes"]) for y, d in zip(outputs, doubles)]
    if gradients:
        entry["seeds"] = [flat(w) for w in seeds]
        half = next((y.dtype for y in outputs if y.dtype in (torch.float16, torch.bfloat16)), None)
        entry["gradients"] = [stored(g, d, [*leaves, *weights], case["mixes"], half) for g, d in zip(gradients, double_gradients)]
    return entry


def remade(case: dict) -> list:
    """The inputs again: the first run may have written to them."""
    return [make_input(case["name"], i, spec) for i, spec in enumerate(case["inputs"])]


def refusals(questions: list) -> dict:
    """What PyTorch says to the ops that it does not have for a dtype, by op and dtype."""
    refused = {}
    for question in questions:
        try:
            run(question["torch"], [make_input("question", i, spec)[0] for i, spec in enumerate(question["inputs"])])
        except Exception as error:
            refused.setdefault(question["op"], {})[question["dtype"]] = str(error).split("\n")[0]
    return refused


if __name__ == "__main__":
    torch.set_num_threads(1)
    torch.use_deterministic_algorithms(True, warn_only=True)
    failed = 0
    for family, dump in json.load(sys.stdin).items():
        entries = {}
        for case in dump["cases"]:
            try:
                entries[case["name"]] = answer(case)
            except Exception as error:  # report all of them at once
                failed += 1
                print(f"{family} / {case['name']}: {case['torch']}: {type(error).__name__}: {error}", file=sys.stderr)
        write(f"ops-{family}", {"refused": refusals(dump["questions"])}, entries)
    sys.exit(1 if failed else 0)
