"""What `dtrain bench scaling --peer torch` measures: the workloads of src/bench/workload.ts in PyTorch, as one process,
as several that have nothing to do with each other, or as ranks of DistributedDataParallel with Gloo. Prints the seconds
of a step in each window, the mean over the processes, as JSON.

    python src/bench/peer.py '{"workload": "lenet", "ranks": 2, "mode": "ddp", "batchSize": 64, "threads": 1,
                               "warmup": 10, "windows": 5, "seconds": 0.5, "steps": null}'
"""

import ctypes
import datetime
import json
import multiprocessing
import os
import signal
import socket
import sys
import time
from multiprocessing import connection

import torch
from torch import nn


def perceptron(*sizes):
    layers = []
    for i, size in enumerate(sizes[1:]):
        layers += ([nn.ReLU()] if i > 0 else []) + [nn.Linear(sizes[i], size)]
    return lambda: nn.Sequential(*layers), (sizes[0],)


def lenet():
    return nn.Sequential(
        nn.Conv2d(1, 6, 5, padding=2), nn.ReLU(), nn.MaxPool2d(2), nn.Conv2d(6, 16, 5), nn.ReLU(), nn.MaxPool2d(2),
        nn.Flatten(), nn.Linear(400, 120), nn.ReLU(), nn.Linear(120, 84), nn.ReLU(), nn.Linear(84, 10))


workloads = {
    "mlp": perceptron(784, 128, 64, 10),
    "wide-mlp": perceptron(1024, 2048, 2048, 10),
    "lenet": (lenet, (1, 28, 28)),
}


def end_with_parent():
    ctypes.CDLL(None).prctl(1, signal.SIGKILL)  # PR_SET_PDEATHSIG


def measure(rank, plan, port, barrier, answers):
    end_with_parent()
    torch.set_num_threads(plan["threads"])
    ddp = plan["mode"] == "ddp"
    if ddp:
        store = torch.distributed.TCPStore(
            "127.0.0.1", port, plan["ranks"], rank == 0, datetime.timedelta(seconds=60))
        torch.distributed.init_process_group("gloo", store=store, rank=rank, world_size=plan["ranks"])
    make, shape = workloads[plan["workload"]]
    model = make()
    if ddp:
        model = nn.parallel.DistributedDataParallel(model)
    criterion = nn.CrossEntropyLoss()
    optimizer = torch.optim.SGD(model.parameters(), lr=0.01)
    x = torch.randn(plan["batchSize"], *shape)
    y = torch.randint(0, 10, (plan["batchSize"],))

    def seconds(steps):
        start = time.perf_counter()
        for _ in range(steps):
            optimizer.zero_grad()
            criterion(model(x), y).backward()
            optimizer.step()
        return (time.perf_counter() - start) / steps

    warmup = plan["warmup"]
    seconds(warmup // 2)
    steps = plan["steps"]
    mean = torch.tensor(seconds(warmup - warmup // 2))
    if steps is None:
        if ddp:
            torch.distributed.all_reduce(mean)
            mean /= plan["ranks"]
        steps = max(1, round(plan["seconds"] / mean.item()))
    barrier.wait()
    answers.put([seconds(steps) for _ in range(plan["windows"])])
    barrier.wait()  # nobody goes while others measure
    if ddp:
        torch.distributed.destroy_process_group()


def main():
    end_with_parent()
    plan = json.loads(sys.argv[1])
    ranks = plan["ranks"]
    os.environ["GLOO_SOCKET_IFNAME"] = "lo"
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    fork = multiprocessing.get_context("fork")  # PyTorch is loaded once
    answers = fork.SimpleQueue()
    barrier = fork.Barrier(ranks)
    processes = [fork.Process(target=measure, args=(rank, plan, port, barrier, answers)) for rank in range(ranks)]
    for process in processes:
        process.start()
    running = {process.sentinel: process for process in processes}
    while running:
        for ended in connection.wait(list(running)):
            process = running.pop(ended)
            process.join()
            if process.exitcode:
                sys.exit("a process of PyTorch has failed")  # the others end with this one
    windows = [answers.get() for _ in processes]
    print(json.dumps([sum(times) / ranks for times in zip(*windows)]))


main()
