"""PyTorch's figures for bench/step.ts: python bench/step.py"""

import time

import torch
from models import lenet, mlp
from torch import nn

optimizers = {
    "SGD": lambda params: torch.optim.SGD(params, lr=0.01, momentum=0.9),
    "Adam": lambda params: torch.optim.Adam(params, lr=0.001),
}
for name, make in (("lenet", lenet), ("mlp", mlp)):
    for kind, optimize in optimizers.items():
        for batch in (1, 16, 64, 256):
            model = make()
            optimizer = optimize(model.parameters())
            criterion = nn.CrossEntropyLoss()
            x, y = torch.randn(batch, 1, 28, 28), torch.randint(0, 10, (batch,))

            def step():
                loss = criterion(model(x), y)
                optimizer.zero_grad()
                loss.backward()
                optimizer.step()

            step()
            best = float("inf")
            for _ in range(7):
                start = time.perf_counter()
                for _ in range(50):
                    step()
                best = min(best, (time.perf_counter() - start) / 50)
            print(f"{name:>14}{kind:>14}{batch:14}{best * 1e6:14.0f}")
