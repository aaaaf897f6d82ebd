"""PyTorch's orders of samples, and what its loader gives with 0, 1, 2 and 4 workers, random numbers of workers included.

    python scripts/golden/data.py

test/loader/fixtures/datasets.ts has the same datasets, test/loader/fixtures/runs.ts reads the options of the runs."""

import torch
from torch.utils import data

from values import shortest, write

SEED = 42


def after():
    """Where the default generator is."""
    return torch.randint(1000, (3,)).tolist()


def generator():
    return torch.Generator().manual_seed(7)


SAMPLERS = {
    "sequential": lambda: data.SequentialSampler(range(5)),
    "random": lambda: data.RandomSampler(range(10)),
    "random, more than there are": lambda: data.RandomSampler(range(5), num_samples=12),
    "random with replacement": lambda: data.RandomSampler(range(5), replacement=True, num_samples=40),
    "random with a generator": lambda: data.RandomSampler(range(10), generator=generator()),
    "subset": lambda: data.SubsetRandomSampler([3, 1, 4, 1, 5, 9, 2, 6]),
    "subset with a generator": lambda: data.SubsetRandomSampler([10, 20, 30, 40], generator=generator()),
    "weighted": lambda: data.WeightedRandomSampler([0.1, 0.9, 0.4, 0.7, 3.0, 0.6], 12),
    "weighted without replacement": lambda: data.WeightedRandomSampler([0.9, 0.4, 0.05, 0.2, 0.3, 0.1], 5, replacement=False),
    "weighted with a generator": lambda: data.WeightedRandomSampler([1.0, 2.0, 3.0], 9, generator=generator()),
    "batches": lambda: data.BatchSampler(data.RandomSampler(range(10)), 4, False),
    "batches, rest dropped": lambda: data.BatchSampler(data.RandomSampler(range(10)), 4, True),
    "a rank's share": lambda: data.DistributedSampler(range(10), 3, 1, seed=5),
}


def orders() -> dict:
    entries = {}
    for name, make in SAMPLERS.items():
        torch.manual_seed(SEED)
        sampler = make()
        entries[name] = {"length": len(sampler), "epochs": [list(sampler), list(sampler)], "after": after()}
    return entries


class Noise(data.Dataset):
    """What each sample draws, and its number."""

    def __init__(self, length):
        self.length = length

    def __len__(self):
        return self.length

    def __getitem__(self, i):
        return torch.rand(2), torch.tensor(i)


class Shares(data.IterableDataset):
    """Every n-th number, from the worker's own on, and what it draws."""

    def __init__(self, length):
        self.length = length

    def __len__(self):
        return self.length

    def __iter__(self):
        info = data.get_worker_info()
        first, step = (0, 1) if info is None else (info.id, info.num_workers)
        for i in range(first, self.length, step):
            yield torch.rand(2), torch.tensor(i)


class Uneven(data.IterableDataset):
    """The worker with number k has 3 k + 1 samples."""

    def __iter__(self):
        info = data.get_worker_info()
        k = 0 if info is None else info.id
        for i in range(3 * k + 1):
            yield torch.rand(2), torch.tensor(100 * k + i)


def seed_by_id(worker):
    torch.manual_seed(1000 + worker)


# Options of the loader, and beside them: the dataset, its length, and how the loader is used. In a run with a
# "sampler" the order is drawn with replacement, from the loader's generator.
RUNS = {
    "shuffled": {"dataset": "Noise", "length": 10, "batch_size": 3, "shuffle": True},
    "rest dropped": {"dataset": "Noise", "length": 10, "batch_size": 3, "drop_last": True},
    "with a generator": {"dataset": "Noise", "length": 10, "batch_size": 4, "shuffle": True, "generator": 7},
    "drawn with replacement": {"dataset": "Noise", "length": 50, "batch_size": 5, "sampler": 90, "generator": 7},
    "one in advance": {"dataset": "Noise", "length": 20, "batch_size": 2, "sampler": 70, "generator": 7, "prefetch_factor": 1},
    "single samples": {"dataset": "Noise", "length": 5, "batch_size": None, "shuffle": True},
    "persistent": {"dataset": "Noise", "length": 10, "batch_size": 3, "shuffle": True, "persistent_workers": True},
    "seeded by a function": {"dataset": "Noise", "length": 10, "batch_size": 3, "worker_init_fn": "seed_by_id"},
    "fewer batches than workers": {"dataset": "Noise", "length": 2, "batch_size": 2},
    "iterable": {"dataset": "Shares", "length": 11, "batch_size": 2},
    "iterable, rest dropped": {"dataset": "Shares", "length": 11, "batch_size": 2, "drop_last": True},
    "iterable, single samples": {"dataset": "Shares", "length": 5, "batch_size": None},
    "iterable, persistent": {"dataset": "Shares", "length": 11, "batch_size": 3, "persistent_workers": True},
    "iterable, uneven": {"dataset": "Uneven", "batch_size": 2},
}


def epochs_of(options: dict) -> int:
    return 2 if options.get("persistent_workers") or options.get("shuffle") and "generator" not in options else 1


def run(options: dict, workers: int) -> dict:
    given = dict(options)
    kind, length = given.pop("dataset"), given.pop("length", None)
    dataset = Uneven() if kind == "Uneven" else globals()[kind](length)
    if "generator" in given:
        given["generator"] = torch.Generator().manual_seed(given["generator"])
    if "sampler" in given:
        drawn = {"replacement": True, "num_samples": given["sampler"], "generator": given["generator"]}
        given["sampler"] = data.RandomSampler(dataset, **drawn)
    if "worker_init_fn" in given:
        given["worker_init_fn"] = seed_by_id
    torch.manual_seed(SEED)
    loader = data.DataLoader(dataset, num_workers=workers, **given)
    epochs = []
    for _ in range(epochs_of(options)):
        batches = [(x.flatten().tolist(), y.flatten().tolist()) for x, y in loader]
        epochs.append([[[shortest(v, torch.float32) for v in x], y] for x, y in batches])
    return {"epochs": epochs, "after": after()}


def loading() -> dict:
    entries = {}
    for name, options in RUNS.items():
        only_workers = {"persistent_workers", "prefetch_factor", "worker_init_fn"} & options.keys()
        counts = [0, 1, 2, 4] if name in ("shuffled", "iterable", "iterable, uneven") else [0, 2]
        for workers in counts[1:] if only_workers else counts:
            entries[f"{name}, {workers} workers"] = {"options": {**options, "num_workers": workers}, **run(options, workers)}
    return entries


if __name__ == "__main__":
    torch.set_num_threads(1)
    write("samplers", {"seed": SEED}, orders())
    write("workers", {"seed": SEED}, loading())
