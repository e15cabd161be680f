"""Statistics over seeds: spreads, intervals from Student's t, and what may be said of a difference.

A run's final accuracy varies with its seed, by little and unpredictably; over n seeds its mean is
known to about `t s / sqrt(n)`, where `t` is the 97.5 % quantile of Student's distribution with
n - 1 degrees of freedom (4.30 at n = 3, 2.26 at n = 10; Student, 1908). Runs with one seed share
the order of their examples, so two configurations are compared seed by seed.
"""

import math
import statistics
from bisect import bisect_left
from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple, TypedDict

LEVEL = 0.95
POWER = 0.8
MAX_SEEDS = 10_000
"""More seeds than this are never asked for."""


class Spread(TypedDict):
    """Mean and sample deviation of the `n` finite ones of some numbers, None where there is none.

    `sweep.json` and `results.json` hold it.
    """

    mean: float | None
    sd: float | None
    n: int


class Interval(NamedTuple):
    """An estimate with its confidence interval, at the confidence `level`.

    `half_width` is infinite where a single seed tells nothing of luck; `df` are the degrees of
    freedom of Student's distribution.
    """

    estimate: float
    half_width: float
    df: float
    level: float = LEVEL

    @property
    def low(self) -> float:
        """The lower end."""
        return self.estimate - self.half_width

    @property
    def high(self) -> float:
        """The upper end."""
        return self.estimate + self.half_width

    @property
    def excludes_zero(self) -> bool:
        """Whether the sign is settled at this level."""
        return abs(self.estimate) > self.half_width


def over_seeds(values: Sequence[float | None]) -> Spread:
    """Summarise a number over seeds; None stands for what is not finite."""
    finite = [float(value) for value in values if value is not None]
    return {
        "mean": statistics.mean(finite) if finite else None,
        "sd": statistics.stdev(finite) if len(finite) > 1 else None,
        "n": len(finite),
    }


@lru_cache(maxsize=1024)
def t_quantile(level: float, df: float) -> float:
    """Return `t` with P(|T| <= t) = level for Student's T with `df` degrees of freedom."""
    from scipy.special import stdtrit  # a fifth of a second, which most commands need not spend

    return float(stdtrit(df, (1.0 + level) / 2.0)) if df > 0 else math.inf


def mean_interval(values: Sequence[float]) -> Interval:
    """Return the interval of a mean, `mean +- t s / sqrt(n)` with n - 1 degrees of freedom.

    There is one value per seed; a single one gives an infinite interval.

    Raises:
        ValueError: there is no value.
    """
    if not values:
        raise ValueError("values: got none, expected one per seed")
    error, df = math.sqrt(_variance(values) / len(values)), len(values) - 1
    return Interval(statistics.fmean(values), t_quantile(LEVEL, df) * error, df)


def paired_difference(first: Sequence[float], second: Sequence[float]) -> Interval:
    """Return the interval of `mean(first - second)`, seed by seed.

    What a seed does to both, such as an order that ends with hard examples, falls out.

    Raises:
        ValueError: the lengths differ, or there is no value.
    """
    return mean_interval([a - b for a, b in zip(first, second, strict=True)])


def welch_difference(
    first: Sequence[float], second: Sequence[float], level: float = LEVEL
) -> Interval:
    """Return the interval of a difference of means of runs that share no seeds (Welch, 1947).

    The degrees of freedom are `(a + b)^2 / (a^2 / (n1 - 1) + b^2 / (n2 - 1))`, `a = s1^2 / n1`,
    `b = s2^2 / n2`. At n = 3 and equal deviations it covers 96.5 % where 95 % is meant.

    Raises:
        ValueError: one of them has no value.
    """
    if not first or not second:
        raise ValueError("values: got none, expected one per seed")
    estimate = statistics.fmean(first) - statistics.fmean(second)
    if len(first) < 2 or len(second) < 2:
        return Interval(estimate, math.inf, 0, level)
    a, b = (_variance(values) / len(values) for values in (first, second))
    weight = a**2 / (len(first) - 1) + b**2 / (len(second) - 1)
    df = (a + b) ** 2 / weight if weight else len(first) + len(second) - 2
    return Interval(estimate, t_quantile(level, df) * math.sqrt(a + b), df, level)


def simultaneous(intervals: Sequence[Interval]) -> list[Interval]:
    """Widen the intervals of a table so that they hold together (Bonferroni).

    Each of m is taken at `1 - (1 - LEVEL) / m`. With the probability `LEVEL` at least, all of them
    cover their numbers, however these depend on each other; then no sign that one of them settles
    is wrong. Holm's levels settle more signs, but intervals at those levels do not hold together:
    of seven clear differences one is missed in 7 to 9 % of tries.

    Returns:
        The intervals in the order given.
    """
    return [_at(interval, 1.0 - (1.0 - LEVEL) / len(intervals)) for interval in intervals]


def binomial_error(accuracy: float, examples: int) -> float:
    """Return the standard error of an accuracy on so many examples, `sqrt(p (1 - p) / n)`."""
    return math.sqrt(max(accuracy * (1.0 - accuracy), 0.0) / examples)


def prediction_interval(values: Sequence[float], examples: int) -> tuple[float, float]:
    """Return where one more run's accuracy lies, had it another seed and other test images.

    `mean +- sqrt((t s)^2 (1 + 1/n) + 2 (z e)^2)`: the luck of a seed, and twice that of the images,
    `e` their binomial error and `z` the normal quantile. Twice, because all seeds here are tested
    on the same images, whose luck is in the mean and not in `s`, and the other run on its own. A
    published number, one run with one seed on a file that is not quite this one, agrees with these
    runs where it lies within; where the images are the same, that is more often than at `LEVEL`.

    Raises:
        ValueError: there are fewer than two values: one tells nothing of luck.
    """
    if len(values) < 2:
        raise ValueError(f"values: got {len(values)}, expected two seeds or more")
    mean, n = statistics.mean(values), len(values)
    seeds = t_quantile(LEVEL, n - 1) * statistics.stdev(values) * math.sqrt(1.0 + 1.0 / n)
    images = t_quantile(LEVEL, math.inf) * binomial_error(mean, examples)
    half_width = math.hypot(seeds, images, images)
    return mean - half_width, mean + half_width


def seeds_needed(difference: float, sd: float, level: float = LEVEL) -> int | None:
    """Return how many seeds would settle the sign of a paired difference, None beyond 10,000.

    The interval at `level` has to exclude 0 with the probability `POWER`, if the difference is
    truly so large and has the deviation `sd` from seed to seed.
    """
    from scipy.special import nctdtr

    def reached(n: int) -> bool:
        # nctdtr is nan for large noncentralities, where the power is 1.
        centre, t = abs(difference) / sd * math.sqrt(n), t_quantile(level, n - 1)
        return centre > 30.0 or 1.0 - float(nctdtr(n - 1, centre, t)) >= POWER

    if difference == 0.0:
        return None
    if sd == 0.0:
        return 2
    asked = range(2, MAX_SEEDS + 1)
    place = bisect_left(asked, True, key=reached)  # the power grows with n
    return asked[place] if place < len(asked) else None


def decimals(value: Spread, finest: int = 4) -> int:
    """Return how many decimals a mean and its deviation deserve.

    A deviation of n values is itself known to one part in `sqrt(2 (n - 1))`, half at n = 3, a
    quarter at n = 10: one digit of it, two where the first is a 1. A mean has the same decimals.
    Without a deviation it is `finest`.
    """
    if not value["sd"]:
        return finest
    exponent = math.floor(math.log10(value["sd"]))
    first_digit = int(value["sd"] / 10.0**exponent)
    return max(0, min(finest, -exponent + (first_digit == 1)))


def _variance(values: Sequence[float]) -> float:
    """Return the sample variance, infinite for one value; `statistics.variance` takes 30 us."""
    if len(values) < 2:
        return math.inf
    mean = statistics.fmean(values)
    return math.fsum((value - mean) ** 2 for value in values) / (len(values) - 1)


def _at(interval: Interval, level: float) -> Interval:
    """Return the same interval at another level."""
    if interval.df <= 0:
        return interval._replace(level=level)
    wider = t_quantile(level, interval.df) / t_quantile(interval.level, interval.df)
    return interval._replace(half_width=interval.half_width * wider, level=level)
