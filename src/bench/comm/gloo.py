"""What `dtrain bench comm --peer torch` measures: the same collectives by torch.distributed, with Gloo on CPUs and NCCL
on GPUs. Prints seconds of a call in each round, by name and size, as JSON; null for what the backend does not have.

    python gloo.py '{"ranks": 2, "threads": 1, "sizes": [1024], "windows": 3, "device": "cpu"}'
"""

import ctypes
import datetime
import json
import math
import multiprocessing
import os
import queue
import signal
import sys
import time

import torch
import torch.distributed as dist

LEAST_SECONDS = 0.008
MOST_CALLS = 2000


def measure(call, windows, device):
    def together(calls):
        settle()
        start = time.perf_counter()
        for _ in range(calls):
            call()
        settle()
        return time.perf_counter() - start

    def settle():
        if device == "cuda":
            torch.cuda.synchronize()
        dist.barrier()

    try:
        together(2)
    except (RuntimeError, NotImplementedError):
        return None
    calls = torch.tensor([min(MOST_CALLS, max(1, math.ceil(LEAST_SECONDS / (together(2) / 2))))], device=device)
    dist.broadcast(calls, 0)
    calls = calls.item()
    return [together(calls) / calls for _ in range(windows)]


def end_with_parent():
    ctypes.CDLL(None).prctl(1, signal.SIGKILL)  # PR_SET_PDEATHSIG


def run(rank, plan, folder, answers):
    end_with_parent()
    ranks, device = plan["ranks"], plan["device"]
    torch.set_num_threads(plan["threads"])
    if device == "cuda":
        torch.cuda.set_device(rank)
    # A file instead of a port: nothing listens for others.
    store = dist.FileStore(os.path.join(folder, "store"), ranks)
    backend = "nccl" if device == "cuda" else "gloo"
    dist.init_process_group(backend, store=store, rank=rank, world_size=ranks, timeout=datetime.timedelta(seconds=60))
    made = {
        "allReduce": lambda x, part: lambda: dist.all_reduce(x),
        "broadcast": lambda x, part: lambda: dist.broadcast(x, 0),
        "allGather": lambda x, part: lambda: dist.all_gather_into_tensor(x, part),
        "reduceScatter": lambda x, part: lambda: dist.reduce_scatter_tensor(part, x),
    }
    found = {}
    for name, make in made.items():
        found[name] = []
        for size in plan["sizes"]:
            part = max(1, round(size / 4 / ranks))
            call = make(torch.zeros(part * ranks, device=device), torch.zeros(part, device=device))
            found[name].append(measure(call, plan["windows"], device))
    found["barrier"] = measure(dist.barrier, plan["windows"], device)
    if rank == 0:
        answers.put({"version": torch.__version__, "found": found})
    dist.destroy_process_group()


if __name__ == "__main__":
    end_with_parent()
    os.environ["GLOO_SOCKET_IFNAME"] = "lo"
    plan = json.loads(sys.argv[1])
    context = multiprocessing.get_context("spawn")
    answers = context.Queue()
    processes = [context.Process(target=run, args=(rank, plan, sys.argv[2], answers)) for rank in range(plan["ranks"])]
    for process in processes:
        process.start()
    # The answer first: a process does not end before its queue has been read.
    while all(process.exitcode in (None, 0) for process in processes):
        try:
            print(json.dumps(answers.get(timeout=0.2)))
            break
        except queue.Empty:
            continue
    for process in processes:
        process.join()
    sys.exit(max(abs(process.exitcode) for process in processes))
