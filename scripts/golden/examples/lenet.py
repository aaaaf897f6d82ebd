"""PyTorch's twin of examples/lenet.ts."""

import torch
from torch import nn, optim
from torch.nn import functional as F

from printed import record


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv1 = nn.Conv2d(1, 6, 5)
        self.conv2 = nn.Conv2d(6, 16, 5)
        self.fc1 = nn.Linear(16 * 5 * 5, 120)
        self.fc2 = nn.Linear(120, 84)
        self.fc3 = nn.Linear(84, 10)

    def forward(self, x):
        x = F.max_pool2d(F.relu(self.conv1(x)), (2, 2))
        x = F.max_pool2d(F.relu(self.conv2(x)), 2)
        x = torch.flatten(x, 1)
        x = F.relu(self.fc1(x))
        x = F.relu(self.fc2(x))
        return self.fc3(x)


def main(show, steps, every):
    torch.manual_seed(0)
    net = Net()
    show(net)
    params = list(net.parameters())
    show(len(params))
    show(params[0].size())
    for name, param in net.named_parameters():
        show(name, param.size())

    input = torch.randn(1, 1, 32, 32)
    out = net(input)
    show(out)
    net.zero_grad()
    out.backward(torch.randn(1, 10))
    show(net.conv1.bias.grad)

    output = net(input)
    target = torch.randn(10).view(1, -1)
    criterion = nn.MSELoss()
    loss = criterion(output, target)
    show(loss)
    show(loss.grad_fn)
    show(loss.grad_fn.next_functions[0][0])
    show(loss.grad_fn.next_functions[0][0].next_functions[0][0])
    names, node = [], loss.grad_fn
    while node is not None:
        names.append(node.name())
        # Of a layer's inputs, the one that is not a parameter leads on.
        before = [next for next, _ in node.next_functions if next is not None]
        node = next((n for n in before if "AccumulateGrad" not in n.name()), None)
    show(" <- ".join(names))

    net.zero_grad(set_to_none=False)
    show("conv1.bias.grad before backward")
    show(net.conv1.bias.grad)
    loss.backward()
    show("conv1.bias.grad after backward")
    show(net.conv1.bias.grad)

    learning_rate = 0.01
    with torch.no_grad():
        for param in net.parameters():
            param.sub_(param.grad * learning_rate)
    show("loss after an update by hand", criterion(net(input), target).item())

    optimizer = optim.SGD(net.parameters(), lr=0.01)
    for step in range(1, steps + 1):
        optimizer.zero_grad()
        loss = criterion(net(input), target)
        loss.backward()
        optimizer.step()
        if step % every == 0:
            show("step", step, "loss", loss.item())


record("lenet", main, {"short": {"steps": 100, "every": 1}})
