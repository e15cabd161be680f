"""Differences between the configurations of a part, with intervals that hold for all of them.

Configurations trained with the same seeds are compared seed by seed, others by Welch's interval.
The intervals of a part's accuracies hold together with 95 % probability, and so do those of its
losses (see `experiments.runs.statistics`).
"""

import itertools
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Literal

from experiments.assignment import PARTS, Value, decimal
from experiments.report.configurations import Configuration, SeedValues
from experiments.report.runs_by_part import RunsByPart
from experiments.runs import statistics
from experiments.runs.statistics import Interval


@dataclass(frozen=True)
class Difference:
    """The difference of two configurations, corrected over the comparisons of its part.

    Attributes:
        estimate: first mean less second mean.
        low: the lower end of its interval, None where one seed tells nothing.
        high: the upper end.
        settled: whether the interval excludes 0.
        needed: how many seeds would settle it with 80 % probability, were it truly so large; None
            where it is settled or unknown.
    """

    estimate: float
    low: float | None
    high: float | None
    settled: bool
    needed: int | None = None

    @classmethod
    def of(cls, interval: Interval, needed: int | None = None) -> "Difference":
        """Keep of an interval what is reported."""
        known = interval.half_width < float("inf")
        return cls(
            interval.estimate,
            interval.low if known else None,
            interval.high if known else None,
            interval.excludes_zero,
            None if interval.excludes_zero else needed,
        )

    @property
    def verdict(self) -> Literal["found", "in sign only", "not found"]:
        """Whether the first mean is above the second."""
        if self.estimate <= 0:
            return "not found"
        return "found" if self.settled else "in sign only"

    def turned(self) -> "Difference":
        """Return the difference the other way round."""
        low, high = (None if end is None else -end for end in (self.high, self.low))
        return replace(self, estimate=-self.estimate, low=low, high=high)


MAX_SEEDS = 1_000
"""Nobody trains more, so that nobody need be told how many more it takes."""
Number = Callable[[Configuration], SeedValues]
Pair = tuple[Configuration, Configuration]


def differences(runs: RunsByPart, part: str) -> dict[str, Difference]:
    """Return the differences that are told of a part, by name.

    A part that varies a hyperparameter has the accuracies, the train loss and the gap between the
    losses of all pairs of its values, such as "test 0.25 over 0.01", either way round; one that
    stands beside another has its accuracies less that one's, such as "test".
    """
    asked, own = PARTS[part], runs.configurations[part]
    if asked.beside:
        beside = itertools.product(own, runs.configurations[asked.beside])
        return {name: found for name, _, found in _corrected(beside, _OF_PENALTY)}
    pairs = list(itertools.combinations(own, 2))
    told = [*_corrected(pairs, _ACCURACIES), *_corrected(pairs, _LOSSES)]
    return {over(name, a.value, b.value): found for name, (a, b), found in told} | {
        over(name, b.value, a.value): found.turned() for name, (a, b), found in told
    }


def over(name: str, first: Value, second: Value) -> str:
    """Return what the difference of two values of a sweep is called."""
    return f"{name} {decimal(first)} over {decimal(second)}"


def accuracy(split: str) -> Number:
    """Return what takes the accuracy on a split."""
    return lambda found: found.accuracy[split]


def loss_gap(found: Configuration) -> SeedValues:
    """Return validation loss less train loss of the final weights, by seed."""
    return _less(found.loss["val"], found.loss["train"])


def accuracy_gap(found: Configuration) -> SeedValues:
    """Return train accuracy less validation accuracy, by seed."""
    return _less(found.accuracy["train"], found.accuracy["val"])


def interval(first: Configuration, second: Configuration, number: Number) -> Interval | None:
    """Return the interval of first less second; None where a seed has no finite value."""
    one, other = number(first).finite, number(second).finite
    if len(one) < len(first.seeds) or len(other) < len(second.seeds):
        return None
    if first.seeds == second.seeds:
        return statistics.paired_difference(one, other)
    return statistics.welch_difference(one, other)


def _corrected(
    pairs: Iterable[Pair], numbers: Mapping[str, Number]
) -> list[tuple[str, Pair, Difference]]:
    found = [
        (name, pair, between)
        for pair in pairs
        for name, number in numbers.items()
        if (between := interval(*pair, number)) is not None
    ]
    corrected = statistics.simultaneous([between for _, _, between in found])
    return [
        (name, (a, b), Difference.of(wide, _needed(wide) if a.seeds == b.seeds else None))
        for (name, (a, b), _), wide in zip(found, corrected, strict=True)
    ]


def _needed(between: Interval) -> int | None:
    """Return how many seeds would settle a paired difference, to two digits; None: many."""
    if not 0 < between.half_width < float("inf"):
        return None
    n = round(between.df) + 1
    error = between.half_width / statistics.t_quantile(between.level, between.df)
    needed = statistics.seeds_needed(between.estimate, error * n**0.5, between.level)
    if needed is None or needed > MAX_SEEDS:
        return None
    return max(round(needed, 2 - len(str(needed))), n + 1)


def _less(first: SeedValues, second: SeedValues) -> SeedValues:
    return SeedValues.of(
        [
            None if a is None or b is None else a - b
            for a, b in zip(first.values, second.values, strict=True)
        ]
    )


_ACCURACIES: dict[str, Number] = {"val": accuracy("val"), "test": accuracy("test")}
_OF_PENALTY: dict[str, Number] = {
    **_ACCURACIES,
    "train": accuracy("train"),
    "gap": accuracy_gap,
    "val_late": lambda found: found.val_late,
}
_LOSSES: dict[str, Number] = {"train_loss": lambda found: found.loss["train"], "loss_gap": loss_gap}
