"""PyTorch's first ten losses: LeNet and an MLP from seed 42, and an MLP through a shuffling DataLoader.

    python scripts/golden/train.py

Data are random and drawn from the same generator as the weights, so the files hold only sums, hashes and losses."""

import torch
from torch import nn
from torch.nn import functional as F
from torch.utils.data import DataLoader, TensorDataset

from values import shortest, write

SEED = 42


class LeNet(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv1 = nn.Conv2d(1, 6, 5, padding=2)
        self.conv2 = nn.Conv2d(6, 16, 5)
        self.fc1 = nn.Linear(400, 120)
        self.fc2 = nn.Linear(120, 84)
        self.fc3 = nn.Linear(84, 10)

    def forward(self, x):
        x = F.max_pool2d(F.relu(self.conv1(x)), 2)
        x = F.max_pool2d(F.relu(self.conv2(x)), 2)
        x = torch.flatten(x, 1)
        x = F.relu(self.fc1(x))
        x = F.relu(self.fc2(x))
        return self.fc3(x)


def mlp():
    return nn.Sequential(nn.Linear(784, 128), nn.ReLU(), nn.Linear(128, 64), nn.ReLU(), nn.Linear(64, 10))


def fingerprint(x: torch.Tensor) -> dict:
    """Shape, first elements, sums in float64 taken in order, and FNV-1a over the 32-bit words of the elements."""
    data = x.detach().contiguous().view(-1)
    total = squares = 0.0
    for value in data.tolist():
        total += value
        squares += value * value
    words = data.view(torch.int32).tolist()
    hashed = 2166136261
    for word in words:
        hashed = ((hashed ^ (word & 0xFFFFFFFF)) * 16777619) & 0xFFFFFFFF
    head = [shortest(v, x.dtype) for v in data[:5].tolist()]
    return {"shape": list(x.shape), "head": head, "sum": total, "squares": squares, "hash": hashed}


def losses(model, optimizer, x, y) -> list:
    found = []
    for _ in range(10):
        optimizer.zero_grad()
        loss = F.cross_entropy(model(x), y)
        loss.backward()
        optimizer.step()
        found.append(loss.item())
    return found


def train(make, shape, options, dtype=torch.float32, order=None) -> tuple:
    torch.manual_seed(SEED)
    model = make()
    first = {key: fingerprint(value) for key, value in model.state_dict().items()}
    x, y = torch.rand(shape), torch.randint(0, 10, (64,))
    if order is not None:
        x, y = x[order], y[order]
    found = losses(model.to(dtype), torch.optim.SGD(model.parameters(), **options), x.to(dtype), y)
    return first, found


def answer(exact: list, singles: list) -> dict:
    """Losses in float64, and how far float32 is off them at most, over runs that add up in different orders."""
    off = max(abs(a - b) for run in singles for a, b in zip(run, exact))
    return {"losses": [float(f"{v:.10g}") for v in exact], "off": float(f"{off:.1e}")}


def orders(n: int) -> list:
    """The samples of a batch as they are and in nine other orders: the same training, summed differently."""
    generator = torch.Generator().manual_seed(SEED)
    return [torch.arange(n), *(torch.randperm(n, generator=generator) for _ in range(9))]


def compare_runs(name, make, shape):
    runs = {
        "momentum": {"lr": 0.05, "momentum": 0.9},
        "nesterov and weight decay": {"lr": 0.05, "momentum": 0.9, "nesterov": True, "weight_decay": 0.01},
    }
    entries = {}
    for run, options in runs.items():
        entries["parameters"], exact = train(make, shape, options, torch.float64)
        entries[run] = answer(exact, [train(make, shape, options, order=order)[1] for order in orders(shape[0])])
    write(name, {"seed": SEED}, entries)


def load(dtype=torch.float32, reorder=lambda n: torch.arange(n)) -> tuple:
    """Two epochs: the samples of each batch as the loader drew them, and the losses."""
    torch.manual_seed(SEED)
    model = mlp()
    data = TensorDataset(torch.rand(100, 784), torch.randint(0, 10, (100,)), torch.arange(100))
    model.to(dtype)
    batches = DataLoader(data, batch_size=16, shuffle=True)
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
    drawn, found = [], []
    for _ in range(2):
        for x, y, i in batches:
            order = reorder(len(y))
            optimizer.zero_grad()
            loss = F.cross_entropy(model(x[order].to(dtype)), y[order])
            loss.backward()
            optimizer.step()
            drawn.append(i.tolist())
            found.append(loss.item())
    return drawn, found


def loader():
    order, exact = load(torch.float64)
    # Whatever the loader drew, the default generator must be where PyTorch's is.
    rand = [shortest(v, torch.float32) for v in torch.rand(3).tolist()]
    singles = [load(reorder=lambda n: orders(n)[k])[1] for k in range(10)]
    steps = len(order) // 2
    entries = {}
    for epoch in range(2):
        part = slice(epoch * steps, (epoch + 1) * steps)
        entries[f"epoch {epoch}"] = {"order": order[part], **answer(exact[part], [run[part] for run in singles])}
    write("loader", {"seed": SEED}, {**entries, "after": {"rand": rand}})


if __name__ == "__main__":
    torch.set_num_threads(1)
    torch.use_deterministic_algorithms(True)
    compare_runs("lenet", LeNet, (64, 1, 28, 28))
    compare_runs("mlp", mlp, (64, 784))
    loader()
