"""Question 3.3: a network for any c, its error measured in exact arithmetic."""

import math
from collections.abc import Callable

from analysis.claims.base import Claim, ClaimFunction, Settings, Source, WorstCase
from analysis.claims.random_cases import Case, cases
from analysis.constructions import How
from analysis.recover import default_eps, recover_theta
from analysis.spectrum import norm


def relative_error(
    case: Case, n_hidden: int, eps: float | None, how: How | None = None
) -> tuple[float, float]:
    """(|c_Theta - c| / |c|, what is accepted); infinity where refused, or not found by `how`."""
    size = norm(case.c)
    accepted = eps or default_eps(case.c) / size
    try:
        found = recover_theta(case.c, n_hidden, eps=accepted * size)
    except ValueError:
        return math.inf, accepted
    return (math.inf if how and found.how != how else found.achieved / size), accepted


def _recovered(settings: Settings, name: str, own: Callable[[Case, int], list[int]]) -> WorstCase:
    """Return the worst relative error over all cases c and all K that suffice for them."""
    rng, worst = settings.rng(name), WorstCase()
    for D in settings.dims:
        for _ in range(settings.trials):
            for case in cases(D, rng):
                for K in own(case, D):
                    worst.add(*relative_error(case, K, settings.eps))
    return worst


def enough_units(settings: Settings) -> Claim:
    """K >= D: every c, singular M, M = 0, |c| from 1e-150 to 1e150 (question 3.3 as asked)."""
    worst = _recovered(
        settings,
        "enough units",
        lambda _, D: [K for K in settings.units(D, D + 1, D + 2) if K >= D],
    )
    return worst.claim(
        "3.3", "enough units", "K >= D: any c, singular or not, any scale", Source.PROMISE
    )


def few_units(settings: Settings) -> Claim:
    """rank([M l]) <= K < D: fewer units than inputs, wherever the ranks allow it."""
    worst = _recovered(
        settings,
        "few units",
        lambda case, D: [
            K for K in settings.units(case.r_l, case.r + 1, case.r + 2) if case.r_l <= K < D
        ],
    )
    return worst.claim(
        "3.3", "few units", "rank([M l]) <= K < D: fewer than inputs", Source.PROMISE
    )


def opposite_pairs(settings: Settings) -> Claim:
    """K = r + 2 and l outside range(M): two opposite units, without any limit."""
    rng, worst = settings.rng("opposite pairs"), WorstCase()
    for D in settings.dims:
        for _ in range(settings.trials):
            for case in cases(D, rng):
                for K in settings.units(case.r + 2):
                    if not case.inside and case.r + 2 <= K:
                        worst.add(*relative_error(case, K, settings.eps, "opposite pair"))
    return worst.claim(
        "3.3", "opposite pairs", "K >= r + 2, l outside: exact, two units", Source.PROMISE
    )


RECOVERY: tuple[ClaimFunction, ...] = (enough_units, few_units, opposite_pairs)
