# Writes PyTorch's own module test inputs (torch.testing's module_db) as dump.py writes those of its operators: for each
# class the arguments of its constructor and of forward, the state it begins with after manual_seed(42) and the one it
# was then given, what forward answers (of bfloat16 also in float32, since PyTorch may round in between), the state
# afterwards, gradients in float64, and the printed form.
#
#   python scripts/opinfo/modules.py FOLDER [NAME…]      a name is a class of torch.nn: BatchNorm2d
#   python scripts/opinfo/modules.py FOLDER --golden     a few samples of each class, for test/nn/golden.test.ts
#
# Needs torch, numpy, safetensors and expecttest.
import copy
import inspect
import json
import os
import sys
import warnings

import torch
from safetensors.torch import save_file
from torch.testing._internal.common_modules import module_db

from dump import File, Skip, bind_python, integral, tensors_of, widened

DTYPES = [torch.float64, torch.float32, torch.bfloat16]
REQUIRED = {"input_size", "hidden_size"}  # of classes whose constructors take *args
LEFT_OUT = {"quantized", "Lazy", "qat", "quantizable"}


class Modules(File):
    """Values may also be modules, and functions of torch.nn.functional."""

    def value(self, value, input=False):
        if isinstance(value, torch.nn.Module):
            return {"module": type(value).__name__, "arguments": self.arguments(*made[value]), "state": state(self, value)}
        if callable(value) and not isinstance(value, torch.dtype) and hasattr(value, "__name__"):
            return {"function": value.__name__}
        return super().value(value, input)

    def arguments(self, function, args, kwargs):
        args = (None, *args) if function.__name__ == "__init__" else args
        bound = bind_python(function, [integral(one) for one in args], {key: integral(one) for key, one in kwargs.items()})
        return [
            {"name": name, "value": self.value(value, input=True), "default": default is not inspect.Parameter.empty and name not in REQUIRED}
            for name, default, value in bound
            if name not in ("self", "device", "dtype") and not (value is None and default is None)
        ]


made = {}


def remember(cls):
    """Keeps what its modules are made with."""
    init = cls.__init__

    def __init__(self, *args, **kwargs):
        init(self, *args, **kwargs)
        if type(self) is cls:
            made[self] = (init, args, kwargs)

    cls.__init__ = __init__
    return init


def state(file, module):
    return {key: file.tensor(value) for key, value in module.state_dict().items()}


def leaf(value):
    """Tensors without what they were computed from: module_db takes one from another."""
    if isinstance(value, torch.Tensor):
        return value.detach().requires_grad_(value.requires_grad)
    return type(value)(leaf(one) for one in value) if isinstance(value, (list, tuple)) else value


def add(file, cls, init, sample, dtype, training):
    args, kwargs = sample.constructor_input.args, dict(sample.constructor_input.kwargs)
    for name in ("device", "dtype"):
        kwargs.pop(name, None)
    torch.manual_seed(42)
    module = cls(*args, **kwargs)
    entry = {"arguments": file.arguments(init, args, kwargs), "initial": state(file, module), "training": training}
    module = module.to(dtype).train(training)
    if hasattr(module, "flatten_parameters"):
        module.flatten_parameters()
    entry["state"] = state(file, module)
    given, named = leaf(sample.forward_input.args), {key: leaf(x) for key, x in sample.forward_input.kwargs.items()}
    entry["forward"] = file.arguments(type(module).forward.__get__(module), given, named)
    before = copy.deepcopy(module)
    torch.manual_seed(42)
    out = module(*given, **named)
    entry["out"] = file.value(out)
    if dtype is torch.bfloat16:
        try:
            torch.manual_seed(42)
            wide = before.float()(*widened(given), **{key: widened(value) for key, value in named.items()})
            entry["precise"] = [file.tensor(y.to(dtype) if y.is_floating_point() else y) for y in tensors_of(wide)]
        except Exception:
            pass
    entry["after"] = state(file, module)
    entry["printed"] = str(module)
    if dtype is torch.float64:
        inputs = [x for x in tensors_of([*given, *named.values()]) if x.requires_grad]
        leaves = [*inputs, *module.parameters()]
        carrying = [y for y in tensors_of(out) if y.requires_grad]
        if leaves and carrying:
            weights = [torch.rand(y.shape, dtype=y.dtype) for y in carrying]
            total = sum((y * w).sum() for y, w in zip(carrying, weights))
            grads = torch.autograd.grad(total, leaves, allow_unused=True)
            entry["weights"] = [file.tensor(w) for w in weights]
            entry["inputs"] = [None if g is None else file.tensor(g) for g in grads[: len(inputs)]]
            names = [name for name, _ in module.named_parameters()]
            entry["parameters"] = dict(zip(names, [None if g is None else file.tensor(g) for g in grads[len(inputs) :]]))
    file.samples.append({"dtype": str(dtype).removeprefix("torch."), **entry})


def fill(file, info, chosen):
    """Adds what module_db has for a class, in all dtypes; `chosen(n)` says whether to take the n-th of one dtype."""
    cls, left = info.module_cls, {}
    init = cls.__init__.__wrapped_init__
    for dtype in DTYPES:
        taken = 0
        for training in [True, False] if info.train_and_eval_differ else [True]:
            try:
                torch.manual_seed(0)
                wants = dtype is torch.float64
                samples = info.module_inputs_func(info, device="cpu", dtype=dtype, requires_grad=wants, training=training)
            except Exception as error:
                left[f"{dtype}: {error}"] = 1
                continue
            for sample in samples:
                if sample.forward_input is None:
                    continue
                taken += 1
                if not chosen(dtype, taken - 1):
                    continue
                try:
                    add(file, cls, init, sample, dtype, training)
                except Skip as reason:
                    left[str(reason)] = left.get(str(reason), 0) + 1
                except Exception as error:
                    reason = f"{type(error).__name__}: {str(error).splitlines()[0][:100]}"
                    left[reason] = left.get(reason, 0) + 1
    return left


def save(folder, name, tensors, samples):
    save_file(tensors, os.path.join(folder, f"{name}.safetensors"))
    with open(os.path.join(folder, f"{name}.json"), "w") as out:
        json.dump({"name": name, "torch": torch.__version__.split("+")[0], "samples": samples}, out)
        out.write("\n")


def write(folder, info):
    file = Modules(info.module_cls.__name__)
    left = fill(file, info, lambda dtype, n: True)
    save(folder, file.name, file.tensors, file.samples)
    print(f"{file.name}: {len(file.samples)} samples", *(f"  left out {n}: {r}" for r, n in left.items()), flush=True)


def write_golden(folder, infos):
    """The first samples of each class as one file."""
    tensors, samples = {}, {}
    for info in infos:
        file = Modules(info.module_cls.__name__)
        file.tensors = tensors
        fill(file, info, lambda dtype, n: n < {torch.float64: 4, torch.float32: 1}.get(dtype, 0))
        samples[file.name] = file.samples
    save(folder, "modules", tensors, samples)
    print(f"modules.json: {sum(len(one) for one in samples.values())} samples of {len(samples)} classes")


def main():
    warnings.simplefilter("ignore")
    torch.set_num_threads(1)
    folder, names = sys.argv[1], set(sys.argv[2:])
    os.makedirs(folder, exist_ok=True)
    infos = [one for one in module_db if not any(part in str(one.module_cls) for part in LEFT_OUT)]
    for info in infos:
        init = remember(info.module_cls)
        info.module_cls.__init__.__wrapped_init__ = init
    if names == {"--golden"}:
        return write_golden(folder, infos)
    for info in infos:
        if not names or info.module_cls.__name__ in names:
            write(folder, info)


main()
