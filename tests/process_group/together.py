"""Runs of `hw1-q2` by two real processes and by one, and how far apart they are."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
from launched import Ended
from silent import Silent

from experiments.configs.q2 import Q2Config
from experiments.data.dataset import Dataset
from experiments.runs.reader import Run
from experiments.training.q2.programs import Programs
from experiments.training.q2.session import train_group

EPOCHS = 6
FLAGS = ["logistic_regression", "-epochs", str(EPOCHS), "-batch_size", "13"]
FLAGS += ["-learning_rate", "0.01", "--resume"]


def trained_alone(data: Dataset, seeds: Sequence[int], parent: Path) -> list[Run]:
    """The same runs by one process."""
    configs = [
        Q2Config("logistic_regression", EPOCHS, 13, learning_rate=0.01, seed=seed) for seed in seeds
    ]
    names = [str(seed) for seed in seeds]
    return [Run(f) for f in train_group(configs, names, data, Programs(data), parent, Silent())]


def runs_in(out: Path) -> list[Run]:
    return sorted((Run(file.parent) for file in out.glob("*/summary.json")), key=seed_of)


def seed_of(run: Run) -> int:
    return run.summary["seed"]


def largest_difference(runs: list[Run], others: list[Run]) -> float:
    differences = [
        np.abs(run.weights()[name] - array).max()
        for run, other in zip(runs, others, strict=True)
        for name, array in other.weights().items()
    ]
    differences += [
        abs(one["val"]["loss"] - two["val"]["loss"])
        for run, other in zip(runs, others, strict=True)
        for one, two in zip(run.epochs, other.epochs, strict=True)
    ]
    return max(differences)


def assert_done(ended: list[Ended]) -> None:
    assert [process.code for process in ended] == [0] * len(ended), [p.err for p in ended]
    assert [process.err for process in ended] == [[]] * len(ended)
    assert all(
        process.out == [f"process {index} of {len(ended)}: process 0 prints and writes"]
        for index, process in enumerate(ended)
        if index > 0
    )
