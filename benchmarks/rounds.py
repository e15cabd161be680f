"""Turns, and the ratio of two contenders: when it is steady, and when it may be called clean.

Contenders alternate, A B A B, so that whatever else the machine does hits all of them. After a
fixed number of rounds the pair that counts, the fastest baseline and ours, goes on until its ratio
is steady.
"""

import math
import statistics
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from benchmarks.running import Running

Row = dict[str, Any]

CONFIDENCE = 0.95
MAX_HALF_WIDTH = 0.05
"""The half-width of a steady ratio's interval, as a share of the ratio, is below this."""
MAX_ROUNDS = 30
"""Of a pair whose ratio does not get steady."""
MAX_LOAD = 0.5
"""Load average above which a machine was busy: half a core's work by other programs."""


class Ratio(NamedTuple):
    """How many times as long a baseline takes as a contender.

    Attributes:
        value: the median of the rounds' ratios.
        interval: the median's confidence interval; None where there are too few rounds for one.
    """

    value: float
    interval: tuple[float, float] | None

    @property
    def half_width(self) -> float:
        """Half the interval's width as a share of the ratio; infinite without an interval."""
        if self.interval is None:
            return float("inf")
        low, high = self.interval
        return (high - low) / (2 * self.value)

    @property
    def steady(self) -> bool:
        """Whether the half-width is small enough."""
        return self.half_width < MAX_HALF_WIDTH


def ratio_of(baseline: Sequence[float], ours: Sequence[float]) -> Ratio:
    """Compare the seconds of the rounds that both have, round by round.

    The interval lies between two of the rounds' ratios, chosen by the binomial distribution
    (`scipy.stats.quantile_test`), whatever the ratios' own distribution is; it takes 6 rounds. That
    a pair goes on until it is narrow makes it narrower than its confidence says.
    """
    from scipy.stats import quantile_test

    ratios = [theirs / mine for theirs, mine in zip(baseline, ours, strict=False)]
    low, high = map(float, quantile_test(ratios, p=0.5).confidence_interval(CONFIDENCE))
    return Ratio(statistics.median(ratios), None if math.isnan(low) else (low, high))


def busy(load: float) -> list[str]:
    """Return what speaks against every time: the load average before the measurement, if high."""
    return [f"load {load:.2f} before the start, above {MAX_LOAD}"] if load > MAX_LOAD else []


def why_not_clean(ratio: Ratio, rounds: int, load: float) -> list[str]:
    """Return what speaks against a ratio of so many rounds, nothing if it is clean."""
    reasons = busy(load)
    if ratio.interval is None:
        reasons.append(f"{rounds} rounds, too few for an interval")
    elif not ratio.steady:
        reasons.append(
            f"±{ratio.half_width:.0%} after {rounds} rounds, not below {MAX_HALF_WIDTH:.0%}"
        )
    return reasons


def alternate(contenders: Sequence[Running], rounds: int) -> None:
    """Give every contender its turn, so many times; what they found is in their `found`."""
    for _ in range(rounds):
        for contender in contenders:
            contender.begin()
            contender.end()


def until_steady(baseline: Running, ours: Running) -> None:
    """Give a pair more turns until its ratio is steady, `MAX_ROUNDS` in all at most."""
    while len(ours.found) < MAX_ROUNDS and not ratio_of(baseline.seconds, ours.seconds).steady:
        alternate([baseline, ours], 1)


def compare(
    running: Mapping[str, Running], baselines: Sequence[str], ours: str, load: float
) -> list[Row]:
    """Let the pair that counts go on after the rounds that all had; a row for each contender.

    Args:
        running: the contenders by name, after the same number of rounds.
        baselines: their names; the fastest counts. Those that are not running are left out.
        ours: the name of the one whose ratio is to be steady.
        load: the load average before the measurement.

    Returns:
        Rows with `contender`, `epochs` (what all had), `threads`, `compile_seconds`, `peak_mb`,
        `seconds`, `seconds_per_epoch` (their median), `ratio`, its `interval` and `not_clean` (the
        reasons; None for `ratio` and both where no baseline runs).
    """
    rounds_of_all = len(running[ours].found)
    there = [name for name in baselines if name in running]
    fastest = running[min(there, key=lambda name: running[name].median_seconds)] if there else None
    if fastest is not None:
        until_steady(fastest, running[ours])
    rows: list[Row] = []
    for name, one in running.items():
        row = {
            "contender": name,
            "epochs": rounds_of_all * one.job.repeats,
            **one.ready,
            "peak_mb": one.found[rounds_of_all - 1]["peak_mb"],
            "seconds": one.seconds,
            "seconds_per_epoch": one.median_seconds,
            "ratio": None,
            "interval": None,
            "not_clean": None,
        }
        if fastest is not None:
            ratio = ratio_of(fastest.seconds, one.seconds)
            rounds = min(len(fastest.found), len(one.found))
            reasons = why_not_clean(ratio, rounds, load)
            row |= {"ratio": ratio.value, "interval": ratio.interval, "not_clean": reasons}
        rows.append(row)
    return rows
