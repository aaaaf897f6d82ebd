# Writes PyTorch's own operator test inputs (torch.testing's op_db), what PyTorch answers to each of them and, in
# float64, the gradients: one file of JSON and one of safetensors for each name, into a folder outside of the repository.
# It says what every argument is called and whether it has a default; run.ts makes calls of dtrain of that. A Python
# float without a fraction is given as an integer where PyTorch takes it, since JavaScript has one number for both.
#
#   python scripts/opinfo/dump.py FOLDER [NAME…]      a name is op_db's: add, nn.functional.relu
#
# Needs torch, numpy, safetensors and expecttest.
import inspect
import json
import math
import os
import sys
import warnings

import torch
from safetensors.torch import save_file
from torch._jit_internal import boolean_dispatched
from torch.testing._internal.common_methods_invocations import op_db

DTYPES = [torch.float64, torch.float32, torch.int64, torch.bool, torch.bfloat16]
KNOWN = {torch.float64, torch.float32, torch.float16, torch.bfloat16, torch.int64, torch.int32, torch.int16, torch.int8,
         torch.uint8, torch.bool}
MOST_ELEMENTS = 300_000  # of a tensor; the few samples with larger ones are left out
MOST_SAMPLES = 120  # of a variant of a name in a dtype, taken evenly
LEFT_OUT = ("masked.", "sparse.", "fft.", "signal.", "torch.", "jiterator", "_")
INTERNAL = {"max_pool2d_with_indices_backward", "native_dropout_backward", "hash_tensor"}
COMPLEX = {"complex", "real", "imag", "conj", "conj_physical", "resolve_conj", "view_as_complex", "view_as_real", "polar",
           "cdouble", "cfloat", "chalf", "stft", "istft", "to_sparse", "angle", "mH", "H", "resolve_neg"}
REVERSED = {"__radd__", "__rdiv__", "__rmul__", "__rsub__", "__rpow__", "__rmod__", "__rand__", "__ror__", "__rxor__",
            "__rmatmul__"}
# What op_db calls in another order of arguments than the function has.
ORDER = {"polygamma": [1, 0], "special.polygamma": [1, 0], "where": [1, 0, 2], "einsum": [1, 0]}
# Functions that torch has in place only.
IN_PLACE = {"uniform", "exponential", "geometric", "cauchy", "log_normal"}
# Their elements mean nothing.
UNDEFINED = {"empty", "empty_like", "new_empty", "empty_strided", "new_empty_strided", "empty_permuted"}


class Skip(Exception):
    pass


def function_of(name):
    """torch's function, or the method, of op_db's name."""
    if name in REVERSED or name == "__getitem__":
        return getattr(torch.Tensor, name)
    if not name.startswith("nn.functional.") and hasattr(torch.Tensor, name) and not hasattr(torch, name):
        return getattr(torch.Tensor, name)
    found = torch
    for part in name.split("."):
        found = getattr(found, part, None)
        if found is None:
            return getattr(torch.Tensor, name, None)
    return found


def bind_python(function, args, kwargs):
    """[name, default, value] of each argument of a Python function; what only a name can give has a default here."""
    dispatched = boolean_dispatched.get(function)
    signature = inspect.signature(dispatched["if_false"] if dispatched else function)
    bound = signature.bind(*args, **kwargs)
    found = []
    for name, value in bound.arguments.items():
        parameter = signature.parameters[name]
        if parameter.kind is inspect.Parameter.VAR_POSITIONAL:
            found += [(name, inspect.Parameter.empty, one) for one in value]
        elif parameter.kind is inspect.Parameter.VAR_KEYWORD:
            found += [(key, None, one) for key, one in value.items()]
        else:
            named = parameter.kind is inspect.Parameter.KEYWORD_ONLY
            found.append((name, None if named else parameter.default, value))
    return found


def fits(value, kind):
    """Whether a value can be an argument of a type as schemas write it."""
    kind = kind.replace("Optional[", "").rstrip("]") + ("]" if "List[" in kind else "")
    if value is None:
        return True
    if isinstance(value, torch.Tensor):
        return kind == "Tensor"
    if isinstance(value, bool):
        return kind in ("bool", "number")
    if isinstance(value, int):
        return kind in ("int", "number", "float", "List[int]", "List[float]", "Any")
    if isinstance(value, float):
        return kind in ("float", "number", "List[float]")
    if isinstance(value, str):
        return kind == "str"
    if isinstance(value, (list, tuple)):
        inner = kind.removeprefix("List[").removesuffix("]")
        return kind.startswith("List[") and all(fits(one, inner) for one in value)
    return isinstance(value, (torch.dtype, torch.device, torch.layout, torch.memory_format)) and kind in ("int", "Device")


def bind_schema(native, args, kwargs):
    """The same for a function of the native core, by the first of its overloads that takes the arguments."""
    schemas = torch._C._jit_get_schemas_for_operator(f"aten::{native}")
    own = {key: value for key, value in kwargs.items() if key in ("requires_grad", "as_tuple")}  # in no schema
    if own:
        rest = {key: value for key, value in kwargs.items() if key not in own}
        return bind_schema(native, args, rest) + [(key, False, value) for key, value in own.items()]
    if not schemas:  # a method written by hand
        return [("", inspect.Parameter.empty, one) for one in args] + [(key, None, one) for key, one in kwargs.items()]
    for schema in schemas:
        arguments = [one for one in schema.arguments if not one.is_out]
        if len(arguments) != len(schema.arguments):
            continue
        places = [one for one in arguments if not one.kwarg_only]
        # sizes may stand one by one: x.permute(1, 0)
        given = args
        if len(given) > len(places) and str(places[-1].type) == "List[int]":
            given = (*given[: len(places) - 1], tuple(given[len(places) - 1 :]))
        if len(given) > len(places):
            continue
        values = {place.name: value for place, value in zip(places, given)} | kwargs
        if set(values) - {one.name for one in arguments}:
            continue
        if any(one.name not in values and not one.has_default_value() for one in arguments):
            continue
        if all(fits(values[one.name], str(one.type)) for one in arguments if one.name in values):
            return [
                (
                    one.name,
                    one.default_value if one.has_default_value() or one.kwarg_only else inspect.Parameter.empty,
                    values[one.name],
                )
                for one in arguments
                if one.name in values
            ]
    raise Skip("no overload takes the arguments")


def bind(op, args, kwargs):
    name = op.name
    if name == "__getitem__":
        args = (args[0], *(args[1] if isinstance(args[1], tuple) else args[1:]))
    if name in REVERSED | {"__getitem__", "T", "mT"}:
        return [("", inspect.Parameter.empty, one) for one in args]
    function = function_of(name)
    if inspect.isfunction(function):
        return bind_python(function, args, kwargs)
    return bind_schema(op.aten_name.removeprefix("nn.functional.").replace(".", "_"), args, kwargs)


class File:
    """The samples of one name, and the tensors of them."""

    def __init__(self, name):
        self.name = name
        self.samples = []
        self.tensors = {}

    def keep(self, x):
        key = str(len(self.tensors))
        self.tensors[key] = x.detach().clone().contiguous()
        return key

    def tensor(self, x, input=False):
        if x.dtype not in KNOWN or x.layout is not torch.strided or x.is_conj() or x.is_neg():
            raise Skip(f"{x.dtype}, {x.layout}")
        if x.numel() > MOST_ELEMENTS:
            raise Skip("too large")
        entry = {"dtype": str(x.dtype).removeprefix("torch."), "shape": list(x.shape), "grad": x.requires_grad}
        if not input or x.numel() == 0 or (x.is_contiguous() and x.storage_offset() == 0):
            return {"tensor": {**entry, "data": self.keep(x)}}
        reach = 1 + sum((size - 1) * stride for size, stride in zip(x.shape, x.stride()))
        whole = torch.as_strided(x.detach(), (x.storage_offset() + reach,), (1,), 0)
        return {"tensor": {**entry, "data": self.keep(whole), "stride": list(x.stride()), "offset": x.storage_offset()}}

    def value(self, value, input=False):
        if isinstance(value, torch.Tensor):
            return self.tensor(value, input)
        if value is None or isinstance(value, (bool, str)):
            return value
        if isinstance(value, int):
            return value if abs(value) < 2**53 else {"bigint": str(value)}
        if isinstance(value, float):
            return value if math.isfinite(value) else {"number": str(value)}
        if isinstance(value, torch.dtype):
            if value not in KNOWN:
                raise Skip(str(value))
            return {"dtype": str(value).removeprefix("torch.")}
        if isinstance(value, slice):
            return {"slice": [value.start, value.stop, value.step]}
        if value is Ellipsis:
            return {"ellipsis": True}
        if isinstance(value, (list, tuple)):
            return [self.value(one, input) for one in value]
        raise Skip(f"an argument of type {type(value).__name__}")


def cleaned(kwargs):
    """Without what dtrain has no need to be told."""
    kept = dict(kwargs)
    for name in ("layout", "pin_memory", "device"):
        kept.pop(name, None)
    if kept.get("memory_format", torch.preserve_format) in (torch.preserve_format, torch.contiguous_format):
        kept.pop("memory_format", None)
    return kept


def integral(value):
    """1 for 1.0, also in lists."""
    if isinstance(value, float) and value.is_integer():
        return int(value)
    if isinstance(value, (list, tuple)) and not isinstance(value, torch.Size):
        return type(value)(integral(one) for one in value) if type(value) in (list, tuple) else value
    return value


def tensors_of(value):
    if isinstance(value, torch.Tensor):
        return [value]
    if isinstance(value, (list, tuple)):
        return [x for one in value for x in tensors_of(one)]
    return []


def run(op, input, args, kwargs):
    torch.manual_seed(42)  # as op_db's own wrappers of random functions do
    return op(input, *args, **kwargs)


WIDER = {torch.float32: torch.float64, torch.bfloat16: torch.float32}


def widened(value):
    if isinstance(value, torch.Tensor):
        return value.to(WIDER.get(value.dtype, value.dtype))
    if isinstance(value, (list, tuple)):
        return type(value)(widened(one) for one in value) if type(value) in (list, tuple) else value
    return value


def precise(op, out, input, args, kwargs):
    """The answer computed in a wider type, where it is another one: PyTorch may round in between."""
    try:
        wide = run(op.op, widened(input), widened(args), {key: widened(value) for key, value in kwargs.items()})
    except Exception:
        return None
    pairs = list(zip(tensors_of(out), tensors_of(wide)))
    if not all(y.dtype in WIDER and w.dtype is WIDER[y.dtype] and y.shape == w.shape for y, w in pairs):
        return None
    rounded = [w.to(y.dtype) for y, w in pairs]
    try:
        torch.testing.assert_close([y for y, _ in pairs], rounded, equal_nan=True)
    except AssertionError:
        return rounded
    return None


def add_sample(file, op, variant, dtype, sample, gauge):
    kwargs = cleaned(sample.kwargs)
    input, args = sample.input, tuple(sample.args)
    try:
        whole = integral(args), {key: integral(value) for key, value in kwargs.items()}
        out = run(op.op, input, *whole)
        args, kwargs = whole
    except Exception:
        out = run(op.op, input, args, kwargs)
    only = op.name in IN_PLACE or variant.startswith("in_place")
    given = (input, *args)
    if op.name in ORDER:
        given = tuple(given[i] for i in ORDER[op.name])
    bound = bind(op, given, kwargs)
    entry = {
        "variant": variant,
        "arguments": [
            {"name": name, "value": file.value(value, input=True), "default": default is not inspect.Parameter.empty}
            for name, default, value in bound
            if not (value is None and default is None)
        ],
        "out": file.value(out),
        "undefined": op.name in UNDEFINED,
    }
    if dtype in WIDER and (wide := precise(op, out, input, args, kwargs)):
        entry["precise"] = file.value(wide)
    leaves = [x for _, _, value in bound for x in tensors_of(value) if x.requires_grad]
    carrying = [y for y in tensors_of(out) if y.requires_grad]
    weights = [torch.rand(y.shape, dtype=y.dtype) for y in carrying] if leaves and not gauge else []
    if weights and all(not y.is_complex() for y in carrying):
        total = sum((y * w).sum() for y, w in zip(carrying, weights))
        grads = torch.autograd.grad(total, leaves, allow_unused=True)
        entry["weights"] = [file.tensor(w) for w in weights]
        entry["grads"] = [None if g is None else file.tensor(g) for g in grads]
    place = op.inplace_variant
    entry["inplace"] = only
    entry["function"] = not only
    if not only and not op.name.endswith("_") and place is not None and isinstance(input, torch.Tensor) and isinstance(out, torch.Tensor):
        try:
            same = run(place, input.clone(), args, kwargs)
            entry["inplace"] = same.dtype == out.dtype and torch.equal(same.nan_to_num(), out.nan_to_num())
        except Exception:
            pass
    file.samples.append({"dtype": str(dtype).removeprefix("torch."), **entry})


def samples_of(op, dtype):
    wants = dtype is torch.float64 and op.supports_autograd
    torch.manual_seed(0)
    samples = list(op.sample_inputs("cpu", dtype, requires_grad=wants))
    for sample in samples[:: -(-len(samples) // MOST_SAMPLES) or 1]:
        gauge = sample.output_process_fn_grad.__module__ != "torch.testing._internal.opinfo.core" and op.name.startswith("linalg")
        yield sample, "", gauge
        if dtype is torch.float32:
            try:
                yield sample.noncontiguous(), "non-contiguous", gauge
            except Exception:
                pass


def write(folder, name, ops):
    file = File(name)
    left = {}
    for op in ops:
        for dtype in DTYPES:
            if not op.supports_dtype(dtype, "cpu"):
                continue
            for sample, layout, gauge in samples_of(op, dtype):
                try:
                    add_sample(file, op, " ".join(filter(None, (op.variant_test_name, layout))), dtype, sample, gauge)
                except Skip as reason:
                    left[str(reason)] = left.get(str(reason), 0) + 1
                except Exception as error:
                    reason = f"{type(error).__name__}: {str(error).splitlines()[0][:100]}"
                    left[reason] = left.get(reason, 0) + 1
    save_file(file.tensors, os.path.join(folder, f"{name}.safetensors"))
    with open(os.path.join(folder, f"{name}.json"), "w") as out:
        json.dump({"name": name, "torch": torch.__version__, "samples": file.samples}, out)
    print(f"{name}: {len(file.samples)} samples", *(f"  left out {n}: {reason}" for reason, n in left.items()), flush=True)


def repair(op):
    """rand_like's entry calls randn_like."""
    if op.name == "rand_like":
        op.op = torch.rand_like
    return op


def main():
    warnings.simplefilter("ignore")
    torch.set_num_threads(1)
    folder, names = sys.argv[1], set(sys.argv[2:])
    os.makedirs(folder, exist_ok=True)
    by_name = {}
    for op in op_db:
        wanted = op.name in names if names else op.name in REVERSED | {"__getitem__"} or (
            not op.name.startswith(LEFT_OUT) and op.name not in COMPLEX | INTERNAL
        )
        if wanted:
            by_name.setdefault(op.name, []).append(repair(op))
    for name, ops in sorted(by_name.items()):
        try:
            write(folder, name, ops)
        except Exception as error:
            print(f"{name}: left out: {type(error).__name__}: {error}", flush=True)


if __name__ == "__main__":
    main()
