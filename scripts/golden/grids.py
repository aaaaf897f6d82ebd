"""torchvision's answers about pictures in a grid: what make_grid makes, and the pixels that save_image writes.

    python scripts/golden/grids.py

An entry is the name of an input, or several, and options, the names as dtrain has them."""

import io

import torch

from values import write
from vision import Image, floats, snake, stored, torchvision
from torchvision.utils import make_grid, save_image

signed = lambda *shape: (floats(torch.float32, *shape) - 0.3) * 4
inputs = {
    "rgb": signed(5, 3, 4, 6),
    "gray": floats(torch.float32, 3, 1, 3, 2),
    "float64": floats(torch.float64, 2, 3, 3, 3),
    "bytes": (floats(torch.float32, 4, 3, 2, 2) * 255).to(torch.uint8),
    "two": floats(torch.float32, 2, 2, 3, 3),
    "one": floats(torch.float32, 1, 3, 4, 4),
    "picture": signed(3, 5, 4),
    "gray picture": floats(torch.float32, 1, 5, 4),
    "matrix": floats(torch.float32, 5, 4),
    "constant": torch.full((2, 3, 2, 2), 0.25),
}
cases = [
    *(([name], {}) for name in inputs),
    (["rgb"], {"nrow": 2}),
    (["rgb"], {"nrow": 3, "padding": 0}),
    (["rgb"], {"padding": 3, "padValue": 0.5}),
    (["rgb"], {"normalize": True}),
    (["rgb"], {"normalize": True, "scaleEach": True, "nrow": 2}),
    (["rgb"], {"normalize": True, "valueRange": [-0.5, 1.25]}),
    (["rgb"], {"normalize": True, "valueRange": [0, 1], "scaleEach": True}),
    (["float64"], {"normalize": True, "padValue": 1}),
    (["constant"], {"normalize": True}),
    (["picture"], {"normalize": True}),
    (["matrix"], {"normalize": True}),
    (["bytes"], {"padValue": 200, "nrow": 2}),
    (["gray picture", "gray picture", "gray picture"], {"nrow": 2}),
]


def saved(images, options) -> dict | None:
    """None for what save_image refuses, and for two channels."""
    if torch.is_tensor(images) and (images.dtype == torch.uint8 or images.dim() == 4 and images.size(1) == 2):
        return None
    file = io.BytesIO()
    save_image(images, file, format="png", **options)
    return stored(Image.open(file))


entries = {}
for names, options in cases:
    images = inputs[names[0]] if len(names) == 1 else [inputs[name] for name in names]
    python = {snake(key): tuple(x) if isinstance(x, list) else x for key, x in options.items()}
    name = ", ".join([*names, *(f"{key}={x}" for key, x in options.items())])
    entries[name] = {"inputs": names, "options": options, "grid": stored(make_grid(images, **python)), "saved": saved(images, python)}
write("grids", {"torchvision": torchvision.__version__.split("+")[0], "inputs": {name: stored(x) for name, x in inputs.items()}}, entries)
