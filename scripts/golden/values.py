"""Input values and their text in golden files, shared by the scripts of this folder.

Values come from Python's own generator seeded by a string, rounded to three decimals: equal on every machine, short in the
file, and exact after a round trip through JSON in either float dtype."""

import json
import math
import random
import struct
from pathlib import Path

import torch

golden = Path(__file__).resolve().parents[2] / "test" / "golden"


def values(seed: str, spec, count: int, dtype: torch.dtype) -> list:
    """`count` values of an input; `spec` is the field `values` of a case's input."""
    if isinstance(spec, list):
        return [float(v) if isinstance(v, str) else v for v in spec]
    rng = random.Random(seed)
    if isinstance(spec, dict):
        return [rng.randrange(spec["integersBelow"]) for _ in range(count)]
    if spec == "bool" or dtype == torch.bool:
        return [rng.randrange(2) for _ in range(count)]
    if dtype == torch.uint8:
        return [rng.randrange(1 if spec == "positive" else 0, 200) for _ in range(count)]
    if not dtype.is_floating_point:
        return [rng.randrange(1, 10) if spec == "positive" else rng.randrange(-9, 10) for _ in range(count)]
    if spec == "distinct":
        order = list(range(count))
        rng.shuffle(order)
        return [round(0.2 * (v - count // 2) + 0.07, 3) for v in order]  # no two squares are equal either
    draw = {
        "normal": lambda: rng.gauss(0, 1),
        "uniform": lambda: 0.001 + 0.998 * rng.random(),
        "positive": lambda: 0.1 + 2.9 * rng.random(),
    }[spec]
    return [round(draw(), 3) for _ in range(count)]


def shortest(value: float, dtype: torch.dtype) -> float:
    """The shortest decimal that is still `value` in `dtype`, a half's in float32, which has all halves."""
    if dtype != torch.float64 and math.isfinite(value):
        for digits in range(1, 10):
            text = f"{value:.{digits}g}"
            if struct.pack("f", float(text)) == struct.pack("f", value):
                return float(text)
    return value


def encode(value, dtype: torch.dtype):
    """One element for JSON: numbers stay numbers, except what JSON or a JavaScript number cannot hold."""
    if dtype == torch.bool:
        return int(value)
    if not dtype.is_floating_point:
        return value if abs(value) <= 2**53 else str(value)
    if math.isnan(value):
        return "NaN"
    if math.isinf(value):
        return "Infinity" if value > 0 else "-Infinity"
    if value == 0:
        return "-0" if math.copysign(1, value) < 0 else 0
    short = shortest(value, dtype)
    return int(short) if short == int(short) and abs(short) < 1e15 else short


def flat(x: torch.Tensor) -> list:
    """All elements in logical order, encoded."""
    return [encode(v, x.dtype) for v in x.detach().contiguous().view(-1).tolist()]


def describe(x: torch.Tensor) -> dict:
    return {"dtype": str(x.dtype).removeprefix("torch."), "shape": list(x.shape), "data": flat(x)}


def write(name: str, head: dict, entries: dict) -> None:
    """One line per entry, so a changed answer is a changed line."""
    compact = lambda v: json.dumps(v, separators=(",", ":"), allow_nan=False)
    lines = [f"{compact(k)}:{compact(v)}" for k, v in entries.items()]
    text = compact({"torch": torch.__version__.split("+")[0], **head})[:-1] + ',"entries":{\n' + ",\n".join(lines) + "\n}}\n"
    golden.mkdir(parents=True, exist_ok=True)
    (golden / f"{name}.json").write_text(text)
    print(f"{name}.json: {len(entries)} entries, {len(text) / 1024:.0f} KiB")
