"""Writes pictures.json: torchviz's text of the graphs of the linear regression tutorial and of two networks, with its
addresses numbered from 0 as they appear, and what each node has kept; and torchinfo's tables."""

import json
import re

import torch
import torchinfo
import torchviz
from torch import nn
from values import golden


def numbered(source: str) -> str:
    numbers = {}
    return re.sub(r"(?<=\t)\d+|(?<=-> )\d+", lambda m: str(numbers.setdefault(m[0], len(numbers))), source)


def kept(outputs) -> list:
    """[name of the node, shape] of each tensor that a node has kept."""
    seen, found = set(), []
    left = [x.grad_fn for x in outputs]
    while left:
        node = left.pop()
        if node is None or node in seen:
            continue
        seen.add(node)
        names = [name for name in dir(node) if name.startswith("_saved_")]
        tensors = [value for value in (getattr(node, name) for name in names) if torch.is_tensor(value)]
        found += [[type(node).__name__, list(x.shape)] for x in tensors]
        left += [next_node for next_node, _ in node.next_functions]
    return sorted(found)


def graph(*outputs, **options) -> dict:
    var = outputs if len(outputs) > 1 else outputs[0]
    return {"source": numbered(torchviz.make_dot(var, **options).source), "saved": kept(outputs)}


x, y = torch.rand(80, 1), torch.rand(80, 1)
a, b = torch.randn(1, requires_grad=True), torch.randn(1, requires_grad=True)
yhat = a + b * x
error = y - yhat
loss = (error**2).mean()
without = torch.randn(1) + b * x
error2 = y - b * x
nonsensical = (error**2).mean()
nonsensical += error2.mean()


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv = nn.Conv2d(1, 6, 5, padding=2)
        self.first = nn.Linear(1176, 32)
        self.again = nn.Linear(32, 32, bias=False)
        self.out = nn.Sequential(nn.Dropout(0.5), nn.Linear(32, 10), nn.LogSoftmax(dim=1))
        self.act = nn.ReLU()

    def forward(self, x):
        x = torch.max_pool2d(self.act(self.conv(x)), 2).flatten(1)
        x = self.act(self.first(x))
        x = self.again(self.again(x))
        return self.out(x)


mlp = nn.Sequential(nn.Linear(4, 8), nn.Tanh(), nn.Linear(8, 3))
net = Net()
frozen = nn.Sequential(nn.Linear(4, 8), nn.Linear(8, 3))
frozen[0].requires_grad_(False)
long = nn.Sequential(*[nn.Sequential(nn.Linear(8, 8), nn.ReLU()) for _ in range(12)])

graphs = {
    "yhat": graph(yhat),
    "error": graph(error),
    "loss": graph(loss, params={"a": a, "b": b}),
    "without": graph(without),
    "nonsensical": graph(nonsensical),
    "both": graph(yhat, loss),
    "leaf": graph(a),
    "mlp": graph(nn.functional.mse_loss(mlp(torch.rand(5, 4)), torch.rand(5, 3)), params=dict(mlp.named_parameters())),
    "long": graph(long(torch.rand(2, 8)), params=dict(long.named_parameters())),
}
tables = {
    "net": torchinfo.summary(net, (64, 1, 28, 28), verbose=0),
    "shallow": torchinfo.summary(net, (64, 1, 28, 28), depth=1, verbose=0),
    "frozen": torchinfo.summary(frozen, (16, 4), verbose=0),
}


def text(table) -> str:
    """As older Pythons print it: newer ones print the unit's enum by its whole name."""
    return str(table).replace("Units.MEGABYTES", "M")


answers = {
    "pytorch": torch.__version__.split("+")[0],
    "graphs": graphs,
    "tables": {name: {"text": text(table), "multAdds": table.total_mult_adds} for name, table in tables.items()},
}
(golden / "pictures.json").write_text(json.dumps(answers, indent=1) + "\n")
