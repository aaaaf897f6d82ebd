"""PyTorch's twin of examples/data-parallel.ts. Without GPUs nn.DataParallel only calls the model, so the batch is split as
it splits one, by torch.chunk, and every part goes through the same model."""

import torch
from torch import nn
from torch.utils.data import DataLoader, Dataset

from printed import record


class RandomDataset(Dataset):
    def __init__(self, size, length):
        self.data = torch.randn(length, size)

    def __getitem__(self, index):
        return self.data[index]

    def __len__(self):
        return len(self.data)


def main(show, ranks):
    loader = DataLoader(RandomDataset(5, 100), batch_size=30, shuffle=True)
    model = nn.Linear(5, 2)
    if ranks > 1:
        show(f"Let's use {ranks} GPUs!")
    for data in loader:
        parts = [(part, model(part)) for part in torch.chunk(data, ranks)]
        for part, output in parts:
            show(f"\tIn Model: input size {part.size()} output size {output.size()}")
        output = torch.cat([output for _, output in parts])
        show(f"Outside: input size {data.size()} output_size {output.size()}")


record("data-parallel", main, {str(ranks): {"ranks": ranks} for ranks in [1, 2, 3]})
