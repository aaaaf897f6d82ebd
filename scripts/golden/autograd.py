"""What programs get that take part in PyTorch's autograd, for test/autograd/golden.test.ts, which has the same programs.

    python scripts/golden/autograd.py

An entry is a list of numbers, texts and lists of them: what the program finds, in float64."""

import warnings

import torch
from torch.autograd import Function
from torch.autograd.function import once_differentiable
from torch.utils.checkpoint import checkpoint, checkpoint_sequential

from values import write

warnings.simplefilter("ignore")
torch.set_default_dtype(torch.float64)


def leaf(data):
    return torch.tensor(data, dtype=torch.float64, requires_grad=True)


# --- Function


class Exp(Function):
    @staticmethod
    def forward(ctx, x):
        y = x.exp()
        ctx.save_for_backward(y)
        return y

    @staticmethod
    def backward(ctx, dy):
        (y,) = ctx.saved_tensors
        return dy * y


class Power(Function):
    """With a number among its arguments, and the context set up apart."""

    @staticmethod
    def forward(x, n, w):
        return x**n * w

    @staticmethod
    def setup_context(ctx, inputs, output):
        x, ctx.n, w = inputs
        ctx.save_for_backward(x, w)

    @staticmethod
    def backward(ctx, dy):
        x, w = ctx.saved_tensors
        dx = dy * ctx.n * x ** (ctx.n - 1) * w if ctx.needs_input_grad[0] else None
        dw = dy * x**ctx.n if ctx.needs_input_grad[2] else None
        return dx, None, dw


class Sorted(Function):
    @staticmethod
    def forward(ctx, x):
        y, index = x.sort()
        ctx.mark_non_differentiable(index)
        ctx.set_materialize_grads(False)
        ctx.save_for_backward(index)
        return y, x * 2, index

    @staticmethod
    def backward(ctx, dy, dz, dindex):
        assert dindex is None
        (index,) = ctx.saved_tensors
        dx = torch.zeros_like(index, dtype=torch.float64)
        if dy is not None:
            dx.scatter_(0, index, dy)
        return dx if dz is None else dx + 2 * dz


class Doubled(Function):
    @staticmethod
    def forward(ctx, x):
        x.mul_(2)
        ctx.mark_dirty(x)
        return x

    @staticmethod
    def backward(ctx, dy):
        return 2 * dy


class Legendre(Function):
    @staticmethod
    def forward(ctx, x):
        ctx.save_for_backward(x)
        return 0.5 * (5 * x**3 - 3 * x)

    @staticmethod
    @once_differentiable
    def backward(ctx, dy):
        (x,) = ctx.saved_tensors
        return dy * 1.5 * (5 * x**2 - 1)


def function_exp():
    x = leaf([0.5, -1.0, 2.0])
    y = Exp.apply(x)
    (dx,) = torch.autograd.grad((y * y).sum(), x, create_graph=True)
    (ddx,) = torch.autograd.grad(dx.sum(), x)
    return [y, dx, ddx, y.grad_fn.name()]


def function_power():
    x, w = leaf([1.5, -2.0]), leaf([0.5, 3.0])
    y = Power.apply(x, 3, w)
    dx, dw = torch.autograd.grad(y.sum(), (x, w), create_graph=True)
    (dx.sum() + dw.sum() * 2).backward()
    return [y, dx, dw, x.grad, w.grad, len(y.grad_fn.next_functions)]


def function_sorted():
    x = leaf([3.0, 1.0, 2.0])
    y, z, index = Sorted.apply(x)
    (y * torch.tensor([1.0, 2.0, 3.0])).sum().backward(retain_graph=True)
    first = x.grad.clone()
    z.sum().backward()
    return [y, z, index.double(), float(index.requires_grad), first, x.grad]


def function_dirty():
    x = leaf([1.0, 2.0])
    a = x * 3
    b = Doubled.apply(a)
    (b * b).sum().backward()
    return [float(b is a), a, x.grad, a.grad_fn.name()]


def function_training():
    torch.manual_seed(0)
    x = torch.linspace(-1, 1, 40)
    y = torch.sin(3 * x)
    a, b, c, d = (leaf(v) for v in (0.0, -1.0, 0.0, 0.3))
    losses = []
    for _ in range(5):
        loss = (a + b * Legendre.apply(c + d * x) - y).pow(2).sum()
        losses.append(loss.item())
        loss.backward()
        with torch.no_grad():
            for p in (a, b, c, d):
                p -= 1e-3 * p.grad
                p.grad = None
    return [losses, a, b, c, d]


# --- hooks


def hooks_scaled():
    x = leaf([1.0, 2.0, 3.0])
    handle = x.register_hook(lambda g: g * 2)
    x.backward(torch.tensor([1.0, 2.0, 3.0]))
    first = x.grad.clone()
    handle.remove()
    x.backward(torch.tensor([1.0, 2.0, 3.0]))
    return [first, x.grad]


def hooks_retained():
    x = leaf([1.0, 2.0])
    h = x * 2
    h.register_hook(lambda g: g + 1)
    h.retain_grad()
    h.register_hook(lambda g: g * 10)
    (h * h).sum().backward()
    return [h.grad, x.grad, float(h.retains_grad)]


def hooks_accumulated():
    torch.manual_seed(0)
    w, b = leaf([[0.5, -1.0]]), leaf([0.25])
    for p in (w, b):

        def step(p):
            with torch.no_grad():
                p -= 0.1 * p.grad
            p.grad = None

        p.register_post_accumulate_grad_hook(step)
    losses = []
    x, y = torch.tensor([[1.0, 2.0], [3.0, -1.0]]), torch.tensor([[1.0], [0.0]])
    for _ in range(3):
        loss = (torch.nn.functional.linear(x, w, b) - y).pow(2).mean()
        losses.append(loss.item())
        loss.backward()
    return [losses, w, b, float(w.grad is None)]


def hooks_nodes():
    x = leaf([2.0, 3.0])
    y = x.exp()
    z = (y * 2).sum()
    seen = []
    y.grad_fn.register_prehook(lambda dy: (dy[0] * 3,))
    y.grad_fn.register_hook(lambda dx, dy: seen.extend([dx[0], dy[0]]))
    y.grad_fn.register_hook(lambda dx, dy: (dx[0] + 1,))
    z.backward()
    return [*seen, x.grad, z.grad_fn.name(), z.grad_fn.next_functions[0][0].name(), str(y.grad_fn.next_functions[0][1])]


def hooks_captured():
    x = leaf([1.0, 2.0])
    h = x * 2
    h.register_hook(lambda g: g * 10)
    x.register_hook(lambda g: g + 1)
    y = (h * 3).sum()
    both = torch.autograd.grad(y, [h, x], retain_graph=True)
    (alone,) = torch.autograd.grad(y, [h], retain_graph=True)
    y.backward(inputs=[x])
    return [*both, alone, x.grad]


# --- anomaly mode


def failing(program, check_nan=True):
    try:
        with torch.autograd.detect_anomaly(check_nan=check_nan):
            program()
    except RuntimeError as error:
        return str(error)
    return ""


def anomaly_sqrt():
    return [failing(lambda: (leaf([0.0, 1.0]).sqrt() * 0).sum().backward())]


def anomaly_division():
    x = leaf([0.0, 1.0])
    return [failing(lambda: (x / x).sum().backward())]


class Broken(Function):
    @staticmethod
    def forward(ctx, x, y):
        return x * y

    @staticmethod
    def backward(ctx, dz):
        return dz, dz * float("nan")


def anomaly_function():
    x, y = leaf([1.0]), leaf([2.0])
    return [failing(lambda: Broken.apply(x, y).sum().backward()), float(x.grad is None)]


def anomaly_unchecked():
    x = leaf([0.0, 1.0])
    found = failing(lambda: (x.sqrt() * 0).sum().backward(), check_nan=False)
    return [found, x.grad.isnan().double()]


class Failing(Function):
    @staticmethod
    def forward(ctx, x):
        return x.clone()

    @staticmethod
    def backward(ctx, dy):
        raise RuntimeError("Some error in backward")


def anomaly_thrown():
    return [failing(lambda: Failing.apply(leaf([1.0])).backward())]


# --- checkpoint


def layers():
    """Weights that both programs can make."""
    at = lambda n, m: (torch.arange(n * m, dtype=torch.float64).reshape(n, m) * 0.37).sin()
    return [leaf(at(4, 3).tolist()), leaf(at(4, 4).tolist()), leaf(at(2, 4).tolist())]


def inputs():
    return leaf([[0.1, -0.2, 0.3], [1.0, 0.5, -1.5]])


def checkpoint_layers():
    (a, b, c), x, calls = layers(), inputs(), []

    def block(x):
        calls.append(1)
        return torch.tanh(x @ a.t()) @ b.t()

    y = (checkpoint(block, x, use_reentrant=False).sigmoid() @ c.t()).pow(2).sum()
    y.backward()
    return [y, x.grad, a.grad, b.grad, c.grad, len(calls)]


def checkpoint_random():
    torch.manual_seed(3)
    x = torch.ones(40, dtype=torch.float32, requires_grad=True)
    y = checkpoint(lambda x: torch.nn.functional.dropout(x * x, 0.5), x, use_reentrant=False)
    between = torch.rand(2, dtype=torch.float32)
    y.sum().backward()
    return [y, between, x.grad, torch.rand(2, dtype=torch.float32)]


def checkpoint_segments():
    (a, b, c), x = layers(), inputs()
    functions = [lambda x: x @ a.t(), torch.tanh, lambda x: x @ b.t(), torch.sigmoid, lambda x: x @ c.t()]
    y = checkpoint_sequential(functions, 2, x, use_reentrant=False).pow(2).sum()
    y.backward()
    return [y, x.grad, a.grad, b.grad, c.grad]


def checkpoint_nested():
    (a, b, c), x = layers(), inputs()

    def inner(x):
        return torch.tanh(x @ b.t())

    def outer(given):
        hidden = (given["x"] @ a.t()).exp()
        return {"out": [checkpoint(inner, hidden, use_reentrant=False), hidden.sum()]}

    found = checkpoint(outer, {"x": x}, use_reentrant=False)["out"]
    (found[0].pow(2).sum() + found[1] * found[1]).backward()
    return [found[0], found[1], x.grad, a.grad, b.grad]


def checkpoint_second():
    x = leaf([0.5, -1.0])
    y = checkpoint(lambda x: x.exp().sin(), x, use_reentrant=False)
    (dx,) = torch.autograd.grad(y.sum(), x, create_graph=True)
    (ddx,) = torch.autograd.grad(dx.pow(2).sum(), x)
    return [y, dx, ddx]


# --- functional

F = torch.autograd.functional


def functional_jacobian():
    x = torch.tensor([[0.1, 0.7], [-0.3, 1.1]])
    return [F.jacobian(lambda x: x.exp().sum(1), x)]


def functional_several():
    x, y = torch.tensor([0.1, 0.7]), torch.tensor([1.5, -2.0])
    by = F.jacobian(lambda x, y: (2 * x + 3 * y * y, (x * y).sum()), (x, y))
    one = F.jacobian(lambda x, y: 2 * x, (x, y))
    return [by[0][0], by[0][1], by[1][0], by[1][1], one[0], one[1]]


def functional_hessian():
    x = torch.tensor([[0.1, 0.7], [-0.3, 1.1]])
    a, b = torch.tensor([0.5, 2.0]), torch.tensor([-1.0, 0.3])
    two = F.hessian(lambda a, b: (a.pow(2) * b.exp()).sum(), (a, b))
    return [F.hessian(lambda x: x.pow(3).sum(), x), two[0][0], two[0][1], two[1][0], two[1][1]]


def functional_products():
    x, v, u = torch.tensor([[0.1, 0.7], [-0.3, 1.1]]), torch.tensor([1.0, -2.0]), torch.tensor([[1.0, 2.0], [3.0, 4.0]])
    f, g = (lambda x: x.exp().sum(1)), (lambda x: x.pow(3).sum() + x[0].prod())
    return [*F.vjp(f, x, v), *F.jvp(f, x, u), *F.vhp(g, x, u), *F.hvp(g, x, u)]


def functional_recorded():
    x = leaf([0.4, -0.6])
    j = F.jacobian(lambda x: x.sin() * x, x, create_graph=True)
    j.pow(2).sum().backward()
    first = x.grad.clone()
    x.grad = None
    F.hessian(lambda x: x.pow(4).sum(), x, create_graph=True).sum().backward()
    return [j, first, x.grad]


# --- changes in place


def inplace_rows():
    x = leaf([1.0, 2.0, 3.0])
    out = torch.zeros(2, 3)
    out[0].copy_(x * x)
    out[1].add_(x, alpha=2)
    out[:, 1].mul_(3)
    (out * out).sum().backward()
    return [out, x.grad, type(out.grad_fn).__name__]


def inplace_views():
    x = leaf([[1.0, 2.0], [3.0, 4.0]])
    y = x * 2
    v, w = y.view(4), y[1]
    v[1:3].mul_(5)
    w.mul_(w.detach().clone())
    z = v.sum() + (w * torch.tensor([1.0, 10.0])).sum() + y.t()[0].sum()
    z.backward()
    return [y, v, w, x.grad]


def inplace_expanded():
    x = leaf([1.0, 2.0])
    y = x * 1
    e = y.expand(3, 2)
    y.mul_(y.detach().clone())
    (e * torch.arange(6.0).reshape(3, 2)).sum().backward()
    return [e, x.grad]


def inplace_second():
    x = leaf([0.5, 1.5, 2.0])
    y = x.sin()
    y[1:].mul_(x[:2])
    (dx,) = torch.autograd.grad((y * y).sum(), x, create_graph=True)
    (ddx,) = torch.autograd.grad((dx * dx).sum(), x)
    return [y, dx, ddx]


def inplace_random():
    torch.manual_seed(1)
    x = leaf([1.0, 2.0, 3.0, 4.0])
    y = x * 2
    y[:2].uniform_()
    y.sum().backward()
    return [y, x.grad]


def plain(x):
    if isinstance(x, torch.Tensor):
        return x.detach().tolist()
    return [plain(v) for v in x] if isinstance(x, (list, tuple)) else x


families = ("function", "hooks", "anomaly", "checkpoint", "functional", "inplace")
own = {name: f for name, f in globals().items() if getattr(f, "__module__", "") == "__main__" and "_" in name}
programs = {name: f for name, f in own.items() if name.split("_")[0] in families}
write("autograd", {}, {name: plain(f()) for name, f in programs.items()})
