"""PyTorch's twin of examples/autoencoder.ts."""

import torch
from torch import nn, optim
from torch.nn import functional as F
from torch.utils.data import DataLoader

from digits import Digits, to_tensor
from printed import record


class Layers(nn.Module):
    def __init__(self, dim, input_shape, squash):
        super().__init__()
        self.fc1 = nn.Linear(input_shape, 128)
        self.fc2 = nn.Linear(128, 64)
        self.fc3 = nn.Linear(64, dim)
        self.fc6 = nn.Linear(dim, 64)
        self.fc7 = nn.Linear(64, 128)
        self.fc8 = nn.Linear(128, input_shape)
        self.squash = squash

    def forward(self, x):
        for layer in [self.fc1, self.fc2, self.fc3, self.fc6, self.fc7]:
            x = F.relu(layer(x))
        return self.squash(self.fc8(x))


class Sequences(nn.Module):
    def __init__(self, dim, input_shape):
        super().__init__()
        self.encoder = nn.Sequential(
            nn.Linear(input_shape, 128), nn.ReLU(True), nn.Linear(128, 64), nn.ReLU(True), nn.Linear(64, dim)
        )
        self.decoder = nn.Sequential(
            nn.Linear(dim, 64), nn.ReLU(True), nn.Linear(64, 128), nn.ReLU(True), nn.Linear(128, input_shape), nn.Tanh()
        )

    def forward(self, x):
        return self.decoder(self.encoder(x))


def to_img(x):
    return (0.5 * (x + 1)).clamp(0, 1).view(x.size(0), 1, 28, 28)


def main(show, epochs, squash="tanh", every=None, steps=float("inf"), double=False):
    dtype = torch.float64 if double else torch.float32
    workers = {"num_workers": 4, "persistent_workers": True}
    train_loader = DataLoader(Digits(True, to_tensor), batch_size=128, shuffle=True, **workers)
    test_loader = DataLoader(Digits(False, to_tensor), batch_size=32, shuffle=False, **workers)
    torch.manual_seed(42)
    layers = Layers(32, 28 * 28, torch.tanh if squash == "tanh" else torch.sigmoid)
    show(layers.fc3.weight.shape)
    sequences = Sequences(32, 28 * 28)
    show(sequences.encoder[4].weight.shape)
    show(sequences.encoder)
    for version, model in enumerate([layers, sequences], 1):
        show("version", version)
        model.to(dtype)
        optimizer = optim.Adam(model.parameters(), lr=1e-3)
        criterion = nn.MSELoss(reduction="mean")
        step = 0
        for epoch in range(1, epochs + 1):
            model.train()
            loss = 0
            for batch_features, _ in train_loader:
                batch_features = batch_features.view(-1, 784).to(dtype)
                train_loss = criterion(model(batch_features), batch_features)
                optimizer.zero_grad()
                train_loss.backward()
                optimizer.step()
                loss += train_loss.item()
                step += 1
                if every is not None and step % every == 0:
                    show("step", step, "loss", train_loss.item())
                if step >= steps:
                    break
            if step >= steps:
                break
            loss = loss / len(train_loader)
            model.eval()
            val_loss = 0
            with torch.no_grad():
                for batch_features, _ in test_loader:
                    batch_features = batch_features.view(-1, 784).to(dtype)
                    outputs = model(batch_features)
                    val_loss += criterion(outputs, batch_features).item()
            val_loss = val_loss / len(test_loader)
            show(f"epoch: {epoch}/{epochs}\t train_loss: {loss:.6f}\t val_loss: {val_loss:.6f}")
            if epoch % 10 == 0:
                pic = to_img(outputs)
                show("pictures", pic.shape, "mean", pic.mean().item())


runs = {
    "short": {"epochs": 2, "every": 1, "steps": 100},
    "sigmoid": {"epochs": 1, "squash": "sigmoid", "every": 1},
    # In float32 the losses of the twentieth epoch differ by 2 % when the pictures of a batch come in another order.
    "full": {"epochs": 10, "double": True},
}
record("autoencoder", main, runs)
