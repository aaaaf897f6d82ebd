"""PyTorch's figures for bench/step.ts: python bench/step.py"""

import torch
import twin
from models import lenet, mlp
from torch import nn

models = {"lenet": lenet, "mlp": mlp}
optimizers = {
    "SGD": lambda params: torch.optim.SGD(params, lr=0.01, momentum=0.9),
    "Adam": lambda params: torch.optim.Adam(params, lr=0.001),
}


def step(name, kind, batch):
    model = models[name]()
    optimizer = optimizers[kind](model.parameters())
    criterion = nn.CrossEntropyLoss()
    x, y = torch.randn(batch, 1, 28, 28), torch.randint(0, 10, (batch,))

    def call():
        loss = criterion(model(x), y)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()

    return call


twin.run({
    f"{name} {kind} {batch}": lambda row=(name, kind, batch): step(*row)
    for name in models
    for kind in optimizers
    for batch in (1, 16, 64, 256)
})
