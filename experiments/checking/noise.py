"""How far numbers are from those of other seeds, and how far noise goes."""

import math
import statistics
from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from experiments.assignment import Measure
from experiments.checking.given_numbers import ACCURACIES, Given
from experiments.checking.training.train_variant import Result
from experiments.runs.statistics import t_quantile

# An epoch, 0 before the first, and what is measured after it.
Place = tuple[int, Measure]
# The numbers that were given.
Claims = Mapping[Place, Given]
Deviations = dict[Place, float]

FALSE_ALARMS = 0.001
"""How often all numbers of a right program together are called none, were they normal.

Ten times below the 1 % that is promised: seeds that diverge are no normal distribution, and the
deviations are those of eight runs that every answer shares. `python -m benchmarks.check` measures.
"""

NEAR_DEVIATIONS = 3.0
"""A variant further away than this many deviations, root mean square, explains nothing."""

MIN_SEEDS = 3


class Spread(NamedTuple):
    """A number over seeds.

    Attributes:
        mean: of the seeds.
        sd: their deviation, or the number's root mean square deviation over all epochs compared
            if that is more: few seeds that happen to agree say nothing of others.
        n: how many seeds.
    """

    mean: float
    sd: float
    n: int


Spreads = Mapping[Place, Spread]


def tells(claims: Claims, sizes: tuple[int, int, int] | None = None) -> float:
    """Return how many decimal digits tell one run from another, roughly.

    Accuracies of runs share their first digit, and of n examples they have no more than
    `log10(n)`.
    """
    total = 0.0
    for (_, measure), given in claims.items():
        if measure in ACCURACIES:
            n = sizes[ACCURACIES.index(measure)] if sizes else 3000
            total += max(min(given.digits, math.log10(n) + 0.5) - 1, 0.0)
        else:
            total += min(given.digits, 7)
    return total


def over_seeds(claims: Claims, results: Sequence[Result]) -> dict[Place, Spread]:
    """Return each number's mean and deviation over the seeds that were trained."""
    seeds = {
        r.variant.seed: r
        for r in results
        if len(r.chosen) == 1 and r.variant.right and not r.variant.plain_loop
    }
    found: dict[Place, Spread] = {}
    for place in claims:
        values = [value for r in seeds.values() if (value := r.number(*place)) is not None]
        if len(values) >= MIN_SEEDS and all(map(math.isfinite, values)):
            sd = statistics.stdev(values)
            found[place] = Spread(statistics.mean(values), sd, len(values))
    together = defaultdict(list)
    for (epoch, measure), spread in found.items():
        if epoch:  # before training all seeds are one
            together[measure].append(spread.sd)
    pooled = {measure: math.hypot(*sds) / math.sqrt(len(sds)) for measure, sds in together.items()}
    return {
        key: spread._replace(sd=max(spread.sd, pooled.get(key[1], 0.0))) if key[0] else spread
        for key, spread in found.items()
    }


def from_seeds(claims: Claims, spreads: Spreads) -> tuple[Deviations, float]:
    """Return each number's distance from the seeds' mean, and the limit of noise.

    `t = (given - mean) / sqrt(sd^2 (1 + 1 / n) + unit^2 / 12)`: the first term is the variance of
    one more seed about a mean of n, the second the rounding's. Of a right program's m numbers all
    are below the quantile of Student's distribution with n - 1 degrees of freedom at
    `1 - FALSE_ALARMS / m`, but for one program in `1 / FALSE_ALARMS` (Bonferroni).
    """
    deviations = {}
    for key, given in claims.items():
        if key in spreads:
            mean, sd, n = spreads[key]
            error = math.sqrt(sd**2 * (1 + 1 / n) + given.unit**2 / 12)
            deviations[key] = (given.value - mean) / error if given.finite else math.inf
    df = min((spread.n for spread in spreads.values()), default=1) - 1
    count = sum(epoch > 0 for epoch, _ in deviations) or 1
    return deviations, t_quantile(1.0 - FALSE_ALARMS / count, df)


def from_one(claims: Claims, results: Sequence[Result]) -> tuple[Deviations, float]:
    """Do the same while too few seeds are known: from seed 42's, with rough deviations."""
    right = next((r for r in results if r.variant.key == "right"), None)
    deviations = {
        place: (given.value - value) / scale(given, place[1], None)
        for place, given in claims.items()
        if right and (value := right.number(*place)) is not None
    }
    return deviations, NEAR_DEVIATIONS


def scale(given: Given, measure: Measure, spread: Spread | None) -> float:
    """Return what a difference is measured in: the deviation over seeds, as far as it is known.

    Without it, an accuracy's is taken as .01, and a loss's or norm's as 5 % of it.
    """
    if spread:
        return math.hypot(spread.sd, given.unit)
    rough = 0.01 if measure in ACCURACIES else 0.05 * abs(given.value)
    return math.hypot(rough, given.unit)
