"""How well numbers agree, and what follows: pure functions of numbers."""

import math
import statistics
from collections.abc import Mapping, Sequence
from typing import Literal, NamedTuple

from experiments.checking.trace import Result
from experiments.checking.values import ACCURACIES, Given
from experiments.checking.variant import Variant

# What is compared: (epoch, name) to the number given.
Claims = Mapping[tuple[int, str], Given]
# The same, to the mean and deviation over seeds.
Spread = Mapping[tuple[int, str], tuple[float, float, int]]

WITHIN = 3.0
"""Numbers this many standard deviations from the seeds' mean, and no further, are noise."""

WITHIN_MANY = 4.0
"""The same where more than three numbers are compared: the largest of many is larger."""

NEAR = 3.0
"""A variant further away than this many deviations, root mean square, explains nothing."""


TELLING = 5.0
"""Numbers that tell less than so many decimal digits agree with some variant by chance."""


class Agreement(NamedTuple):
    """How well a variant explains the numbers.

    Attributes:
        result: the variant's own numbers.
        variant: what it is.
        equal: how many are equal to the digit.
        compared: how many could be compared.
        distance: root mean square of the differences in standard deviations over seeds, those that
            are equal to the digit counting 0.
        leading: how many epochs from the first on are equal to the digit, before one that is not.
    """

    result: Result
    variant: Variant
    equal: int
    compared: int
    distance: float
    leading: int = 0

    @property
    def exact(self) -> bool:
        """Whether all numbers are equal to the digit."""
        return self.equal == self.compared > 0


class Verdict(NamedTuple):
    """What is said of the numbers.

    Attributes:
        kind: equal to the digit; another seed's, to the digit; a mistake's; noise; or none of them.
        ranking: the best explanation first.
        deviations: for each claim, its distance from the seeds' mean in standard deviations.
        over_seeds: whether they are; else from seed 42's numbers in guessed ones.
    """

    kind: Literal["equal", "seed", "mistake", "noise", "unlike"]
    ranking: list[Agreement]
    deviations: dict[tuple[int, str], float]
    over_seeds: bool = True

    @property
    def good(self) -> bool:
        """Whether nothing is wrong: equal or within noise."""
        return self.kind in ("equal", "seed", "noise")

    @property
    def largest(self) -> float | None:
        """The largest distance from the seeds' mean, in standard deviations."""
        return max(map(abs, self.deviations.values()), default=None)


def judge(claims: Claims, results: Sequence[Result], catalogue: Sequence[Variant]) -> Verdict:
    """Rank the variants by agreement, and say what the numbers are.

    Equal to the digit comes before all else, the assignment's loop before its variants, and among
    equals the more common one. Then come those that are equal for the most epochs from the first
    on: a chaotic training that was summed in another order is that far the same. Where few digits
    were given, a mistake that agrees with all of them may do so by chance: what another seed may
    give as well is then called noise.
    """
    spread = over_seeds(claims, results, catalogue)
    by_key = {variant.key: (place, variant) for place, variant in enumerate(catalogue)}
    agreements = [agreement(claims, r, by_key[r.key][1], spread) for r in results]
    ranking = sorted(
        (a for a in agreements if a.compared),
        key=lambda a: (-a.compared, not a.exact, -a.leading, a.distance, by_key[a.variant.key][0]),
    )
    over = from_seeds(claims, spread)
    deviations = over or _from_one(claims, results)
    kind: Literal["equal", "seed", "mistake", "noise", "unlike"]
    first = ranking[0] if ranking else None
    near = bool(deviations) and max(map(abs, deviations.values())) <= _limit(len(deviations))
    right = bool(first and first.variant.kind == "right")
    if first and first.exact and (right or not near or tells(claims) >= TELLING):
        kinds = {"right": "equal", "seed": "seed"}
        kind = kinds.get(first.variant.kind, "mistake")  # type: ignore[assignment]
    elif near:
        kind = "noise"
    elif first and first.distance <= NEAR and first.variant.kind in ("training", "readout"):
        kind = "mistake"
    else:
        kind = "unlike"
    return Verdict(kind, ranking, deviations, bool(over))


def tells(claims: Claims) -> float:
    """How many decimal digits tell one run from another, roughly.

    Accuracies of runs share their first digit, and of thousands of examples they have no more than
    four.
    """
    return sum(
        min(g.digits - 1, 3) if n in ACCURACIES else g.digits for (_, n), g in claims.items()
    )


def agreement(claims: Claims, result: Result, variant: Variant, spread: Spread) -> Agreement:
    """Compare one variant's numbers with those given."""
    squares, equal = [], 0
    same: dict[int, bool] = {}
    for (epoch, name), given in claims.items():
        if epoch >= len(result.epochs) or name not in result.epochs[epoch]:
            continue
        value = result.epochs[epoch][name]
        same[epoch] = same.get(epoch, True) and given.agrees(value)
        if given.agrees(value):
            equal += 1
            squares.append(0.0)
        else:
            distance = (given.value - value) / scale(given, name, spread.get((epoch, name)))
            squares.append(min(distance**2, 1e12) if math.isfinite(distance) else 1e12)
    mean = sum(squares) / len(squares) if squares else math.inf
    trained = [same[epoch] for epoch in sorted(same) if epoch > 0]
    leading = trained.index(False) if False in trained else len(trained)
    return Agreement(result, variant, equal, len(squares), math.sqrt(mean), leading)


def over_seeds(
    claims: Claims, results: Sequence[Result], catalogue: Sequence[Variant]
) -> dict[tuple[int, str], tuple[float, float, int]]:
    """Mean, sample standard deviation and number of seeds for each number given."""
    right = {v.key for v in catalogue if v.kind in ("right", "seed")}
    spread = {}
    for epoch, name in claims:
        by_seed = {
            r.key: r.epochs[epoch][name]
            for r in results
            if r.key in right and epoch < len(r.epochs) and name in r.epochs[epoch]
        }
        values = list(by_seed.values())
        if len(values) > 2 and all(map(math.isfinite, values)):
            spread[epoch, name] = statistics.mean(values), statistics.stdev(values), len(values)
    return spread


def from_seeds(claims: Claims, spread: Spread) -> dict[tuple[int, str], float]:
    """`(given - mean) / sqrt(sd^2 (1 + 1 / n) + unit^2 / 12)` for each number given.

    The first term is the variance of one more seed about a mean of n, the second the rounding's.
    """
    return {
        key: (given.value - mean) / math.sqrt(sd**2 * (1 + 1 / n) + given.unit**2 / 12)
        for key, given in claims.items()
        if key in spread
        for mean, sd, n in [spread[key]]
    }


def _from_one(claims: Claims, results: Sequence[Result]) -> dict[tuple[int, str], float]:
    """The same while too few seeds are known: from seed 42's numbers, with rough deviations."""
    right = next((r for r in results if r.key == "right"), None)
    if right is None:
        return {}
    return {
        (epoch, name): (given.value - right.epochs[epoch][name]) / scale(given, name, None)
        for (epoch, name), given in claims.items()
        if epoch < len(right.epochs) and name in right.epochs[epoch]
    }


def scale(given: Given, name: str, spread: tuple[float, float, int] | None) -> float:
    """What a difference is measured in: the deviation over seeds, as far as it is known.

    Without it, an accuracy's is taken as .01, and a loss's or norm's as 5 % of it.
    """
    if spread:
        return math.hypot(spread[1], given.unit)
    rough = 0.01 if name in ACCURACIES else 0.05 * abs(given.value)
    return math.hypot(rough, given.unit)


def _limit(n: int) -> float:
    return WITHIN if n <= 3 else WITHIN_MANY
