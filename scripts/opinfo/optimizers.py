# Writes PyTorch's own optimizer test inputs (torch.testing's optim_db), as dump.py writes those of its operators: for each
# class and each set of its options twenty steps, with gradients or, where a step calls a closure, with what that
# computes; what is given that it must refuse; and what its state dict is half-way and at the end.
#
#   python scripts/opinfo/optimizers.py FOLDER [NAME…]      a name is a class of torch.optim: Adam
#
# Needs torch, numpy, safetensors and expecttest.
import json
import os
import sys
import warnings

import torch
from safetensors.torch import save_file
from torch.testing._internal.common_optimizers import OptimizerErrorEnum, optim_db

from dump import File, Skip

DTYPES = [torch.float64, torch.float32, torch.bfloat16]
STEPS, HALF = 20, 10


def start(cls, dtype):
    """A matrix and, unless it takes matrices only, a vector and a number."""
    torch.manual_seed(0)
    shapes = [(10, 5)] if cls.__name__ == "Muon" else [(10, 5), (10,), ()]
    return [torch.randn(shape, dtype=torch.float32).to(dtype).requires_grad_() for shape in shapes]


def gradients(step, params):
    torch.manual_seed(100 + step)
    return [torch.randn(param.shape, dtype=torch.float32).to(param.dtype) for param in params]


def loss_of(params, x):
    """Of the closure."""
    return (params[0] @ x + params[1]).pow(2).sum() * params[2]


def state(file, optimizer):
    return {
        str(i): {key: file.value(value) for key, value in values.items() if isinstance(value, (torch.Tensor, int, float))}
        for i, values in optimizer.state_dict()["state"].items()
    }


def run(cls, kwargs, params, closure):
    """What stands after each half of the steps."""
    optimizer = cls(params, **kwargs)
    for step in range(STEPS):
        if closure is None:
            for param, grad in zip(params, gradients(step, params)):
                param.grad = grad
        optimizer.step(*([lambda: closure(optimizer)] if closure else []))
        if step + 1 in (HALF, STEPS):
            yield optimizer


def add(file, info, kwargs, desc, dtype):
    params = start(info.optim_cls, dtype)
    entry = {"desc": desc, "options": options_of(file, kwargs), "start": [file.tensor(p) for p in params]}
    x = torch.linspace(-1, 1, 5, dtype=dtype)

    def closure(optimizer):
        optimizer.zero_grad()
        loss = loss_of(params, x)
        loss.backward()
        return loss

    if info.step_requires_closure:
        if dtype is torch.bfloat16:
            return
        entry["x"] = file.tensor(x)
    else:
        entry["gradients"] = [[file.tensor(grad) for grad in gradients(step, params)] for step in range(STEPS)]
    halves = []
    for optimizer in run(info.optim_cls, kwargs, params, closure if info.step_requires_closure else None):
        halves.append({"params": [file.tensor(p) for p in params], "state": state(file, optimizer)})
    entry["halves"] = halves
    if dtype is torch.bfloat16:  # PyTorch rounds after each op, or after each step: how far that is from float32
        wide = [p.detach().float().requires_grad_() for p in start(info.optim_cls, dtype)]
        entry["precise"] = [[file.tensor(p) for p in wide] for _ in run(info.optim_cls, kwargs, wide, None)]
    file.samples.append({"dtype": str(dtype).removeprefix("torch."), **entry})


def options_of(file, kwargs):
    return {key: plain(value) for key, value in kwargs.items()}


def plain(value):
    """A tensor is written as its numbers and its shape; dtrain's options are numbers."""
    if isinstance(value, torch.Tensor):
        return {"elements": value.reshape(-1).double().tolist(), "shape": list(value.shape)}
    return [plain(one) for one in value] if isinstance(value, (list, tuple)) else value


def parameters(given, known):
    """Tensors become numbers, the same tensor the same one."""
    if given is None or isinstance(given, str):
        return given
    if isinstance(given, torch.Tensor):
        if given.is_complex():
            raise Skip("complex parameters")
        index = next((i for i, one in enumerate(known) if one is given), len(known))
        if index == len(known):
            known.append(given)
        return {"tensor": index}
    if isinstance(given, dict):
        return {key: parameters(value, known) if key == "params" else value for key, value in given.items()}
    if isinstance(given, (list, tuple)):
        return [parameters(one, known) for one in given]
    raise Skip(f"parameters of {type(given).__name__}")


def add_error(file, error):
    given, known = error.optimizer_error_input, []
    left = plain(given.kwargs)
    listed = parameters(given.params, known)
    entry = {"desc": given.desc, "options": {key: plain(value) for key, value in left.items()}, "params": listed}
    entry["shapes"] = [list(one.shape) for one in known]
    entry["atStep"] = error.error_on is OptimizerErrorEnum.STEP_ERROR
    file.samples.append({"dtype": "float32", "refused": error.error_regex, **entry})


def write(folder, info):
    file, left = File(info.optim_cls.__name__), {}
    work = [
        (lambda one=one, dtype=dtype: add(file, info, one.kwargs, one.desc, dtype))
        for dtype in DTYPES
        for one in info.optim_inputs_func(device="cpu", dtype=dtype)
    ]
    work += [
        (lambda one=one: add_error(file, one)) for one in info.optim_error_inputs_func(device="cpu", dtype=torch.float32)
    ]
    for one in work:
        try:
            one()
        except Skip as reason:
            left[str(reason)] = left.get(str(reason), 0) + 1
    save_file(file.tensors, os.path.join(folder, f"{file.name}.safetensors"))
    with open(os.path.join(folder, f"{file.name}.json"), "w") as out:
        json.dump({"name": file.name, "torch": torch.__version__, "samples": file.samples}, out)
    print(f"{file.name}: {len(file.samples)} samples", *(f"  left out {n}: {r}" for r, n in left.items()), flush=True)


def main():
    warnings.simplefilter("ignore")
    torch.set_num_threads(1)
    folder, names = sys.argv[1], set(sys.argv[2:])
    os.makedirs(folder, exist_ok=True)
    for info in optim_db:
        if info.optim_cls.__name__ != "SparseAdam" and (not names or info.optim_cls.__name__ in names):
            write(folder, info)


main()
