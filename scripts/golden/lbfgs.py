"""PyTorch's L-BFGS on two functions, in float64: the loss of every call of the closure and the weights after each step, and
the state dict after two steps, from which test/optim/lbfgs.test.ts continues.

    python scripts/golden/lbfgs.py"""

import torch

from values import encode, write

STEPS, SAVED = 4, 2

CASES = [
    ("rosenbrock", {"line_search_fn": "strong_wolfe"}),
    ("rosenbrock", {"line_search_fn": "strong_wolfe", "max_iter": 4}),
    ("rosenbrock", {"line_search_fn": "strong_wolfe", "max_iter": 5, "history_size": 2, "lr": 0.5}),
    ("rosenbrock", {"line_search_fn": "strong_wolfe", "max_eval": 4}),
    ("rosenbrock", {"lr": 0.25, "max_iter": 6}),
    ("rosenbrock", {"line_search_fn": "strong_wolfe", "max_iter": 100, "tolerance_grad": 1e-3}),
    ("regression", {"line_search_fn": "strong_wolfe", "max_iter": 5}),
    ("regression", {"max_iter": 5, "history_size": 3}),
    ("regression", {"line_search_fn": "strong_wolfe", "tolerance_change": 1e-2}),
]

X = [[((3 * i + 5 * j) % 7 - 3) / 4 for j in range(3)] for i in range(8)]
Y = [[((5 * i) % 11 - 5) / 8] for i in range(8)]
START = {"rosenbrock": [[-1.5], [2.0]], "regression": [[0.5, -0.25, 0.125], [0.0]]}


def loss_of(function, params):
    if function == "rosenbrock":
        a, b = params
        return ((1 - a) ** 2 + 100 * (b - a**2) ** 2).sum()
    weight, bias = params
    x, y = torch.tensor(X, dtype=torch.float64), torch.tensor(Y, dtype=torch.float64)
    return ((torch.tanh(x @ weight.view(3, 1)) + bias - y) ** 2).mean()


def numbers(x):
    return [encode(v, torch.float64) for v in x.detach().reshape(-1).tolist()]


def stored(value):
    if isinstance(value, list):
        return [stored(v) for v in value]
    if isinstance(value, torch.Tensor):
        return {"dtype": "float64", "shape": list(value.shape), "data": numbers(value)}
    return value


def run(function, options):
    params = [torch.tensor(v, dtype=torch.float64, requires_grad=True) for v in START[function]]
    optimizer = torch.optim.LBFGS(params, **options)
    losses = []

    def closure():
        optimizer.zero_grad()
        loss = loss_of(function, params)
        loss.backward()
        losses.append(loss.item())
        return loss

    steps, saved = [], None
    for step in range(STEPS):
        first = len(losses)
        optimizer.step(closure)
        steps.append({"losses": losses[first:], "weights": [v for p in params for v in numbers(p)]})
        if step + 1 == SAVED:
            found = optimizer.state_dict()
            state = {i: {key: stored(v) for key, v in values.items()} for i, values in found["state"].items()}
            for values in state.values():
                if "al" in values:  # scratch memory, as long as the history
                    values["al"] = [v for v in values["al"] if v is not None]
            saved = {"state": state, "param_groups": found["param_groups"]}
    return {"function": function, "options": options, "steps": steps, "saved": saved}


if __name__ == "__main__":
    torch.set_num_threads(1)
    entries = {f"{function} {options}": run(function, options) for function, options in CASES}
    write("lbfgs", {"x": X, "y": Y, "start": START, "saved": SAVED}, entries)
