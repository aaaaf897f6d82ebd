"""Writes pictures.json: torchviz's text of the graphs of the linear regression tutorial and of two networks, without and
with attributes, with its addresses numbered from 0 as they appear, and what each node has kept; and torchinfo's tables."""

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
    return {
        "source": numbered(torchviz.make_dot(var, **options).source),
        "attrs": numbered(torchviz.make_dot(var, show_attrs=True, **options).source),
        "saved": kept(outputs),
    }


def attributes(x) -> dict:
    """What torchviz shows of the node that made x, by name."""
    lines = torchviz.make_dot(x, show_attrs=True).source.split(f"label=\"{type(x.grad_fn).__name__}\n")[1:]
    rows = lines[0].split('"')[0].split("\n")[1:] if lines else []
    return {key.strip(): text.strip() for key, text in (row.split(":", 1) for row in rows)}


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
F = nn.functional
v, w = torch.rand(3, 4, requires_grad=True), torch.rand(3, 4, requires_grad=True)
batch = torch.rand(2, 3, 4, requires_grad=True)
images, kernels = torch.rand(2, 2, 6, 6, requires_grad=True), torch.rand(3, 2, 3, 3, requires_grad=True)
rows = torch.tensor([0, 2])
made = {
    "add": torch.add(v, w, alpha=2),
    "sub": v - w,
    "mul": v * w,
    "mul by a number": v * 3,
    "div": v / w,
    "pow": v**3,
    "pow of two": v**w,
    "maximum": torch.maximum(v, w),
    "exp": v.exp(),
    "log": v.log(),
    "neg": -v,
    "relu": v.relu(),
    "leakyRelu": F.leaky_relu(v, 0.25),
    "prelu": F.prelu(v, torch.rand(1, requires_grad=True)),
    "gelu": F.gelu(v, approximate="tanh"),
    "softplus": F.softplus(v, 2, 10),
    "hardtanh": F.hardtanh(v),
    "sum": v.sum(),
    "sum of rows": v.sum(1),
    "mean": v.mean(),
    "mean of rows": v.mean(1),
    "prod": v.prod(),
    "cumsum": v.cumsum(1),
    "max": v.max(),
    "max of rows": v.max(1).values,
    "var": v.var(1),
    "norm": v.norm(),
    "softmax": v.softmax(1),
    "logSoftmax": F.log_softmax(v, 1),
    "mm": v @ w.detach().t(),
    "linear": F.linear(v, torch.rand(5, 4), torch.rand(5)),
    "conv2d": F.conv2d(images, kernels, padding=(1, 0), stride=2),
    "maxPool2d": F.max_pool2d(images, 2),
    "view": v.view(2, 6),
    "permute": images.permute(0, 2, 3, 1),
    "transpose": batch.transpose(0, 2),
    "t": v.t(),
    "expand": v.unsqueeze(0).expand(5, 3, 4),
    "slice": v[:, 1:3],
    "select": v.select(0, 1),
    "squeeze": batch.squeeze(),
    "unsqueeze": v.unsqueeze(1),
    "clone": v.clone(),
    "cat": torch.cat([v, w], 1),
    "indexSelect": v.index_select(0, rows),
    "gather": v.gather(0, rows.view(1, 2)),
    "where": torch.where(v > 0.5, v, w),
    "maskedFill": v.masked_fill(v > 0.5, 0),
    "clamp": v.clamp(0.25, 0.5),
    "tril": v.tril(),
    "mseLoss": F.mse_loss(v, w),
    "huberLoss": F.huber_loss(v, w.detach(), reduction="sum"),
    "smoothL1Loss": F.smooth_l1_loss(v, w, beta=0.5),
    "binaryCrossEntropyWithLogits": F.binary_cross_entropy_with_logits(v, torch.rand(3, 4)),
    "nllLoss": F.nll_loss(v, torch.tensor([0, 1, 2])),
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
    "attributes": {name: attributes(x) for name, x in made.items()},
    "tables": {name: {"text": text(table), "multAdds": table.total_mult_adds} for name, table in tables.items()},
}
(golden / "pictures.json").write_text(json.dumps(answers, indent=1) + "\n")
