"""PyTorch's twin of examples/nn-components.ts."""

import torch
from torch import nn, optim

from printed import record

N, D_in, H, D_out = 64, 100, 200, 5


def sequential():
    return nn.Sequential(nn.Linear(D_in, H), nn.ReLU(), nn.Linear(H, D_out))


class TwoLayerNet(nn.Module):
    def __init__(self):
        super().__init__()
        self.linear1 = nn.Linear(D_in, H)
        self.linear2 = nn.Linear(H, D_out)

    def forward(self, x):
        return self.linear2(self.linear1(x).clamp(min=0))


def main(show, steps=None, every=None):
    torch.manual_seed(0)
    loss_fn = nn.MSELoss(reduction="sum")

    def train(model, usual_steps, usual_every, update):
        x, y = torch.randn(N, D_in) * 0.001, torch.randn(N, D_out) * 0.001
        for t in range(steps or usual_steps):
            loss = loss_fn(model(x), y)
            if t % (every or usual_every) == 0:
                show(t, loss.item())
            model.zero_grad()
            loss.backward()
            update()

    def by_hand():
        with torch.no_grad():
            for param in model.parameters():
                param -= 1e-2 * param.grad

    show("nn.Sequential and MSELoss")
    model = sequential()
    show(model)
    train(model, 500, 100, by_hand)
    show("optim.Adam")
    model = sequential()
    train(model, 200, 50, optim.Adam(model.parameters(), lr=1e-4).step)
    show("a module of one's own")
    model = TwoLayerNet()
    show(model)
    train(model, 500, 100, optim.Adam(model.parameters(), lr=1e-4).step)


record("nn-components", main, {"short": {"steps": 100, "every": 1}, "full": {}})
