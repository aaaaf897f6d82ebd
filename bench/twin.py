"""What the twins of benchmarks measure with: rows in PyTorch, for src/bench/measure.ts (--serve) or by themselves.

Served, a line on standard input is a number of calls and a row; the answer is microseconds of one call. Alone, the
script prints all rows: the median of 11 rounds."""

import statistics
import sys
import time

import torch


def microseconds(call, calls):
    start = time.perf_counter()
    for _ in range(calls):
        call()
    return (time.perf_counter() - start) * 1e6 / calls


def run(rows):
    """rows: what makes the call to be timed, by the name of the row."""
    if "--serve" in sys.argv:
        print(f"PyTorch {torch.__version__}", flush=True)
        made = (None, None)
        for line in sys.stdin:
            calls, name = line.rstrip("\n").split(" ", 1)
            if made[0] != name:
                made = (name, rows[name]())
            print(microseconds(made[1], int(calls)), flush=True)
        return
    print(f"PyTorch {torch.__version__}")
    for name, make in rows.items():
        call = make()
        call()
        calls = max(1, round(1e4 / microseconds(call, 1)))
        print(f"{name:>40}{statistics.median(microseconds(call, calls) for _ in range(11)):14.1f} µs")
