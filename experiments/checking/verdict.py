"""How well numbers agree, and what follows: pure functions of numbers."""

import math
import statistics
from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Literal, NamedTuple

from experiments.assignment import Measure
from experiments.checking.catalogue import CATALOGUE
from experiments.checking.given_numbers import ACCURACIES, Given
from experiments.checking.training.train_variant import Result
from experiments.runs.statistics import t_quantile

Kind = Literal["equal", "seed", "mistake", "noise", "unlike"]

# What is compared: (epoch, measure) to the number given.
Claims = Mapping[tuple[int, Measure], Given]

FALSE_ALARMS = 0.001
"""How often all numbers of a right program together are called none, were they normal.

Ten times below the 1 % that is promised: seeds that diverge are no normal distribution, and the
deviations are those of eight runs that every answer shares. `python -m benchmarks.check` measures.
"""

NEAR_DEVIATIONS = 3.0
"""A variant further away than this many deviations, root mean square, explains nothing."""

TELLING_DIGITS = 5.0
"""Numbers that tell less than so many decimal digits agree with some variant by chance."""

MIN_SEEDS = 3
FAR = 1e6
"""Deviations beyond which it makes no difference."""
_PLACES = {variant.key: place for place, variant in enumerate(CATALOGUE)}


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


Spreads = Mapping[tuple[int, Measure], Spread]


class Agreement(NamedTuple):
    """How well a variant explains the numbers.

    Attributes:
        result: the variant's own numbers.
        equal: how many are equal to the digit.
        compared: how many could be compared.
        distance: root mean square of the differences in standard deviations over seeds, those that
            are equal to the digit counting 0.
        leading: how many epochs from the first on are equal to the digit, before one that is not.
    """

    result: Result
    equal: int
    compared: int
    distance: float
    leading: int = 0

    @property
    def exact(self) -> bool:
        """Whether all numbers are equal to the digit."""
        return self.equal == self.compared > 0

    @property
    def harmless(self) -> bool:
        """Whether it is the assignment's loop, in numbers if not in letters."""
        return all(v.right or v.harmless for v in self.result.chosen)

    @property
    def seed_like(self) -> bool:
        """Whether it trains as well as the assignment's loop with another seed."""
        return all(v.right or v.harmless or v.seed_like for v in self.result.chosen)


class Verdict(NamedTuple):
    """What is said of the numbers.

    Attributes:
        kind: equal to the digit; another seed's, to the digit; a mistake's; noise; or none of them.
        ranking: the best explanation first.
        deviations: for each claim, its distance from the seeds' mean in standard deviations.
        limit: the distance up to which it is noise.
        over_seeds: whether they are; else from seed 42's numbers in guessed ones.
    """

    kind: Kind
    ranking: list[Agreement]
    deviations: dict[tuple[int, Measure], float]
    limit: float = math.inf
    over_seeds: bool = True

    @property
    def good(self) -> bool:
        """Whether nothing is wrong: equal or within noise."""
        return self.kind in ("equal", "seed", "noise")


def judge(
    claims: Claims, results: Sequence[Result], sizes: tuple[int, int, int] | None = None
) -> Verdict:
    """Rank the variants by agreement, and say what the numbers are.

    Equal to the digit comes before all else, the assignment's loop before its variants, and among
    equals the more common one. Then come those that are equal for the most epochs from the first
    on: a chaotic training that was summed in another order is that far the same. Where few digits
    were given, a mistake that agrees with all of them may do so by chance: what another seed may
    give as well is then called noise. A variant that trains as another seed does is named where
    every digit agrees, and nowhere else.

    Args:
        claims: the numbers given.
        results: what was trained.
        sizes: examples of the splits, which limit what an accuracy can tell.
    """
    spreads = over_seeds(claims, results)
    ranking = sorted(
        (a for a in (agreement(claims, r, spreads) for r in results) if a.compared),
        key=lambda a: (
            -a.compared, not a.exact, len(a.result.chosen), -a.leading, a.distance,
            _PLACES[a.result.variant.key],
        ),
    )  # fmt: skip
    deviations, limit = from_seeds(claims, spreads)
    over = bool(deviations)
    if not over:
        deviations, limit = _from_one(claims, results)
    near = bool(deviations) and max(map(abs, deviations.values())) <= limit
    first = ranking[0] if ranking else None
    kind: Kind
    tell = tells(claims, sizes) >= TELLING_DIGITS
    if first and first.exact and (first.harmless or not near or tell):
        seed = first.result.variant.is_seed
        kind = ("seed" if seed else "equal") if first.harmless else "mistake"
    elif first and _leads(first, ranking, claims, sizes):
        kind = "mistake"
    elif near:
        kind = "noise"
    else:
        explained = [a for a in ranking if a.distance <= NEAR_DEVIATIONS and not a.seed_like]
        kind = "mistake" if explained and over else "unlike"
        ranking = explained + [a for a in ranking if a not in explained]
    return Verdict(kind, ranking, deviations, limit, over)


def _leads(
    first: Agreement,
    ranking: Sequence[Agreement],
    claims: Claims,
    sizes: tuple[int, int, int] | None,
) -> bool:
    """Whether a mistake alone is equal to the digit in the first epochs of question 1.3.

    The network is chaotic: a program that sums in another order has the right digits, or a
    mistake's, in the first epochs alone.
    """
    right = max((a.leading for a in ranking if a.harmless), default=0)
    if first.harmless or first.leading <= right or all(name != "loss" for _, name in claims):
        return False
    epochs = sorted({epoch for epoch, _ in claims if epoch})[: first.leading]
    return tells({k: v for k, v in claims.items() if k[0] in epochs}, sizes) >= TELLING_DIGITS


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


def agreement(claims: Claims, result: Result, spreads: Spreads) -> Agreement:
    """Compare one variant's numbers with those given."""
    squares, equal = [], 0
    same: dict[int, bool] = {}
    for (epoch, measure), given in claims.items():
        if epoch >= len(result.epochs) or measure not in result.epochs[epoch]:
            continue
        value = result.epochs[epoch][measure]
        agrees = given.agrees(value)
        same[epoch] = same.get(epoch, True) and agrees
        equal += agrees
        distance = (given.value - value) / scale(given, measure, spreads.get((epoch, measure)))
        distance = 0.0 if agrees else distance
        squares.append(min(abs(distance), FAR) ** 2 if math.isfinite(distance) else FAR**2)
    mean = sum(squares) / len(squares) if squares else math.inf
    trained = [same[epoch] for epoch in sorted(same) if epoch > 0]
    leading = trained.index(False) if False in trained else len(trained)
    return Agreement(result, equal, len(squares), math.sqrt(mean), leading)


def over_seeds(claims: Claims, results: Sequence[Result]) -> dict[tuple[int, Measure], Spread]:
    """Return each number's mean and deviation over the seeds that were trained."""
    seeds = {
        r.variant.seed: r
        for r in results
        if len(r.chosen) == 1 and r.variant.right and not r.variant.plain_loop
    }
    found: dict[tuple[int, Measure], Spread] = {}
    for epoch, measure in claims:
        values = [
            r.epochs[epoch][measure]
            for r in seeds.values()
            if epoch < len(r.epochs) and measure in r.epochs[epoch]
        ]
        if len(values) >= MIN_SEEDS and all(map(math.isfinite, values)):
            sd = statistics.stdev(values)
            found[epoch, measure] = Spread(statistics.mean(values), sd, len(values))
    together = defaultdict(list)
    for (epoch, measure), spread in found.items():
        if epoch:  # before training all seeds are one
            together[measure].append(spread.sd)
    pooled = {measure: math.hypot(*sds) / math.sqrt(len(sds)) for measure, sds in together.items()}
    return {
        key: spread._replace(sd=max(spread.sd, pooled.get(key[1], 0.0))) if key[0] else spread
        for key, spread in found.items()
    }


def from_seeds(claims: Claims, spreads: Spreads) -> tuple[dict[tuple[int, Measure], float], float]:
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


def _from_one(
    claims: Claims, results: Sequence[Result]
) -> tuple[dict[tuple[int, Measure], float], float]:
    """Do the same while too few seeds are known: from seed 42's, with rough deviations."""
    right = next((r for r in results if r.variant.key == "right"), None)
    deviations = {
        (epoch, measure): (given.value - right.epochs[epoch][measure]) / scale(given, measure, None)
        for (epoch, measure), given in claims.items()
        if right and epoch < len(right.epochs) and measure in right.epochs[epoch]
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
