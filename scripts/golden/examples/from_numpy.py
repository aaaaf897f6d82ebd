"""PyTorch's twin of examples/from-numpy.ts, and NumPy's of its first part."""

import numpy as np
import torch
from torch import nn, optim

from printed import record

N, D_in, H, D_out = 64, 1000, 100, 10


def sequential():
    return nn.Sequential(nn.Linear(D_in, H), nn.ReLU(), nn.Linear(H, D_out))


class TwoLayerNet(nn.Module):
    def __init__(self):
        super().__init__()
        self.linear1 = nn.Linear(D_in, H)
        self.linear2 = nn.Linear(H, D_out)

    def forward(self, x):
        return self.linear2(self.linear1(x).clamp(min=0))


class DynamicNet(nn.Module):
    def __init__(self):
        super().__init__()
        self.input_linear = nn.Linear(D_in, H)
        self.middle_linear = nn.Linear(H, H)
        self.output_linear = nn.Linear(H, D_out)
        self.generator = torch.Generator().manual_seed(3)

    def forward(self, x):
        h_relu = self.input_linear(x).clamp(min=0)
        for _ in range(torch.randint(0, 4, (1,), generator=self.generator).item()):
            h_relu = self.middle_linear(h_relu).clamp(min=0)
        return self.output_linear(h_relu)


def main(show, steps, every):
    torch.manual_seed(0)

    def report(t, loss):
        if t % every == every - 1:
            show(t, loss)

    show("arrays")
    rng = np.random.RandomState(42)
    x, y, w1, w2 = rng.randn(N, D_in), rng.randn(N, D_out), rng.randn(D_in, H), rng.randn(H, D_out)
    for t in range(steps):
        h = x.dot(w1)
        h_relu = np.maximum(h, 0)
        y_pred = h_relu.dot(w2)
        report(t, np.square(y_pred - y).sum().item())
        grad_y_pred = 2.0 * (y_pred - y)
        grad_w2 = h_relu.T.dot(grad_y_pred)
        grad_h = grad_y_pred.dot(w2.T)
        grad_h[h < 0] = 0
        grad_w1 = x.T.dot(grad_h)
        w1 -= 1e-6 * grad_w1
        w2 -= 1e-6 * grad_w2

    show("tensors")
    x, y, w1, w2 = torch.randn(N, D_in), torch.randn(N, D_out), torch.randn(D_in, H), torch.randn(H, D_out)
    for t in range(steps):
        h = x.mm(w1)
        h_relu = h.clamp(min=0)
        y_pred = h_relu.mm(w2)
        report(t, (y_pred - y).pow(2).sum().item())
        grad_y_pred = 2.0 * (y_pred - y)
        grad_w2 = h_relu.t().mm(grad_y_pred)
        grad_h = grad_y_pred.mm(w2.t())
        grad_h[h < 0] = 0
        grad_w1 = x.t().mm(grad_h)
        w1 -= 1e-6 * grad_w1
        w2 -= 1e-6 * grad_w2

    show("autograd")
    x, y = torch.randn(N, D_in), torch.randn(N, D_out)
    w1, w2 = torch.randn(D_in, H, requires_grad=True), torch.randn(H, D_out, requires_grad=True)
    for t in range(steps):
        loss = (x.mm(w1).clamp(min=0).mm(w2) - y).pow(2).sum()
        report(t, loss.item())
        loss.backward()
        with torch.no_grad():
            w1 -= 1e-6 * w1.grad
            w2 -= 1e-6 * w2.grad
            w1.grad.zero_()
            w2.grad.zero_()

    loss_fn = nn.MSELoss(reduction="sum")
    x, y = torch.randn(N, D_in), torch.randn(N, D_out)

    def by_hand(model, update):
        for t in range(steps):
            loss = loss_fn(model(x), y)
            report(t, loss.item())
            model.zero_grad()
            loss.backward()
            with torch.no_grad():
                for param in model.parameters():
                    update(param)

    def train(model, optimizer):
        for t in range(steps):
            loss = loss_fn(model(x), y)
            report(t, loss.item())
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()

    def forgets(param):
        param = param - 1e-4 * param.grad

    def updates(param):
        param -= 1e-4 * param.grad

    model = sequential()
    show("nn, param = param - learning_rate * param.grad")
    by_hand(model, forgets)
    show("nn, param -= learning_rate * param.grad")
    by_hand(model, updates)
    show("optim.Adam")
    model = sequential()
    train(model, optim.Adam(model.parameters(), lr=1e-4))
    show("a module of one's own")
    model = TwoLayerNet()
    train(model, optim.SGD(model.parameters(), lr=1e-4))
    show("control flow and shared weights")
    model = DynamicNet()
    train(model, optim.SGD(model.parameters(), lr=1e-4, momentum=0.9))


record("from-numpy", main, {"short": {"steps": 100, "every": 1}, "full": {"steps": 500, "every": 100}})
