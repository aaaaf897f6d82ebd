"""torchvision's answers: what its transforms make of images and of tensors, what they draw, and how they print; and what
it reads from files of images and of CIFAR.

    python scripts/golden/vision.py

The images are Pillow's, so these are also Pillow's pixels. A transform is [name, [arguments], {options}], the names as
dtrain has them; an argument may be a list of transforms. Pixels and elements are base64 of their bytes."""

import base64
import io
import pickle
import random
import re
import struct
import tempfile
from pathlib import Path

import numpy as np
import torch
from PIL import Image

from values import write

# The package on PyPI is built for CUDA, and its library does not load beside PyTorch for the CPU. Transforms need none of it.
library = torch.library.Library("torchvision", "DEF")
for op in ("nms", "qnms"):
    library.define(f"{op}(Tensor dets, Tensor scores, float iou_threshold) -> Tensor")
import torchvision
from torchvision import datasets, transforms


def noise(seed: str, count: int) -> np.ndarray:
    """Bytes that change slowly, with noise."""
    rng = random.Random(seed)
    return np.array([int(128 + 90 * np.sin(i / 11) + rng.randrange(-37, 38)) for i in range(count)], dtype=np.uint8)


def image(mode: str, width: int, height: int) -> Image.Image:
    channels = {"L": 1, "RGB": 3, "RGBA": 4}[mode]
    data = noise(f"{mode} {width} {height}", width * height * channels).reshape(height, width, channels)
    if mode == "RGBA":
        data[::3, ::4, 3] = 0
        data[1::3, :, 3] = 255
    return Image.fromarray(data.squeeze(-1) if channels == 1 else data)


def floats(dtype: torch.dtype, *shape: int) -> torch.Tensor:
    rng = random.Random(f"{dtype} {shape}")
    count = int(np.prod(shape))
    return torch.tensor([rng.randrange(1001) / 1000 for _ in range(count)], dtype=dtype).view(shape)


inputs = {
    "rgb": image("RGB", 11, 9),
    "l": image("L", 8, 10),
    "rgba": image("RGBA", 9, 7),
    "square": image("RGB", 6, 6),
    "large": image("RGB", 31, 23),
    "float32": floats(torch.float32, 3, 9, 11),
    "float64": floats(torch.float64, 3, 5, 7),
    "gray": floats(torch.float32, 1, 9, 8),
    "batch": floats(torch.float32, 2, 3, 4, 5),
    "bytes": torch.tensor(noise("bytes", 3 * 9 * 11)).view(3, 9, 11),
}
images = ["rgb", "l", "rgba"]
tensors = ["float32", "float64", "bytes", "batch"]
ways = ["nearest", "nearest-exact", "bilinear", "bicubic", "box", "hamming", "lanczos"]


def snake(name: str) -> str:
    return re.sub("[A-Z]", lambda letter: "_" + letter[0].lower(), name)


def value(x):
    """An argument of Python's from one of dtrain's."""
    if isinstance(x, list) and len(x) == 3 and isinstance(x[0], str):
        return build(x)
    if isinstance(x, list) and x and isinstance(x[0], list):
        return [build(one) for one in x]
    if isinstance(x, list):
        return tuple(x)
    if x in ways:
        return transforms.InterpolationMode(x)
    return getattr(torch, x) if x in ("uint8", "int16", "int32", "float32", "float64") else x


def build(spec: list):
    name, args, options = spec
    return getattr(transforms, name)(*map(value, args), **{snake(key): value(x) for key, x in options.items()})


def t(name: str, *args, **options) -> list:
    return [name, list(args), options]


def cases():
    """(transform, names of inputs, seed or None)"""
    for way in ways:
        for size in ([4, 5], [13, 17], [9, 16], [5, 11]):
            yield t("Resize", size, interpolation=way), images, None
        for size in ([6, 31], [4, 28], [5, 16]):
            yield t("Resize", size, interpolation=way), ["large"], None
    for way in ways[:4]:
        for size in ([4, 5], [12, 13], [9, 6]):
            yield t("Resize", size, interpolation=way), tensors, None
            yield t("Resize", size, interpolation=way, antialias=False), tensors, None
    for size in (5, [5], 12):
        yield t("Resize", size), ["rgb", "l", "float32"], None
    yield t("Resize", 8, maxSize=9), ["rgb", "l", "float32"], None
    for size in (4, [3, 6], [12, 5], [8, 14]):
        yield t("CenterCrop", size), [*images, "float32", "bytes"], None
    for padding in (2, [1, 2], [3, 0, 1, 2], [3]):
        for mode in ("constant", "edge", "reflect", "symmetric"):
            yield t("Pad", padding, paddingMode=mode), ["rgb", "l", "rgba", "float32", "bytes"], None
    yield t("Pad", 1, 7), ["rgb", "l", "rgba", "float32", "bytes"], None
    yield t("Pad", 1, [5, 6, 7]), ["rgb"], None
    yield t("Pad", [-2, 1, 3, -1]), ["rgb", "float32"], None
    for channels in (1, 3):
        yield t("Grayscale", channels), ["rgb", "l", "rgba", "float32", "float64", "bytes", "gray", "batch"], None
    yield t("ToTensor"), images, None
    yield t("PILToTensor"), images, None
    for mean, std in (([0.5, 0.4, 0.3], [0.25, 0.5, 2]), ([0.1307], [0.3081])):
        yield t("Normalize", mean, std), ["float32", "float64", "batch"], None
    yield t("Compose", [t("Resize", 6), t("CenterCrop", 5), t("ToTensor"), t("Normalize", [0.5], [0.5])]), images, None
    for dtype in ("uint8", "int16", "int32", "float32", "float64"):
        possible = ["bytes", "float64"] if dtype == "int32" else ["bytes", "float32", "float64"]
        yield t("ConvertImageDtype", dtype), possible, None
    yield t("ToPILImage"), ["float32", "float64", "bytes", "gray"], None
    yield t("ToPILImage", "RGB"), ["float32"], None
    for seed in range(3):
        yield t("RandomCrop", 5), ["rgb", "l", "float32"], seed
        yield t("RandomCrop", [9, 11]), ["rgb"], seed
        yield t("RandomCrop", [6, 7], [2, 1]), ["rgb", "rgba", "bytes", "batch"], seed
        yield t("RandomCrop", [10, 12], padIfNeeded=True, fill=9), ["rgb", "l", "float32"], seed
        yield t("RandomCrop", [11, 14], 4, paddingMode="reflect"), ["rgb", "float32"], seed
        yield t("RandomResizedCrop", 5), ["rgb", "l", "rgba", "large", "float32", "bytes"], seed
        yield t("RandomResizedCrop", [4, 7], scale=[0.3, 0.6], ratio=[0.5, 2], interpolation="bicubic"), ["large", "float64"], seed
        yield t("RandomResizedCrop", 6, scale=[1, 1], ratio=[3, 4]), ["l", "rgb"], seed
        yield t("RandomResizedCrop", 6, scale=[1, 1], ratio=[0.2, 0.3]), ["rgb"], seed
        for flip in ("RandomHorizontalFlip", "RandomVerticalFlip"):
            yield t(flip), ["rgb", "float32"], seed
            yield t(flip, 1), ["l", "rgba", "bytes", "batch"], seed
        yield t("RandomRotation", 30), [*images, "float32", "bytes", "gray"], seed
        yield t("RandomRotation", [20, 340], "bilinear"), [*images, "float32", "float64", "bytes"], seed
        yield t("RandomRotation", 180, "bicubic"), images, seed
        yield t("RandomRotation", 75, expand=True), [*images, "float32"], seed
        yield t("RandomRotation", 75, "bilinear", expand=True, fill=90), [*images, "gray"], seed
        yield t("RandomRotation", 60, center=[3, 4], fill=[9, 99, 200]), ["rgb", "float32"], seed
        yield t("RandomGrayscale", 0.6), ["rgb", "float32"], seed
        yield t("ColorJitter", 0.4), [*images, "float32", "bytes", "gray"], seed
        yield t("ColorJitter", contrast=0.6), [*images, "float32", "bytes", "gray"], seed
        yield t("ColorJitter", saturation=[0.2, 2]), [*images, "float32", "bytes", "gray"], seed
        yield t("ColorJitter", hue=0.5), [*images, "float32", "bytes", "gray"], seed
        yield t("ColorJitter", 0.9, contrast=0.9, saturation=0.9, hue=0.3), [*images, "float32", "float64", "bytes", "batch"], seed
        yield t("RandomApply", [t("RandomCrop", 5)]), ["rgb"], seed
        yield t("RandomApply", [t("CenterCrop", 5), t("RandomVerticalFlip")], 0.8), ["rgb"], seed
    for degrees in (0, 90, 180, 270, -90):
        yield t("RandomRotation", [degrees, degrees]), ["square", "rgb", "rgba"], 0
        yield t("RandomRotation", [degrees, degrees], "bilinear", expand=True), ["square", "rgb"], 0


def printed():
    yield from (t("ToTensor"), t("PILToTensor"), t("ConvertImageDtype", "uint8"), t("ToPILImage"), t("ToPILImage", "RGB"))
    yield from (t("Resize", 8), t("Resize", [5, 7], "bicubic", antialias=False), t("Resize", 8, maxSize=20))
    yield from (t("CenterCrop", 4), t("Pad", 2), t("Pad", [1, 2], 3, paddingMode="edge"), t("RandomCrop", 5))
    yield from (t("RandomCrop", [5, 6], [1, 2]), t("RandomResizedCrop", 6), t("RandomHorizontalFlip"), t("RandomVerticalFlip", 0.25))
    yield from (t("RandomRotation", 30), t("RandomRotation", [-2.5, 30], "bilinear", center=[1, 2], expand=True, fill=[1, 2, 3]))
    yield from (t("ColorJitter"), t("ColorJitter", 0.5, hue=0.1), t("ColorJitter", [0, 2]), t("Grayscale"), t("RandomGrayscale"))
    yield from (t("Normalize", [0.5], [0.5]), t("Normalize", [0.485, 0.456, 0.406], [0.229, 0.224, 0.225]))
    yield t("RandomApply", [t("Resize", 8), t("ToTensor")], 0.3)
    yield t("Compose", [t("ToTensor"), t("Normalize", [0.5], [0.5])])
    yield t("Compose", [t("Compose", [t("ToTensor")]), t("RandomApply", [t("Pad", 1)])])


def stored(x) -> dict:
    if isinstance(x, Image.Image):
        return {"mode": x.mode, "width": x.width, "height": x.height, "data": base64.b64encode(x.tobytes()).decode()}
    data = base64.b64encode(x.contiguous().numpy().tobytes()).decode()
    return {"dtype": str(x.dtype).removeprefix("torch."), "shape": list(x.shape), "data": data}


def encoded(picture: Image.Image, kind: str, **options) -> bytes:
    file = io.BytesIO()
    picture.save(file, kind, **options)
    return file.getvalue()


def files() -> dict:
    """Files of images, their modes in Pillow, and their pixels in RGB as ImageFolder reads them."""
    rgb = inputs["large"]
    made = {
        "rgb.png": encoded(rgb, "png"),
        "l.png": encoded(rgb.convert("L"), "png"),
        "rgba.png": encoded(inputs["rgba"], "png"),
        "palette.png": encoded(rgb.convert("P", palette=Image.Palette.ADAPTIVE, colors=13), "png"),
        "two.png": encoded(rgb.convert("1"), "png"),
        "la.png": encoded(inputs["rgba"].convert("LA"), "png"),
        "rgb.jpg": encoded(rgb, "jpeg", quality=90),
        "half.jpg": encoded(rgb, "jpeg", quality=60, subsampling="4:2:2"),
        "full.jpeg": encoded(rgb, "jpeg", quality=95, subsampling="4:4:4"),
        "progressive.jpg": encoded(rgb, "jpeg", progressive=True),
        "l.jpg": encoded(rgb.convert("L"), "jpeg"),
    }
    return {
        name: {
            "file": base64.b64encode(data).decode(),
            "image": stored(Image.open(io.BytesIO(data)).convert("RGB")),
        }
        for name, data in made.items()
    }


class Python2Pickler(pickle._Pickler):
    """Writes strings and bytes as Python 2 wrote its strings, as in CIFAR's files."""

    dispatch = dict(pickle._Pickler.dispatch)

    def save_string(self, x):
        data = x.encode() if isinstance(x, str) else x
        self.write(b"U" + bytes([len(data)]) if len(data) < 256 else b"T" + struct.pack("<i", len(data)))
        self.write(data)
        self.memoize(x)

    dispatch[str] = dispatch[bytes] = save_string


def pickled(x) -> bytes:
    file = io.BytesIO()
    Python2Pickler(file, protocol=2).dump(x)
    return file.getvalue().replace(b"numpy._core.multiarray", b"numpy.core.multiarray")


def cifar() -> dict:
    """Two batches and a list of names in CIFAR's format, and what torchvision reads from them."""
    names = [f"class {i}" for i in range(10)]
    batches = []
    for which in range(2):
        pixels = noise(f"cifar {which}", 2 * 3072).reshape(2, 3072)
        labels = [3 + which, 9 - which]
        batches.append(pickled({"batch_label": f"batch {which}", "labels": labels, "data": pixels, "filenames": ["a.png", "b.png"]}))
    meta = pickled({"num_cases_per_batch": 2, "label_names": names, "num_vis": 3072})
    with tempfile.TemporaryDirectory() as root:
        folder = Path(root) / "cifar-10-batches-py"
        folder.mkdir()
        for file, _ in datasets.CIFAR10.train_list:
            (folder / file).write_bytes(batches[0])
        (folder / "test_batch").write_bytes(batches[1])
        (folder / "batches.meta").write_bytes(meta)
        datasets.cifar.check_integrity = lambda *_: True
        train, test = (datasets.CIFAR10(root, train=train) for train in (True, False))
        read = {
            name: {"length": len(x), "targets": x.targets, "classes": x.classes, "first": stored(x[0][0]), "last": stored(x[-1][0])}
            for name, x in (("train", train), ("test", test))
        }
    text = lambda data: base64.b64encode(data).decode()
    return {"files": {"batch": text(batches[0]), "test_batch": text(batches[1]), "batches.meta": text(meta)}, **read}


if __name__ == "__main__":
    torch.set_num_threads(1)
    entries = {}
    for spec, names, seed in cases():
        for name in names:
            torch.manual_seed(0 if seed is None else seed)
            result = stored(build(spec)(inputs[name]))
            entry = {"transform": spec, "input": name, "output": result}
            if seed is not None:
                entry = {"seed": seed, **entry, "next": torch.rand(1).item()}
            text = ", ".join([*(str(x) for x in spec[1]), *(f"{key}={x}" for key, x in spec[2].items())])
            entries[f"{spec[0]}({text}) of {name}" + ("" if seed is None else f" after seed {seed}")] = entry
    texts = [[spec, str(build(spec))] for spec in printed()]
    versions = {"torchvision": torchvision.__version__.split("+")[0], "pillow": Image.__version__}
    write("vision", {**versions, "inputs": {name: stored(x) for name, x in inputs.items()}, "printed": texts, "files": files(), "cifar": cifar()}, entries)
