"""How long it will still take: seconds per epoch of each kind of run, as far as measured."""

import heapq
import os
import statistics
from collections.abc import Sequence

STARTUP = {"numpy": 2.0, "jax": 6.0}
"""Seconds besides the epochs: loading JAX and the data, compiling, evaluating, figures."""

TRAIN_IMAGES = 12_630

# Seconds per epoch on one thread of an AMD EPYC core, with another run alone on the other one;
# per point of a path; of the whole for what has neither. They set the order and the first estimate.
# What was not timed, such as another batch size, counts as 1.
TYPICAL = {
    "perceptron": 0.28,
    "logistic_regression": 0.3,
    "mlp": 2.3,
    "jax logistic_regression 32": 0.1,
    "jax mlp 64": 0.95,
    "jax mlp 512": 1.0,
    "jax mlp 1024": 0.9,
    "lasso path quick": 0.2,
    "lasso path full": 2.5,
    "question 3": 15.0,
}


class Estimates:
    """Seconds that runs take: the typical ones at first, corrected by what is measured."""

    def __init__(self, train_images: int = TRAIN_IMAGES, slowness: float = 1.0) -> None:
        """Assume the typical times, and that all takes longer by `slowness`, see `busy`."""
        self._scale, self._assumed_slowness = train_images / TRAIN_IMAGES, slowness
        self._measured: dict[str, tuple[int, float]] = {}
        self._startups: dict[str, list[float]] = {}

    def learn(self, kind: str, seconds: float) -> None:
        """Note the seconds of one more epoch of a run of this kind."""
        epochs, total = self._measured.get(kind, (0, 0.0))
        self._measured[kind] = (epochs + 1, total + seconds)

    def learn_run(self, kind: str, epochs: int, seconds: float) -> None:
        """Note the seconds of a whole run: what its epochs leave is its start and end."""
        if kind in self._measured:
            rest = seconds - epochs * self.per_epoch(kind)
            self._startups.setdefault(_family(kind), []).append(max(0.0, rest))

    def per_epoch(self, kind: str) -> float:
        """Return seconds per epoch: this kind's own mean, else the typical ones at this speed."""
        if kind in self._measured:
            epochs, total = self._measured[kind]
            return total / epochs
        return TYPICAL.get(kind, 1.0) * self._scale * self._slowness()

    def run(self, kind: str, epochs: int) -> float:
        """Return the seconds that a whole run takes, with its process's start."""
        family = _family(kind)
        # What slows an epoch down, other programs above all, slows a start down as much.
        startups = self._startups.get(family) or [STARTUP[family] * self._slowness()]
        return statistics.median(startups) + epochs * self.per_epoch(kind)

    def _slowness(self) -> float:
        """Return how much longer than typically the measured epochs took, over all kinds."""
        taken = sum(total for _, total in self._measured.values())
        typical = sum(TYPICAL.get(kind, 1.0) * n for kind, (n, _) in self._measured.items())
        return taken / (typical * self._scale) if taken > 0 else self._assumed_slowness


def _family(kind: str) -> str:
    """Return the family: its runs load and compile about as much as each other."""
    return "jax" if kind.startswith("jax") else "numpy"


def busy(at_once: int) -> float:
    """Return how much longer a process takes where others want the same cores, 1 or more."""
    if not hasattr(os, "getloadavg"):  # Windows
        return 1.0
    wanted = os.getloadavg()[0] + at_once
    return max(1.0, wanted / (os.cpu_count() or at_once))


def time_left(running: Sequence[float], waiting: Sequence[float], at_once: int) -> float:
    """Return the seconds until all runs are done if a free process takes the next that waits.

    `running` is what each running one still takes, `waiting` what the others will, in their order.
    """
    ends = [*running, *[0.0] * (at_once - len(running))]
    heapq.heapify(ends)
    for seconds in waiting:
        heapq.heappush(ends, heapq.heappop(ends) + seconds)
    return max(ends, default=0.0)


def in_words(seconds: float) -> str:
    """Write such as "about 12 min left"; finer than it can be known would be pretence."""
    if seconds < 55:
        return f"about {max(5, 5 * round(seconds / 5))} s left"
    if seconds < 3600 * 1.5:
        return f"about {max(1, round(seconds / 60))} min left"
    return f"about {seconds / 3600:.1f} h left"
