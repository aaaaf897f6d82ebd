"""PyTorch's random numbers after given seeds, as small programs that test/random/random.test.ts runs again.

    python scripts/golden/random_numbers.py

A program is a seed and a list of steps; each step names a generator ("default" unless said) and draws from it, so the order
of draws, the cached second normal and the generator's state are part of what is compared. Everything is exact: PyTorch
on a CPU with AVX2 uses its own logarithm and sine for float32 normals of 16 elements and more, and dtrain repeats them."""

import torch

from values import flat, write


def summary(x: torch.Tensor) -> dict:
    """All elements of a short tensor; of a long one both ends and sum((i + 1) * x[i]), added up in order."""
    data = flat(x)
    entry = {"dtype": str(x.dtype).removeprefix("torch."), "shape": list(x.shape)}
    if len(data) <= 120:
        return {**entry, "data": data}
    moment = 0
    for i, value in enumerate(x.contiguous().view(-1).tolist()):
        moment += (i + 1) * value
    return {**entry, "head": data[:20], "tail": data[-20:], "moment": moment}


class Machine:
    """Runs the steps of one program."""

    def __init__(self, seed):
        self.generators = {"default": torch.default_generator}
        self.saved = {}
        torch.manual_seed(int(seed))

    def step(self, op: str, generator: str = "default", dtype: str = "float32", **a):
        if generator not in self.generators:
            self.generators[generator] = torch.Generator()
        g = self.generators[generator]
        kind = {"generator": g, "dtype": getattr(torch, dtype)}
        if op == "seed":
            g.manual_seed(int(a["seed"]))
        elif op == "save":
            self.saved[generator] = g.get_state()
        elif op == "restore":
            g.set_state(self.saved[generator])
        elif op == "state":
            return g.get_state()
        elif op == "rand":
            return torch.rand(a["shape"], **kind)
        elif op == "randn":
            return torch.randn(a["shape"], **kind)
        elif op == "randint":
            return torch.randint(a["low"], a["high"], a["shape"], **{**kind, "dtype": getattr(torch, a.get("of", "int64"))})
        elif op == "randperm":
            return torch.randperm(a["n"], generator=g, dtype=getattr(torch, a.get("of", "int64")))
        elif op == "random64":
            return torch.empty((), dtype=torch.int64).random_(generator=g)
        elif op == "bernoulli":
            return torch.bernoulli(torch.linspace(0, 1, a["n"], dtype=kind["dtype"]), generator=g)
        elif op == "multinomial":
            weights = torch.tensor(a["weights"], dtype=kind["dtype"])
            return torch.multinomial(weights, a["n"], a["replacement"], generator=g)
        elif op == "dropout":
            x = torch.ones(a["shape"], dtype=kind["dtype"])
            return torch.nn.functional.dropout(x.transpose(0, -1) if a["target"] == "transposed" else x, a["p"])
        elif op == "poisson":
            return torch.poisson(torch.tensor(a["tensor"], dtype=kind["dtype"]), generator=g)
        elif op == "normal":
            mean, std = (torch.tensor(v, dtype=kind["dtype"]) if isinstance(v, list) else v for v in a["pair"])
            return torch.normal(mean, std, generator=g)
        elif op in ("random_", "uniform_", "normal_", "bernoulli_", "exponential_", "geometric_", "cauchy_", "log_normal_"):
            x = torch.zeros(a["shape"], dtype=kind["dtype"])
            if "tensor" in a:  # the probability of each element
                a["parameters"] = [torch.tensor(a["tensor"], dtype=getattr(torch, a.get("of", dtype)))]
            target = {"whole": x, "transposed": x.transpose(0, -1), "even": x[..., ::2]}[a.get("target", "whole")]
            getattr(target, op)(*a["parameters"], generator=g)
            return x
        else:
            raise ValueError(op)


def programs():
    """(name, seed, steps)"""
    for seed in (0, 1, 42, 2**32 + 7, -1, 2**63 + 12345):
        yield f"seed {seed}", str(seed), [
            {"op": "rand", "shape": [5]},
            {"op": "randn", "shape": [3]},
            {"op": "randint", "low": 0, "high": 100, "shape": [7]},
        ]
    for dtype in ("float32", "float64"):
        for shape in ([], [1], [7], [2, 3], [100], [1000], [0]):
            yield f"rand {dtype} {shape}", "42", [{"op": "rand", "shape": shape, "dtype": dtype}] * 2
        for n in (0, 1, 2, 5, 15, 16, 17, 31, 32, 33, 100, 1000, 4099):
            yield f"randn {dtype} [{n}]", "7", [{"op": "randn", "shape": [n], "dtype": dtype}] * 2
        yield f"randn {dtype} [4, 4] fills, [3, 5] does not", "3", [
            {"op": "randn", "shape": [4, 4], "dtype": dtype},
            {"op": "randn", "shape": [3, 5], "dtype": dtype},
            {"op": "randn", "shape": [], "dtype": dtype},
        ]
        for op, parameters in (("uniform_", (-0.123, 0.456)), ("uniform_", (3, 3)), ("uniform_", (-1e3, 1e6)), ("normal_", (1.3, 0.7)), ("normal_", (-5, 0))):
            for shape in ([5], [40]):
                yield f"{op}{parameters} {dtype} {shape}", "11", [{"op": op, "shape": shape, "parameters": parameters, "dtype": dtype}]
            yield f"{op}{parameters} {dtype} transposed", "11", [{"op": op, "shape": [5, 7], "parameters": parameters, "target": "transposed", "dtype": dtype}]
            yield f"{op}{parameters} {dtype} every second", "11", [{"op": op, "shape": [5, 14], "parameters": parameters, "target": "even", "dtype": dtype}]
        above = torch.nextafter(torch.tensor(1, dtype=getattr(torch, dtype)), torch.tensor(2, dtype=getattr(torch, dtype))).item()
        yield f"uniform_ {dtype} between neighbours", "11", [{"op": "uniform_", "shape": [40], "parameters": [1, above], "dtype": dtype}]
        yield f"uniform_ {dtype} three dims transposed", "11", [
            {"op": "uniform_", "shape": [2, 3, 5], "parameters": [0, 1], "target": "transposed", "dtype": dtype}
        ]
    for low, high in ((0, 1), (0, 2), (0, 10), (-5, 7), (0, 2**16), (0, 2**28 - 1), (0, 2**28), (0, 2**31), (-(2**31), 2**31), (0, 2**32), (5, 2**40), (-(2**50), 2**50), (0, 2**53)):
        yield f"randint {low} to {high}", "5", [{"op": "randint", "low": low, "high": high, "shape": [9]}, {"op": "rand", "shape": [2]}]
    for of, high in (("uint8", 256), ("bool", 2), ("float32", 10), ("float32", 2**24), ("float64", 1000), ("float64", 2**53)):
        yield f"randint {of} below {high}", "5", [{"op": "randint", "low": 0, "high": high, "shape": [3, 5], "of": of}, {"op": "rand", "shape": [2]}]
    for dtype in ("float16", "bfloat16"):
        for shape in ([], [5], [1000]):
            yield f"rand {dtype} {shape}", "42", [{"op": "rand", "shape": shape, "dtype": dtype}] * 2
        for n in (1, 5, 15, 16, 17, 31, 32, 33, 1000, 4099):
            yield f"randn {dtype} [{n}]", "7", [{"op": "randn", "shape": [n], "dtype": dtype}] * 2
        for op, parameters in (("uniform_", (-0.123, 0.456)), ("uniform_", (0.1, 0.1001)), ("normal_", (1.3, 0.7))):
            for target in ("whole", "transposed", "even"):
                yield f"{op}{parameters} {dtype} {target}", "11", [
                    {"op": op, "shape": [50, 14], "parameters": parameters, "target": target, "dtype": dtype}
                ]
        # Where a bound or the number beside it lies between two halves, the range is another one.
        for low, high in ((0, 10), (0, 256), (0, 257), (0, 260), (-300, 300), (-2051, 2052), (-3000, 3000), (-4100, 5), (0, 65505)):
            yield f"randint {dtype} {low} to {high}", "5", [{"op": "randint", "low": low, "high": high, "shape": [40], "of": dtype}, {"op": "rand", "shape": [2]}]
        yield f"randperm {dtype}", "13", [{"op": "randperm", "n": 300, "of": dtype}, {"op": "rand", "shape": [1]}]
    for low, high in ((0, 2**24 + 2), (-(2**24) - 3, 2**24 + 6), (0, 2**31), (7, 2**40 + 1)):
        yield f"randint float32 {low} to {high}", "5", [{"op": "randint", "low": low, "high": high, "shape": [40], "of": "float32"}]
    for of, low, high in (("int8", -128, 128), ("int16", -(2**15), 2**15), ("int32", -(2**31), 2**31), ("int32", -7, 9)):
        yield f"randint {of} {low} to {high}", "5", [{"op": "randint", "low": low, "high": high, "shape": [9], "of": of}, {"op": "rand", "shape": [2]}]
    for of in ("float32", "float64", "int32", "int16", "int8", "uint8"):
        yield f"randperm {of}", "13", [{"op": "randperm", "n": 100, "of": of}, {"op": "rand", "shape": [1]}]
    for dtype in ("float32", "float64", "float16", "bfloat16", "int64", "int32", "int16", "int8", "uint8", "bool"):
        for p in (0, 0.3, 1):
            yield f"bernoulli_({p}) {dtype}", "21", [
                {"op": "bernoulli_", "shape": [50], "parameters": [p], "dtype": dtype},
                {"op": "rand", "shape": [2]},
            ]
        for target in ("transposed", "even"):
            yield f"bernoulli_ {dtype} {target}", "21", [{"op": "bernoulli_", "shape": [5, 14], "parameters": [0.5], "target": target, "dtype": dtype}]
        for of in ("float32", "float64"):
            yield f"bernoulli_ {dtype} by {of}", "21", [
                {"op": "bernoulli_", "shape": [9, 4], "tensor": [0.1, 0.9, 0.5, 0.7], "of": of, "dtype": dtype},
                {"op": "rand", "shape": [2]},
            ]
    yield "bernoulli_ transposed by a tensor", "21", [{"op": "bernoulli_", "shape": [3, 5], "tensor": [0.1, 0.9, 0.5], "target": "transposed"}]
    for dtype in ("float32", "float64", "float16", "bfloat16"):
        yield f"bernoulli {dtype}", "22", [{"op": "bernoulli", "n": 60, "dtype": dtype}, {"op": "rand", "shape": [2]}]
        for target in ("whole", "transposed"):
            yield f"dropout {dtype} {target}", "22", [
                {"op": "dropout", "shape": [7, 3, 5], "p": 0.3, "target": target, "dtype": dtype},
                {"op": "rand", "shape": [2]},
            ]
        for weights in ([0, 10, 3, 0, 0.1], [[1, 2, 3, 4], [0, 0.5, 0.25, 0], [7, 7, 7, 7]], [(i * 37 % 101) / 7 for i in range(500)]):
            for n, replacement in ((1, True), (2, True), (30, True), (1, False), (2, False)):
                yield f"multinomial {dtype} {n} of {len(weights)} {'again' if replacement else 'once'}", "23", [
                    {"op": "multinomial", "weights": weights, "n": n, "replacement": replacement, "dtype": dtype},
                    {"op": "rand", "shape": [2]},
                ]
        for op, parameters in (("exponential_", [1]), ("exponential_", [0.3]), ("geometric_", [0.2]), ("cauchy_", [-1, 2.5]), ("log_normal_", [0.25, 0.5])):
            for target in ("whole", "transposed", "even"):
                yield f"{op}{parameters} {dtype} {target}", "37", [
                    {"op": op, "shape": [3, 14], "parameters": parameters, "target": target, "dtype": dtype},
                    {"op": "randn", "shape": [1]},
                ]
        yield f"poisson {dtype}", "38", [
            {"op": "poisson", "tensor": [0, 0.1, 1, 2.5, 9.75, 10, 12.5, 40, 1000] * 6, "dtype": dtype},
            {"op": "rand", "shape": [2]},
        ]
        for mean, std in (([0, 10, -5], 2), (1.5, [0.5, 1, 3]), ([0, 10, -5], [0.5, 1, 3]), ([[1], [2]], [0.5, 0, 3]), ([float(i) for i in range(20)], 1)):
            yield f"normal {dtype} of {mean} and {std}", "39", [
                {"op": "normal", "pair": [mean, std], "dtype": dtype},
                {"op": "rand", "shape": [2]},
            ]
    for dtype in ("float32", "float64", "float16", "bfloat16", "int64", "int32", "int16", "int8", "uint8", "bool"):
        for parameters in ([], [2], [0, 1]):
            yield f"random_{parameters} {dtype}", "41", [
                {"op": "random_", "shape": [3, 14], "parameters": parameters, "target": "even", "dtype": dtype},
                {"op": "rand", "shape": [1]},
            ]
    yield "random_ int64 far apart", "41", [{"op": "random_", "shape": [9], "parameters": [-(2**50), 2**50], "dtype": "int64"}]
    for dtype in ("int64", "int32", "int16", "int8", "uint8"):
        yield f"geometric_ {dtype}", "37", [{"op": "geometric_", "shape": [40], "parameters": [0.35], "dtype": dtype}]
    yield "multinomial all of them", "23", [{"op": "multinomial", "weights": [(i * 37 % 101) + 1 for i in range(100)], "n": 100, "replacement": False}]
    for n in (0, 1, 2, 3, 10, 100, 1000, 40000):
        yield f"randperm {n}", "13", [{"op": "randperm", "n": n}, {"op": "randperm", "n": n}, {"op": "rand", "shape": [1]}]
    yield "random64", "17", [{"op": "random64"}] * 5
    yield "mixed", "2024", [
        {"op": "rand", "shape": [3]},
        {"op": "randn", "shape": [1]},
        {"op": "randint", "low": 0, "high": 6, "shape": [4]},
        {"op": "randn", "shape": [1], "dtype": "float64"},
        {"op": "randperm", "n": 7},
        {"op": "randn", "shape": [20]},
        {"op": "uniform_", "shape": [4], "parameters": [-2, 2]},
        {"op": "normal_", "shape": [3], "parameters": [10, 2]},
        {"op": "random64"},
        {"op": "randn", "shape": [2]},
        {"op": "rand", "shape": [2], "dtype": "float64"},
    ]
    yield "the second normal waits through other draws", "31", [
        {"op": "randn", "shape": [1]},
        {"op": "rand", "shape": [4]},
        {"op": "randn", "shape": [16]},
        {"op": "randn", "shape": [1], "dtype": "float64"},
        {"op": "randn", "shape": [1]},
    ]
    yield "seeding drops the second normal", "31", [
        {"op": "randn", "shape": [1]},
        {"op": "seed", "seed": "32"},
        {"op": "randn", "shape": [3]},
    ]
    yield "tensors without elements draw nothing", "8", [
        *({"op": op, "shape": [0]} for op in ("rand", "randn")),
        {"op": "randint", "low": 0, "high": 5, "shape": [2, 0]},
        {"op": "randperm", "n": 0},
        {"op": "rand", "shape": [2]},
    ]
    yield "generators are independent", "1", [
        {"op": "seed", "generator": "a", "seed": "5"},
        {"op": "rand", "shape": [2], "generator": "a"},
        {"op": "rand", "shape": [2]},
        {"op": "randn", "shape": [1], "generator": "a"},
        {"op": "randn", "shape": [1]},
        {"op": "randn", "shape": [1], "generator": "a"},
        {"op": "randperm", "n": 8, "generator": "a"},
        {"op": "randint", "low": 0, "high": 9, "shape": [4], "generator": "a"},
        {"op": "random64", "generator": "a"},
        {"op": "normal_", "shape": [18], "parameters": [0, 1], "generator": "a"},
        {"op": "uniform_", "shape": [3], "parameters": [0, 1], "generator": "a"},
        {"op": "randn", "shape": [1]},
    ]
    yield "a generator nobody seeded", "1", [{"op": "rand", "shape": [3], "generator": "fresh"}]
    yield "state", "9", [
        {"op": "state"},
        {"op": "rand", "shape": [700]},
        {"op": "state"},
        {"op": "randn", "shape": [1]},
        {"op": "state"},
    ]
    yield "state restored, second normal too", "9", [
        {"op": "randn", "shape": [3]},
        {"op": "save"},
        {"op": "randn", "shape": [2]},
        {"op": "rand", "shape": [650]},
        {"op": "restore"},
        {"op": "randn", "shape": [2]},
        {"op": "rand", "shape": [3]},
    ]


if __name__ == "__main__":
    torch.set_num_threads(1)
    entries = {}
    for name, seed, steps in programs():
        machine = Machine(seed)
        results = [machine.step(**step) for step in steps]
        entries[name] = {"seed": seed, "steps": steps, "results": [x if x is None else summary(x) for x in results]}
    write("random", {}, entries)
