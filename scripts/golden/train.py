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


def train(make, shape, options, dtype=torch.float32) -> tuple:
    torch.manual_seed(SEED)
    model = make()
    first = {key: fingerprint(value) for key, value in model.state_dict().items()}
    x, y = torch.rand(shape), torch.randint(0, 10, (64,))
    found = losses(model.to(dtype), torch.optim.SGD(model.parameters(), **options), x.to(dtype), y)
    return first, found


def compare_runs(name, make, shape):
    runs = {
        "momentum": {"lr": 0.05, "momentum": 0.9},
        "nesterov and weight decay": {"lr": 0.05, "momentum": 0.9, "nesterov": True, "weight_decay": 0.01},
    }
    entries = {}
    for run, options in runs.items():
        first, found = train(make, shape, options)
        _, exact = train(make, shape, options, torch.float64)
        worst = max(abs(a - b) / b for a, b in zip(found, exact))
        assert worst < 5e-6, f"{name}: float32 itself is {worst:.1e} off; 1e-5 would be too tight"
        entries["parameters"] = first
        entries[run] = {"losses": [shortest(v, torch.float32) for v in found]}
    write(name, {"seed": SEED}, entries)


def loader():
    torch.manual_seed(SEED)
    model = mlp()
    data = TensorDataset(torch.rand(100, 784), torch.randint(0, 10, (100,)), torch.arange(100))
    batches = DataLoader(data, batch_size=16, shuffle=True)
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
    epochs = {}
    for epoch in range(2):
        order, found = [], []
        for x, y, i in batches:
            optimizer.zero_grad()
            loss = F.cross_entropy(model(x), y)
            loss.backward()
            optimizer.step()
            order.append(i.tolist())
            found.append(shortest(loss.item(), torch.float32))
        epochs[f"epoch {epoch}"] = {"order": order, "losses": found}
    # Whatever the loader drew, the default generator must be where PyTorch's is.
    epochs["after"] = {"rand": [shortest(v, torch.float32) for v in torch.rand(3).tolist()]}
    write("loader", {"seed": SEED}, epochs)


if __name__ == "__main__":
    torch.set_num_threads(1)
    torch.use_deterministic_algorithms(True)
    compare_runs("lenet", LeNet, (64, 1, 28, 28))
    compare_runs("mlp", mlp, (64, 784))
    loader()
