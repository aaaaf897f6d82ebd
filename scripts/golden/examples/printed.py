"""What an example's PyTorch twin prints, for the test of the example: shared by the scripts beside this one.

A twin is a function main(show, **options) that prints through `show`. Its lines stand in test/golden/examples/<name>.json,
one list for each set of options, with the versions of PyTorch and NumPy that gave them."""

import json
import re
from pathlib import Path

import numpy
import torch

folder = Path(__file__).resolve().parents[3] / "test" / "golden" / "examples"


def text(value) -> str:
    """As Python prints it, but for what JavaScript says otherwise: None, sizes, and the addresses of nodes."""
    printed = re.sub(r" object at 0x[0-9a-f]+", "", str(value))
    printed = re.sub(r"torch\.Size\(\[(.*?)\]\)", r"[ \1 ]", printed)
    return "null" if printed == "None" else printed


def record(name: str, main, runs: dict) -> None:
    torch.set_num_threads(1)
    printed = {}
    for run, options in runs.items():
        lines = []
        main(lambda *values: lines.extend(" ".join(map(text, values)).split("\n")), **options)
        printed[run] = lines
    versions = {"torch": torch.__version__.split("+")[0], "numpy": numpy.__version__}
    (folder / name).parent.mkdir(parents=True, exist_ok=True)
    (folder / f"{name}.json").write_text(json.dumps({**versions, "printed": printed}, indent=0) + "\n")
    print(f"examples/{name}.json: {', '.join(f'{len(lines)} lines {run}' for run, lines in printed.items())}")
