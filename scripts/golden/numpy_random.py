"""NumPy's random numbers after np.random.seed, as small programs that test/random/random-state.test.ts runs again.

    python scripts/golden/numpy_random.py

A program is a seed and a list of steps; each step is the name of a function of np.random, its arguments by position and by
name, and what it gave. Arguments that say {"array": ..., "dtype": ...} are arrays, {"list": ...} are lists. Only float64
normals depend on the C library, in their last digits."""

import numpy as np

from values import write


def given(value):
    if isinstance(value, dict):
        return list(value["list"]) if "list" in value else np.array(value["array"], dtype=value["dtype"])
    return value


def result(value):
    """A number, a list, or the elements of an array; integers beyond 2^53 as strings."""
    if isinstance(value, list):
        return value
    data = np.asarray(value)
    flat = [str(v) if isinstance(v, int) and abs(v) > 2**53 else v for v in data.reshape(-1).tolist()]
    if data.ndim == 0 and not isinstance(value, np.ndarray):
        return flat[0]
    entry = {"dtype": str(data.dtype), "shape": list(data.shape)}
    return {**entry, "data": flat} if len(flat) <= 700 else {**entry, "head": flat[:20], "tail": flat[-20:]}


def run(name, args, kwargs):
    if name == "get_state":
        _, key, position, has_gauss, cached = np.random.get_state()
        return [*key.tolist(), position, has_gauss, cached]
    values = [given(value) for value in args]
    got = getattr(np.random, name)(*values, **{key: given(value) for key, value in kwargs.items()})
    return result(values[0] if name == "shuffle" else got)


def array(values, dtype="float64"):
    return {"array": values, "dtype": dtype}


def programs():
    """(name, seed, steps)"""

    def step(name, *args, **kwargs):
        return name, args, kwargs

    for seed in (0, 1, 42, 123456789, 2**32 - 1, [42], [1, 2, 3], list(range(700))):
        text = "0 … 699" if seed == list(range(700)) else seed
        yield f"seed {text}", seed, [step("rand", 4), step("randn", 3), step("randint", 0, 100, size=7), step("permutation", 9)]
    yield "the data of a linear regression", 42, [step("rand", 100, 1), step("randn", 100, 1), step("shuffle", array(list(range(100)), "int64"))]
    for name in ("rand", "randn"):
        yield f"{name} of shapes", 7, [step(name), step(name, 1), step(name, 2, 3), step(name, 0), step(name, 2, 1, 2), step(name, 1300)]
    for name in ("random", "standard_normal"):
        yield f"{name} of shapes", 8, [step(name), step(name, 3), step(name, size=[2, 2]), step(name, size=[])]
    yield "uniform", 3, [
        step("uniform"),
        step("uniform", -1, 1, size=5),
        step("uniform", size=[2, 2]),
        step("uniform", 5, 2, size=3),
        step("uniform", 10, size=2),
        step("uniform", low=-0.1, high=0.1),
    ]
    yield "normal", 3, [step("normal"), step("normal", 10, 0.5, size=5), step("normal", size=[3]), step("normal", 2, size=2), step("normal", 0, 0, size=2), step("normal", loc=-1, scale=3)]
    yield "the second normal waits through other draws", 31, [step("randn"), step("rand", 3), step("randint", 0, 9, size=4), step("randn"), step("normal", 5, 2), step("randn", 2)]
    yield "seeding drops the second normal", 31, [step("randn"), step("seed", 32), step("randn", 3)]
    for low, high in ((0, 1), (0, 2), (0, 10), (-5, 7), (0, 2**16), (3, 2**31), (0, 2**32 - 1), (0, 2**32), (0, 2**32 + 1), (5, 2**40), (-(2**52), 2**52), (0, 2**53 - 1)):
        yield f"randint from {low} to {high}", 5, [step("randint", low, high, size=9), step("randint", low, high), step("rand", 2)]
    yield "randint below a number", 6, [step("randint", 10), step("randint", 6, size=[2, 3]), step("randint", 5, size=0), step("rand")]
    for n in (0, 1, 2, 5, 100, 3000):
        yield f"permutation of {n}", 13, [step("permutation", n), step("permutation", n), step("rand")]
    rows = [[i, 10 * i] for i in range(7)]
    yield "permutation of arrays", 14, [
        step("permutation", array([0.5, 1.5, 2.5, 3.5])),
        step("permutation", array(rows, "int64")),
        step("permutation", {"list": [4, 3, 2, 1, 0]}),
        step("rand"),
    ]
    yield "shuffle", 15, [
        step("shuffle", array(list(range(20)), "int64")),
        step("shuffle", array(rows)),
        step("shuffle", array([[[i, i], [-i, -i]] for i in range(5)], "int64")),
        step("shuffle", {"list": [10, 20, 30, 40, 50, 60]}),
        step("shuffle", {"list": []}),
        step("shuffle", array([1.5])),
        step("rand"),
    ]
    some = {"list": [0.1, 0, 0.3, 0.6, 0]}
    yield "choice", 16, [
        step("choice", 10),
        step("choice", 10, 5),
        step("choice", 10, size=[2, 3]),
        step("choice", 10, size=[2, 3], replace=False),
        step("choice", 10, replace=False),
        step("choice", {"list": [5, 6, 7]}, 4),
        step("choice", {"list": [5, 6, 7]}),
        step("choice", array([0.5, 1.5, 2.5]), size=[2, 2]),
        step("choice", array([0.5, 1.5, 2.5]), 3, replace=False),
        step("choice", 3, 0),
        step("rand"),
    ]
    yield "choice with probabilities", 17, [
        step("choice", 5, p=some),
        step("choice", 5, 20, p=some),
        step("choice", 5, 3, replace=False, p=some),
        step("choice", 5, size=[1, 2], replace=False, p=some),
        step("choice", array([1, 2, 3], "int64"), 6, p={"list": [0.25, 0.25, 0.5]}),
        step("choice", 4, 6, p=array([0.1, 0.2, 0.3, 0.4], "float32")),
        step("choice", 100, 60, replace=False, p={"list": [0.5] + [0.5 / 99] * 99}),
        step("rand"),
    ]
    yield "state", 9, [step("get_state"), step("randn", 3), step("rand", 301), step("get_state")]


if __name__ == "__main__":
    entries = {}
    for name, seed, steps in programs():
        np.random.seed(seed)
        entries[name] = {"seed": seed, "steps": [{"op": op, "args": args, "options": kwargs, "result": run(op, args, kwargs)} for op, args, kwargs in steps]}
    write("numpy-random", {"numpy": np.__version__}, entries)
