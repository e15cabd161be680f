"""What a curve over epochs does, told from its numbers: where it was best, and how it ends."""

import itertools
import math
import statistics
from collections.abc import Sequence
from typing import NamedTuple

SHORTEST = 8
"""Epochs below which nothing is said of a curve's course."""


class Course(NamedTuple):
    """A curve in a few numbers; values are smoothed over neighbouring epochs.

    Attributes:
        best: its best value.
        best_epoch: the epoch of it, from 1.
        last: its last value.
        late_change: how far the last value is above the one at nine tenths of the epochs.
        low: the smallest unsmoothed value of the second half.
        high: the largest unsmoothed value of the second half.
        jump: the median size of the step from one epoch to the next in the second half.
        doubt: how far a smoothed value may be off by those jumps alone; a smaller rise or fall
            is no trend.
        moves: steps of the second half that go up and steps that go down, the rarer as a share.
    """

    best: float
    best_epoch: int
    last: float
    late_change: float
    low: float
    high: float
    jump: float
    doubt: float
    moves: float


def course(values: Sequence[float | None], largest: bool) -> Course | None:
    """Describe a curve; None if it is too short or not finite everywhere.

    Args:
        values: one per epoch.
        largest: whether the best value is the largest, as of an accuracy.
    """
    finite = [value for value in values if value is not None]
    if len(finite) < SHORTEST or len(finite) < len(values):
        return None
    smoothed = smooth(finite)
    best = (max if largest else min)(smoothed)
    half = finite[len(finite) // 2 :]
    steps = [b - a for a, b in itertools.pairwise(half)]
    up = sum(step > 0 for step in steps)
    return Course(
        best=best,
        best_epoch=smoothed.index(best) + 1,
        last=smoothed[-1],
        late_change=smoothed[-1] - smoothed[int(0.9 * len(smoothed)) - 1],
        low=min(half),
        high=max(half),
        jump=statistics.median(map(abs, steps)),
        doubt=3 * _noise(half) / math.sqrt(_reach(finite) + 1),  # the last window is cut off there
        moves=min(up, len(steps) - up) / len(steps),
    )


def smooth(values: Sequence[float]) -> list[float]:
    """Means over a window of a twentieth of the epochs, at least three, cut off at the ends."""
    reach = _reach(values)
    return [statistics.mean(values[max(0, k - reach) : k + reach + 1]) for k in range(len(values))]


def _reach(values: Sequence[float]) -> int:
    return max(1, len(values) // 40)


def _noise(values: Sequence[float]) -> float:
    """The standard deviation of what is not trend: second differences of a straight line are 0.

    Those of independent normal noise have its deviation times sqrt(6), and the median of their
    sizes is 0.6745 of that.
    """
    bends = [a - 2 * b + c for a, b, c in zip(values, values[1:], values[2:], strict=False)]
    return statistics.median(map(abs, bends)) / (0.6745 * math.sqrt(6))


def first_below(values: Sequence[float | None], bound: float) -> int | None:
    """The first epoch, from 1, whose value is at most `bound`; None if there is none."""
    for epoch, value in enumerate(values, 1):
        if value is not None and value <= bound:
            return epoch
    return None
