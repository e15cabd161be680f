"""How well each variant agrees with numbers, and what that says of them."""

import math
from collections.abc import Sequence
from typing import Literal, NamedTuple

from experiments.checking.catalogue import CATALOGUE
from experiments.checking.noise import (
    NEAR_DEVIATIONS,
    Claims,
    Deviations,
    Spreads,
    from_one,
    from_seeds,
    over_seeds,
    scale,
    tells,
)
from experiments.checking.training.train_variant import Result

Kind = Literal["equal", "seed", "mistake", "noise", "unlike"]

TELLING_DIGITS = 5.0
"""Numbers that tell less than so many decimal digits agree with some variant by chance."""

FAR = 1e6
"""Deviations beyond which it makes no difference."""


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
    leading: int

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
    deviations: Deviations
    limit: float
    over_seeds: bool

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
            CATALOGUE.index(a.result.variant),
        ),
    )  # fmt: skip
    deviations, limit = from_seeds(claims, spreads)
    over = bool(deviations)
    if not over:
        deviations, limit = from_one(claims, results)
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


def agreement(claims: Claims, result: Result, spreads: Spreads) -> Agreement:
    """Compare one variant's numbers with those given."""
    squares, equal = [], 0
    same: dict[int, bool] = {}
    for (epoch, measure), given in claims.items():
        if (value := result.number(epoch, measure)) is None:
            continue
        agrees = given.agrees(value)
        same[epoch] = same.get(epoch, True) and agrees
        equal += agrees
        off = abs(given.value - value) / scale(given, measure, spreads.get((epoch, measure)))
        squares.append(0.0 if agrees else min(FAR, off) ** 2)  # FAR too where `off` is no number
    mean = sum(squares) / len(squares) if squares else math.inf
    trained = [same[epoch] for epoch in sorted(same) if epoch > 0]
    leading = trained.index(False) if False in trained else len(trained)
    return Agreement(result, equal, len(squares), math.sqrt(mean), leading)
