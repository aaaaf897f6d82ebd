"""PyTorch's answers about TensorBoard: the events and files that torch.utils.tensorboard writes for calls.

    python scripts/golden/tensorboard_events.py          writes the golden file
    python scripts/golden/tensorboard_events.py check    lets dtrain make the same calls, and TensorBoard read what it wrote

A call is [name, [arguments], {options}], the names as dtrain has them; {"tensor": shape} stands for a tensor whose elements
follow a formula. It needs the package tensorboard. Pictures are compared by their pixels, so they are stored as such."""

import base64
import io
import json
import re
import subprocess
import sys
import tempfile
from pathlib import Path

import numpy as np
import torch
from google.protobuf.json_format import MessageToDict
from google.protobuf import text_format
from PIL import Image
from tensorboard.backend.event_processing.event_accumulator import EventAccumulator
from tensorboard.backend.event_processing.event_file_loader import RawEventFileLoader
from tensorboard.compat.proto.event_pb2 import Event
from tensorboard.compat.proto.graph_pb2 import GraphDef
from tensorboard.plugins.hparams.plugin_data_pb2 import HParamsPluginData
from tensorboard.plugins.projector.projector_config_pb2 import ProjectorConfig
from torch.utils.tensorboard import SummaryWriter

from values import golden, write


def noise(*shape, dtype="float32"):
    return {"tensor": list(shape), "dtype": dtype}


at = lambda step: {"globalStep": step, "walltime": 2.5}
calls = {
    "scalar": ["addScalar", ["loss", 0.1], at(3)],
    "scalar without step": ["addScalar", ["loss", -2.5], {"walltime": 2.5}],
    "scalar of a tensor": ["addScalar", ["a/b", noise(1, 1)], at(2**40)],
    "scalar in the new style": ["addScalar", ["loss", 0.1], {**at(0), "newStyle": True}],
    "scalar in double precision": ["addScalar", ["loss", 0.1], {**at(1), "newStyle": True, "doublePrecision": True}],
    "scalars": ["addScalars", ["run/loss", {"train": 0.5, "test": 0.75}], at(7)],
    "histogram": ["addHistogram", ["weights", noise(50, 4)], at(1)],
    "histogram of one value": ["addHistogram", ["weights", [0, 0, 0]], at(1)],
    "histogram of integers": ["addHistogram", ["labels", noise(40, dtype="int64")], at(1)],
    "histogram of 7 bins": ["addHistogram", ["weights", noise(300, dtype="float64")], {**at(1), "bins": 7}],
    "histogram of equal values": ["addHistogram", ["weights", [2, 2]], {**at(1), "bins": 4}],
    "histogram of edges": ["addHistogram", ["w", [0, 0.5, 1, 1.5, 2, 9]], {**at(1), "bins": [-2, -1, 0, 1, 1.5, 2]}],
    "histogram of few bins": ["addHistogram", ["w", noise(99)], {**at(1), "bins": 20, "maxBins": 6}],
    "text": ["addText", ["notes", "**bold** ä\nline"], at(5)],
    "image": ["addImage", ["x", noise(3, 5, 4)], at(1)],
    "image of bytes": ["addImage", ["x", noise(3, 5, 4, dtype="uint8")], at(1)],
    "image in gray": ["addImage", ["x", noise(1, 5, 4)], at(1)],
    "image with opacity": ["addImage", ["x", noise(4, 5, 4)], at(1)],
    "image of rows and columns": ["addImage", ["x", noise(5, 4)], {**at(1), "dataformats": "HW"}],
    "image with channels last": ["addImage", ["x", noise(5, 4, 3)], {**at(1), "dataformats": "HWC"}],
    "image in float64": ["addImage", ["x", noise(3, 9, 9, dtype="float64")], at(1)],
    "images": ["addImages", ["x", noise(11, 3, 3, 2)], at(1)],
    "images in gray": ["addImages", ["x", noise(2, 1, 3, 2)], at(1)],
    "images with channels last": ["addImages", ["x", noise(3, 4, 2, 3)], {**at(1), "dataformats": "NHWC"}],
    "hparams": [
        "addHparams",
        [{"lr": 0.1, "net": "ä", "bias": True, "none": None, "t": noise(1)}, {"accuracy": 0.5, "loss": 2}],
        {"runName": "run", "globalStep": 4, "hparamDomainDiscrete": {"lr": [0.1, 0.2], "net": ["ä", "b"]}},
    ],
    "embedding": ["addEmbedding", [noise(5, 3)], {"metadata": ["a", "b", "c", "d", "e"], "globalStep": 12, "tag": "a/b%"}],
    "embedding with pictures": [
        "addEmbedding",
        [noise(3, 2)],
        {"metadata": [["a", 1], ["b", 2], ["c", 3]], "metadataHeader": ["name", "number"], "labelImg": noise(3, 3, 2, 2)},
    ],
}


def made(value):
    """The elements are (37 i mod 101) / 101, the numerators for integers."""
    if isinstance(value, list):
        return [made(v) for v in value]
    if not isinstance(value, dict):
        return value
    if "tensor" not in value:
        return {k: made(v) for k, v in value.items()}
    numbers = torch.arange(int(np.prod(value["tensor"]))) * 37 % 101
    dtype = getattr(torch, value["dtype"])
    if dtype.is_floating_point:
        numbers = numbers.double() / 101
    return numbers.to(dtype).view(value["tensor"])


def snake(name: str) -> str:
    return re.sub("[A-Z]", lambda letter: f"_{letter[0].lower()}", name)


def pixels(png: bytes) -> dict:
    picture = Image.open(io.BytesIO(png))
    return {"size": list(picture.size), "pixels": base64.b64encode(picture.tobytes()).decode()}


def event(record: bytes) -> dict:
    out = MessageToDict(Event.FromString(record))
    out.pop("sourceMetadata", None)  # which names the library
    if out["wallTime"] != 2.5:
        del out["wallTime"]
    if "graphDef" in out:
        out["graphDef"] = MessageToDict(GraphDef.FromString(base64.b64decode(out["graphDef"])))
    for value in out.get("summary", {}).get("value", []):
        if "image" in value:
            value["image"] |= pixels(base64.b64decode(value["image"].pop("encodedImageString")))
        plugin = value.get("metadata", {}).get("pluginData", {})
        if plugin.get("pluginName") == "hparams":
            plugin["content"] = MessageToDict(HParamsPluginData.FromString(base64.b64decode(plugin["content"])))
    return out


def written(folder: Path) -> dict:
    """What stands in each file, by its folder for events."""
    found = {}
    for file in sorted(file for file in folder.rglob("*") if file.is_file()):
        name = str(file.relative_to(folder))
        if "tfevents" in name:
            found[str(Path(name).parent)] = [event(record) for record in RawEventFileLoader(str(file)).Load()]
        elif name.endswith(".png"):
            found[name] = pixels(file.read_bytes())
        elif name.endswith(".pbtxt"):
            found[name] = MessageToDict(text_format.Parse(file.read_text(), ProjectorConfig()))
        elif name.endswith("tensors.tsv"):
            found[name] = [[float(cell) for cell in line.split("\t")] for line in file.read_text().splitlines()]
        else:
            found[name] = file.read_text()
    return found


def answers() -> dict:
    entries = {}
    for name, (method, args, options) in calls.items():
        with tempfile.TemporaryDirectory() as folder:
            writer = SummaryWriter(folder)
            values = [np.array(v) if isinstance(v, list) else v for v in made(args)]
            getattr(writer, snake(method))(*values, **{snake(key): made(value) for key, value in options.items()})
            writer.close()
            entries[name] = {"call": calls[name], "files": written(Path(folder))}
    with tempfile.TemporaryDirectory() as folder:
        SummaryWriter(folder, purge_step=5).close()
        entries["purge"] = {"files": written(Path(folder))}
    return entries


def equal(a, b) -> bool:
    """But for rounding: a sum may be taken in another order."""
    if isinstance(a, dict) and isinstance(b, dict):
        return a.keys() == b.keys() and all(equal(a[key], b[key]) for key in a)
    if isinstance(a, list) and isinstance(b, list):
        return len(a) == len(b) and all(map(equal, a, b))
    return abs(a - b) <= 1e-12 * abs(a) if isinstance(a, float) and isinstance(b, float) else a == b


def scopes(folder: Path) -> set:
    """The layers of a graph, with `input` and `output`, as TensorBoard reads it."""
    names = [node.name for node in EventAccumulator(str(folder)).Reload().Graph().node]
    return {name[: name.rfind("]") + 1] or name.split("/")[0] for name in names}


def waits_for_the_rest(file: Path) -> bool:
    """Whether TensorBoard, where a record is cut off, goes on when the rest is there."""
    data = file.read_bytes()
    file.write_bytes(data[:-20])
    loader = RawEventFileLoader(str(file))
    first = len(list(loader.Load()))
    file.write_bytes(data)
    return (first, len(list(loader.Load()))) == (1, 1)


def check() -> None:
    stored = json.loads((golden / "tensorboard.json").read_text())["entries"]
    root = Path(__file__).resolve().parents[2]
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run(["npx", "tsx", root / "test/tensorboard/calls.ts", folder], cwd=root, check=True)
        wrong = [name for name, entry in stored.items() if not equal(written(Path(folder) / name), entry["files"])]
        events = EventAccumulator(str(Path(folder) / "scalar")).Reload()
        scalars = [(one.wall_time, one.step, one.value) for one in events.Scalars("loss")]
        torch_folder = Path(folder) / "graph of PyTorch"
        with SummaryWriter(torch_folder) as writer:
            model = torch.nn.Sequential(torch.nn.Linear(4, 3), torch.nn.ReLU(), torch.nn.Linear(3, 2))
            writer.add_graph(model, torch.ones(5, 4))
        if scopes(Path(folder) / "graph") != scopes(torch_folder):
            wrong.append("graph")
        if not waits_for_the_rest(next((Path(folder) / "scalar").glob("*tfevents*"))):
            wrong.append("half a record")
    if wrong or scalars != [(2.5, 3, float(np.float32(0.1)))]:
        sys.exit(f"TensorBoard reads something else: {wrong}, {scalars}")
    print(f"{len(stored) + 1} folders as TensorBoard reads them: equal")


if sys.argv[1:] == ["check"]:
    check()
else:
    write("tensorboard", {}, answers())
