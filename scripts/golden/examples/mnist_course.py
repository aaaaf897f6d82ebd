"""PyTorch's twin of examples/mnist-course.ts."""

import torch
from torch import nn, optim
from torch.utils.data import DataLoader

from digits import Digits, compose, normalize, to_tensor
from printed import record


def classifier(*last):
    return nn.Sequential(
        nn.Linear(784, 128), nn.ReLU(), nn.Linear(128, 64), nn.ReLU(), nn.Linear(64, 10), *last
    )


def main(show, epochs, every=None, steps=float("inf")):
    torch.manual_seed(0)
    trainset = Digits(train=True, transform=compose(to_tensor, normalize(0.5, 0.5)))
    trainloader = DataLoader(trainset, batch_size=64, shuffle=True)

    model = classifier()
    criterion = nn.CrossEntropyLoss()
    images, labels = next(iter(trainloader))
    show(images.shape)
    show(images[0].shape)
    images = images.view(images.shape[0], -1)
    show(images.shape)
    show(criterion(model(images), labels))

    model = classifier(nn.LogSoftmax(dim=1))
    criterion = nn.NLLLoss()
    images, labels = next(iter(trainloader))
    images = images.view(images.shape[0], -1)
    log_prob = model(images)
    show(criterion(log_prob, labels))
    show("probabilities add up to", log_prob.exp().sum(1)[0].item())

    x = torch.randn(2, 2, requires_grad=True)
    show(x)
    y = x**2
    show(y)
    show(y.grad_fn)
    z = y.mean()
    show(z.grad_fn)
    show(x.grad)
    z.backward()
    show(x.grad)

    model = classifier(nn.LogSoftmax(dim=1))
    images, labels = next(iter(trainloader))
    loss = criterion(model(images.view(images.shape[0], -1)), labels)
    show("Before backward pass: \n", model[0].weight.grad)
    loss.backward()
    show("After backward pass: \n", model[0].weight.grad)

    optimizer = optim.SGD(model.parameters(), lr=0.01)
    show("Initial weights - ", model[0].weight)
    images, labels = next(iter(trainloader))
    images.resize_(64, 784)
    optimizer.zero_grad()
    loss = criterion(model(images), labels)
    loss.backward()
    show("Gradient -", model[0].weight.grad)
    optimizer.step()
    show("Updated weights - ", model[0].weight)

    model = classifier(nn.LogSoftmax(dim=1))
    optimizer = optim.SGD(model.parameters(), lr=0.003)
    step = 0
    for _ in range(epochs):
        running_loss = 0
        for images, labels in trainloader:
            images = images.view(images.shape[0], -1)
            optimizer.zero_grad()
            loss = criterion(model(images), labels)
            loss.backward()
            optimizer.step()
            running_loss += loss.item()
            step += 1
            if every is not None and step % every == 0:
                show("step", step, "loss", loss.item())
            if step >= steps:
                break
        else:
            show(f"Training loss: {running_loss / len(trainloader)}")
    show(labels[0])


record("mnist-course", main, {"short": {"epochs": 1, "every": 1, "steps": 100}, "full": {"epochs": 5}})
