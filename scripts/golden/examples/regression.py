"""PyTorch's and NumPy's twins of the programs in examples/regression, one function for each of them."""

import numpy as np
import torch
from torch import nn, optim
from torch.optim.lr_scheduler import MultiStepLR, ReduceLROnPlateau, StepLR
from torch.utils.data import DataLoader, Dataset, TensorDataset, random_split

from printed import record, text

lr = 0.1
rng = np.random.RandomState(42)
x = rng.rand(100, 1)
y = 1 + 2 * x + 0.1 * rng.randn(100, 1)
idx = np.arange(100)
rng.shuffle(idx)
x_train, y_train = x[idx[:80]], y[idx[:80]]
x_train_tensor, y_train_tensor = torch.from_numpy(x_train).float(), torch.from_numpy(y_train).float()


def js(value) -> str:
    """As JavaScript prints it: objects, arrays and names of its own."""
    if isinstance(value, dict):
        key = lambda k: str(k) if str(k).isidentifier() else f"'{k}'"
        return "{ " + ", ".join(f"{key(k)}: {js(v)}" for k, v in value.items()) + " }" if value else "{}"
    if isinstance(value, (list, tuple)):
        return "[ " + ", ".join(map(js, value)) + " ]"
    return {True: "true", False: "false"}[value] if isinstance(value, bool) else text(value)


def options_here(state_dict) -> dict:
    """Without the options that choose how PyTorch computes the same."""
    elsewhere = ["foreach", "differentiable", "fused"]
    groups = [{k: v for k, v in group.items() if k not in elsewhere} for group in state_dict["param_groups"]]
    return {"state": state_dict["state"], "param_groups": groups}


def reporter(show, every, name="epoch"):
    def report(count, loss):
        if count % every == 0:
            show(name, count, "loss", loss if isinstance(loss, float) else loss.item())

    return report


def parameters():
    torch.manual_seed(42)
    return torch.randn(1, requires_grad=True), torch.randn(1, requires_grad=True)


def by_hand(show, epochs, every):
    report = reporter(show, every)
    show("first point", x_train[0].item(), y_train[0].item())
    rng = np.random.RandomState(42)
    a, b = rng.randn(1), rng.randn(1)
    show("start", a.item(), b.item())
    for epoch in range(1, epochs + 1):
        yhat = a + b * x_train
        error = y_train - yhat
        loss = (error**2).mean()
        a_grad = -2 * error.mean()
        b_grad = -2 * (x_train * error).mean()
        if epoch == 1:
            show("gradients", a_grad.item(), b_grad.item())
        a -= lr * a_grad
        b -= lr * b_grad
        if epoch == 1:
            show("after one step", a.item(), b.item())
        report(epoch, loss)
    show("learnt", a.item(), b.item())
    (intercept, slope), *_ = np.linalg.lstsq(np.c_[np.ones(80), x_train], y_train[:, 0], rcond=None)
    show("closed form", intercept.item(), slope.item())


def autograd(show, epochs, every):
    report = reporter(show, every)
    a, b = parameters()
    show(a, b)
    loss = ((y_train_tensor - (a + b * x_train_tensor)) ** 2).mean()
    show("before backward", a.grad, b.grad)
    loss.backward()
    show("gradients", a.grad, b.grad)
    loss = ((y_train_tensor - (a + b * x_train_tensor)) ** 2).mean()
    loss.backward()
    show("twice as large", a.grad, b.grad)
    a.grad.zero_(), b.grad.zero_()
    show("zeroed", a.grad, b.grad)
    try:
        a -= lr * a.grad
    except RuntimeError as error:
        show(error)
    c = a - lr * a.grad
    show("a new tensor", js(c.is_leaf), js(c.requires_grad))

    a, b = parameters()
    for epoch in range(1, epochs + 1):
        yhat = a + b * x_train_tensor
        error = y_train_tensor - yhat
        loss = (error**2).mean()
        loss.backward()
        with torch.no_grad():
            a -= lr * a.grad
            b -= lr * b.grad
        a.grad.zero_()
        b.grad.zero_()
        report(epoch, loss)
    show(a, b)
    show("loss", loss)
    show(loss.item(), loss.tolist(), loss.detach().numpy().item())


def graph(show):
    def tree(node, depth=0):
        show("  " * depth + node.name().split("::")[-1])
        for before, _ in node.next_functions:
            if before is not None:
                tree(before, depth + 1)

    a, b = parameters()
    yhat = a + b * x_train_tensor
    error = y_train_tensor - yhat
    loss = (error**2).mean()
    show("yhat")
    tree(yhat.grad_fn)
    show("loss")
    tree(loss.grad_fn)
    show("yhat without a")
    tree((torch.randn(1) + b * x_train_tensor).grad_fn)
    if loss > 0:
        yhat2 = b * x_train_tensor
        error2 = y_train_tensor - yhat2
    loss += error2.mean()
    show("a loss with a condition")
    tree(loss.grad_fn)
    loss.backward()
    show(loss.item(), a.grad, b.grad)


def optimizer(show, epochs, every):
    report = reporter(show, every)
    a, b = parameters()
    sgd = optim.SGD([a, b], lr=lr)
    show("by an optimizer")
    for epoch in range(1, epochs + 1):
        loss = ((y_train_tensor - (a + b * x_train_tensor)) ** 2).mean()
        loss.backward()
        sgd.step()
        sgd.zero_grad()
        report(epoch, loss)
    show(a, b)

    loss_fn = nn.MSELoss(reduction="mean")
    show(loss_fn)
    show(loss_fn(torch.tensor([1.0, 2.0, 3.0]), torch.tensor([1.0, 3.0, 5.0])))
    a, b = parameters()
    sgd = optim.SGD([a, b], lr=lr)
    show("with a loss function")
    for epoch in range(1, epochs + 1):
        loss = loss_fn(y_train_tensor, a + b * x_train_tensor)
        loss.backward()
        sgd.step()
        sgd.zero_grad()
        report(epoch, loss)
    show(a, b)


class ManualLinearRegression(nn.Module):
    def __init__(self):
        super().__init__()
        self.a = nn.Parameter(torch.randn(1))
        self.b = nn.Parameter(torch.randn(1))

    def forward(self, x):
        return self.a + self.b * x


class LayerLinearRegression(nn.Module):
    def __init__(self):
        super().__init__()
        self.linear = nn.Linear(1, 1)

    def forward(self, x):
        return self.linear(x)


def model(show, epochs, every):
    torch.manual_seed(42)
    torch.rand(501)
    dummy = ManualLinearRegression()
    for parameter in dummy.parameters():
        show(parameter)
    show(js(dummy.state_dict()))
    layered = LayerLinearRegression()
    for parameter in layered.parameters():
        show(parameter)
    show(js(layered.state_dict()))
    show(layered)

    torch.manual_seed(42)
    model = ManualLinearRegression()
    show(js(model.state_dict()))
    loss_fn = nn.MSELoss(reduction="mean")
    sgd = optim.SGD(model.parameters(), lr=lr)
    show(js(options_here(sgd.state_dict())))
    train_step = make_train_step(model, loss_fn, sgd)
    report = reporter(show, every)
    for epoch in range(1, epochs + 1):
        report(epoch, train_step(x_train_tensor, y_train_tensor))
    show(js(model.state_dict()))


def make_train_step(model, loss_fn, optimizer):
    def train_step(x, y):
        model.train()
        loss = loss_fn(model(x), y)
        loss.backward()
        optimizer.step()
        optimizer.zero_grad()
        return loss.item()

    return train_step


def new_model():
    model = nn.Sequential(nn.Linear(1, 1))
    return model, nn.MSELoss(reduction="mean"), optim.SGD(model.parameters(), lr=lr)


def train_step(show, epochs, every):
    report = reporter(show, every)
    torch.manual_seed(42)
    model, loss_fn, sgd = new_model()
    show(model)
    step = make_train_step(model, loss_fn, sgd)
    for epoch in range(1, epochs + 1):
        report(epoch, step(x_train_tensor, y_train_tensor))
    show(js(model.state_dict()))


class CustomDataset(Dataset):
    def __init__(self, x, y):
        self.x, self.y = x, y

    def __getitem__(self, index):
        return self.x[index], self.y[index]

    def __len__(self):
        return len(self.x)


def loader(show, epochs, every):
    report = reporter(show, every, "step")
    show(js(CustomDataset(x_train_tensor, y_train_tensor)[0]))
    train_data = TensorDataset(x_train_tensor, y_train_tensor)
    show(js(train_data[0]))
    torch.manual_seed(42)
    train_loader = DataLoader(dataset=train_data, batch_size=16, shuffle=True)
    x_batch, y_batch = next(iter(train_loader))
    show(x_batch.shape, y_batch.shape)
    show(x_batch)
    model, loss_fn, sgd = new_model()
    step = make_train_step(model, loss_fn, sgd)
    steps = 0
    for _ in range(epochs):
        for x_batch, y_batch in train_loader:
            steps += 1
            report(steps, step(x_batch, y_batch))
    show(js(model.state_dict()))


def split_data():
    torch.manual_seed(42)
    dataset = TensorDataset(torch.from_numpy(x).float(), torch.from_numpy(y).float())
    train_dataset, val_dataset = random_split(dataset, [80, 20])
    return DataLoader(train_dataset, batch_size=16), DataLoader(val_dataset, batch_size=20)


def validate(model, loss_fn, val_loader):
    model.eval()
    with torch.no_grad():
        return np.mean([loss_fn(model(x_val), y_val).item() for x_val, y_val in val_loader])


def train_loop(show, epochs, every, scheduler=None):
    train_loader, val_loader = split_data()
    model, loss_fn, sgd = new_model()
    if scheduler is not None:
        scheduler = scheduler(sgd)
    step = make_train_step(model, loss_fn, sgd)
    for epoch in range(1, epochs + 1):
        loss = np.mean([step(x_batch, y_batch) for x_batch, y_batch in train_loader])
        val_loss = validate(model, loss_fn, val_loader)
        if isinstance(scheduler, ReduceLROnPlateau):
            scheduler.step(val_loss)
        elif scheduler is not None:
            scheduler.step()
        if epoch % every == 0:
            rate = [] if scheduler is None else ["lr", sgd.state_dict()["param_groups"][0]["lr"]]
            show("epoch", epoch, "loss", float(loss), "validation loss", float(val_loss), *rate)
    show(js(model.state_dict()))


def validation(show, epochs, every):
    train_loader, val_loader = split_data()
    show(len(train_loader.dataset), len(val_loader.dataset), len(train_loader), len(val_loader))
    train_loop(show, epochs, every)


def schedules(show, epochs, every):
    show("ReduceLROnPlateau")
    train_loop(show, epochs, every, lambda sgd: ReduceLROnPlateau(sgd, "min"))
    show("StepLR")
    train_loop(show, epochs, every, lambda sgd: StepLR(sgd, step_size=30, gamma=0.5))
    show("MultiStepLR")
    train_loop(show, epochs, every, lambda sgd: MultiStepLR(sgd, milestones=[30, 80], gamma=0.1))


def runs(epochs):
    return {"short": {"epochs": epochs, "every": 1}, "full": {"epochs": 1000, "every": 100}}


record("regression/01-by-hand", by_hand, runs(100))
record("regression/02-autograd", autograd, runs(100))
record("regression/03-graph", graph, {"full": {}})
record("regression/04-optimizer", optimizer, runs(100))
record("regression/05-model", model, runs(100))
record("regression/06-train-step", train_step, runs(100))
record("regression/07-loader", loader, runs(100))
record("regression/08-validation", validation, runs(100))
record("regression/09-final", train_loop, runs(100))
record("regression/10-schedules", schedules, runs(100))
