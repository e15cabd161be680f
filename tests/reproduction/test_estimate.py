"""The time left, on the durations of two runs of `hw1-reproduce`: true, and not growing."""

import heapq
import os
from itertools import accumulate

import pytest

from experiments.configs.q1 import Q1Config
from experiments.configs.q2 import Q2Config
from experiments.reproduction.estimate import STARTUP, Estimates, busy
from experiments.reproduction.plan import LassoPath, Question3, Task
from experiments.reproduction.progress import Progress

Recording = tuple[tuple[str, int, list[float]], ...]
"""Of each job, in the order of their starts: its kind, its seconds, and those of its epochs."""

LOADED = (
    ("question 3", 128, []),
    ("mlp", 85, [22.1, 19.7, 18.9]),
    ("mlp", 72, [16.2, 18.8, 14.3]),
    ("lasso path quick", 36, [0.2, 4.0, 3.4, 3.4, 4.5, 4.6]),
    ("perceptron", 37, [2.2, 2.1, 2.6, 1.9, 2.4, 2.5, 2.4, 2.2, 2.4, 2.2]),
    ("perceptron", 39, [2.3, 2.4, 2.4, 2.2, 2.4, 2.3, 2.0, 1.9, 2.2, 2.1]),
    ("logistic_regression", 33, [2.2, 2.0, 1.6, 1.6, 1.6, 1.7, 1.5, 1.2, 1.5, 2.0]),
    ("logistic_regression", 34, [1.6, 1.5, 1.6, 1.5, 1.8, 1.8, 1.8, 2.3, 2.4, 1.6]),
    ("logistic_regression", 37, [1.4, 1.1, 2.2, 2.5, 2.4, 2.3, 2.7, 2.6, 2.8, 1.8]),
    ("logistic_regression", 36, [1.7, 2.6, 2.7, 2.7, 2.5, 2.0, 0.7, 2.3, 0.5, 2.4]),
    ("jax logistic_regression 32", 54, [1.2, 0.8, 0.7, 0.7, 0.5]),
    ("jax logistic_regression 32", 46, [1.2, 0.7, 0.7, 0.8, 1.0]),
    ("jax logistic_regression 32", 41, [2.1, 0.4, 0.1, 0.9, 0.5]),
    ("jax logistic_regression 32", 41, [1.7, 0.9, 0.6, 0.4, 0.5]),
    ("jax logistic_regression 32", 35, [0.8, 0.3, 0.5, 0.6, 0.6]),
    ("jax logistic_regression 32", 37, [0.2, 0.2, 0.6, 0.6, 0.5]),
    ("jax mlp 64", 94, [5.7, 6.8, 4.5]),
    ("jax mlp 64", 92, [6.7, 7.6, 3.2]),
    ("jax mlp 64", 47, [5.1, 4.8, 5.9]),
    ("jax mlp 64", 46, [4.5, 6.0, 5.5]),
    ("jax mlp 64", 60, [6.5, 6.4, 6.1]),
    ("jax mlp 64", 58, [5.7, 6.3, 6.1]),
    ("jax mlp 64", 59, [8.2, 7.6, 7.3]),
    ("jax mlp 64", 60, [7.3, 7.4, 6.7]),
    ("jax mlp 512", 55, [6.3, 3.1, 4.6]),
    ("jax mlp 512", 57, [4.7, 4.3, 4.2]),
    ("jax mlp 1024", 46, [5.8, 3.3, 3.4]),
    ("jax mlp 1024", 50, [4.2, 3.3, 3.8]),
    ("jax mlp 1024", 76, [7.1, 5.0, 5.5]),
    ("jax mlp 1024", 71, [5.8, 5.0, 8.2]),
)
"""Two seeds, two cores that a dozen other programs wanted: it once said 2 min, then 4, then 9."""
FREE = (
    ("question 3", 17, []),
    ("mlp", 10, [2.2, 2.2, 2.4]),
    ("perceptron", 5, [0.4, 0.3, 0.3, 0.3, 0.2, 0.3, 0.3, 0.2, 0.2, 0.3]),
    ("logistic_regression", 4, [0.3, 0.3, 0.3, 0.3, 0.3, 0.3, 0.3, 0.3, 0.3, 0.3]),
    ("logistic_regression", 5, [0.3, 0.3, 0.3, 0.3, 0.3, 0.3, 0.3, 0.3, 0.3, 0.3]),
    ("jax logistic_regression 32", 6, [0.1, 0.1, 0.1, 0.1, 0.1]),
    ("jax logistic_regression 32", 6, [0.1, 0.1, 0.1, 0.1, 0.1]),
    ("jax logistic_regression 32", 6, [0.1, 0.1, 0.1, 0.1, 0.1]),
    ("jax mlp 64", 11, [1.1, 0.9, 0.9]),
    ("jax mlp 64", 9, [1.0, 1.0, 0.9]),
    ("jax mlp 64", 7, [0.9, 0.9, 0.9]),
    ("jax mlp 64", 7, [0.9, 0.9, 0.9]),
    ("jax mlp 512", 10, [1.2, 1.1, 0.9]),
    ("jax mlp 1024", 10, [0.9, 0.9, 0.9]),
    ("jax mlp 1024", 9, [0.9, 0.9, 0.9]),
    ("lasso path quick", 2, [0.0, 0.1, 0.1, 0.1, 0.2, 0.3]),
)
"""One seed, two cores that had nothing else to do."""
RECORDINGS = {"loaded": (LOADED, 7.0), "free": (FREE, 1.0)}
"""With how busy the machine was when the command began."""


class Clock:
    now = 0.0

    def __call__(self) -> float:
        return self.now


class StartsAsIfFree(Estimates):
    """What was wrong: a start takes what it takes on a free machine until one has been seen."""

    def run(self, kind: str, epochs: int) -> float:
        family = "jax" if kind.startswith("jax") else "numpy"
        if family in self._startups:
            return super().run(kind, epochs)
        return STARTUP[family] + epochs * self.per_epoch(kind)


def task(kind: str, epochs: int) -> Task:
    match kind.split():
        case ["question", _]:
            return Task.of("3", Question3())
        case ["lasso", *_]:
            return Task.of("1.2d", LassoPath("quick"))
        case ["jax", model, batch]:
            return Task.of("2", Q2Config(model, epochs=epochs, batch_size=int(batch)))
    return Task.of("1", Q1Config(kind, epochs=epochs))


def replay(recording: Recording, estimates: Estimates) -> list[tuple[float, float]]:
    """What is said to be left, and what is: at the beginning and at the end of each job."""
    clock, free = Clock(), [0.0, 0.0]
    jobs = [[task(kind, len(epochs))] for kind, _, epochs in recording]
    progress = Progress(jobs, len(free), estimates, clock)
    events = []
    for job, (_, seconds, epochs) in enumerate(recording):
        start = heapq.heappop(free)
        heapq.heappush(free, start + seconds)
        # Four fifths of what is no epoch is taken to come before the first one.
        trained = start + 0.8 * (seconds - sum(epochs))
        events += [(start + seconds, "end", job), (start, "start", job)]
        events += [(trained + passed, "epoch", job) for passed in accumulate(epochs)]
    said = [(progress.seconds_left(), max(free))]
    # A job ends before the next one starts.
    for at, what, job in sorted(events, key=lambda event: (event[0], event[1] == "start")):
        clock.now = at
        getattr(progress, what)(job)
        if what == "end":
            said.append((progress.seconds_left(), max(free) - at))
    return said


def is_right(said: list[tuple[float, float]]) -> bool:
    """Whether all that is said is near the truth, and never much above what was said before.

    What is left of the last tenth is decided by one run's luck.
    """
    told = [(left, true) for left, true in said if true > 0.1 * said[0][1]]
    least = accumulate((left for left, _ in told), min)
    return all(
        0.7 < left / true < 1.35 and left < 1.3 * so_far
        for (left, true), so_far in zip(told, least, strict=True)
    )


@pytest.mark.parametrize("name", RECORDINGS)
def test_the_time_left_is_near_and_does_not_grow(name: str) -> None:
    recording, slowness = RECORDINGS[name]
    assert is_right(replay(recording, Estimates(slowness=slowness)))


@pytest.mark.parametrize("slowness", [1.0, 7.0])
def test_starts_as_on_a_free_machine_would_be_noticed(slowness: float) -> None:
    assert not is_right(replay(LOADED, StartsAsIfFree(slowness=slowness)))


@pytest.mark.parametrize(
    ("load", "cores", "at_once", "slowness"),
    [(0.1, 2, 2, 1.05), (0.0, 8, 2, 1.0), (12.0, 2, 2, 7.0), (30.0, 64, 2, 1.0), (6.0, None, 2, 4)],
)
def test_a_busy_machine_is_seen(load, cores, at_once, slowness, monkeypatch) -> None:
    monkeypatch.setattr(os, "getloadavg", lambda: (load, 0.0, 0.0), raising=False)
    monkeypatch.setattr(os, "cpu_count", lambda: cores)
    assert busy(at_once) == pytest.approx(slowness)


def test_without_a_load_average_the_machine_is_taken_to_be_free(monkeypatch) -> None:
    monkeypatch.delattr(os, "getloadavg", raising=False)
    assert busy(2) == 1.0
