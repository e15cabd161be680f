"""In which order the examples may come, epoch after epoch."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Indices = NDArray[np.int64]
# (generator, order of the epoch before): the epoch's order of examples.
Order = Callable[[np.random.RandomState, Indices], Indices]


def cumulative(rng: np.random.RandomState, before: Indices) -> Indices:
    """Permute what the epoch before left, as the assignment does."""
    return before[rng.permutation(len(before))]


@dataclass(frozen=True)
class OrderChange:
    """What is changed about the order.

    Attributes:
        make: the order of a new training; some of them remember.
        trained: from that order the examples that are trained on; the generator may be drawn from.
        labels_stay: whether labels stay where they were while the images are shuffled.
        batch: whether the epoch is one step along the mean of all gradients.
    """

    make: Callable[[], Order] = lambda: cumulative
    trained: Callable[[Indices, np.random.RandomState], Indices] = lambda order, _rng: order
    labels_stay: bool = False
    batch: bool = False


def not_cumulative(rng: np.random.RandomState, before: Indices) -> Indices:
    """Return a permutation of the file's order."""
    return rng.permutation(len(before))


def not_shuffled(_rng: np.random.RandomState, before: Indices) -> Indices:
    """Return the file's order."""
    return np.arange(len(before))


def seeded_anew(_rng: np.random.RandomState, before: Indices) -> Indices:
    """Return the same permutation of what the epoch before left, in every epoch."""
    return before[np.random.RandomState(42).permutation(len(before))]


def once() -> Order:
    """One permutation, kept."""
    drawn: list[Indices] = []

    def order(rng: np.random.RandomState, before: Indices) -> Indices:
        if not drawn:
            drawn.append(cumulative(rng, before))
        return drawn[0]

    return order


def new_generator() -> Order:
    """Permutations of `default_rng(42)`."""
    rng = np.random.default_rng(42)
    return lambda _rng, before: before[rng.permutation(len(before))]
