"""Question 3.3: a network for any c, its error measured in exact arithmetic."""

import math
from collections.abc import Callable
from fractions import Fraction
from itertools import combinations

import numpy as np
from jaxtyping import Float

from analysis.achieved import achieved
from analysis.claims.base import Claim, ClaimFunction, Settings, Source, WorstCase
from analysis.claims.random_cases import Case, cases, random_theta
from analysis.constructions import How
from analysis.network import Theta, c_theta
from analysis.recover import default_eps, recover_theta
from analysis.spectrum import EPS, norm

# Fractions take 10 us a product.
LARGEST_IN_FRACTIONS = 5
MORE_ROWS_THAN_A_BLOCK = 65


def relative_error(
    case: Case, n_hidden: int, eps: float | None, how: How | None = None
) -> tuple[float, float]:
    """Return (|c_Theta - c| / |c|, what is accepted); infinity if refused or not by `how`."""
    size = norm(case.c)
    accepted = eps or default_eps(case.c) / size
    try:
        found = recover_theta(case.c, n_hidden, eps=accepted * size)
    except ValueError:
        return math.inf, accepted
    if how and found.how != how:
        return math.inf, accepted
    small = found.theta.W.shape[1] <= LARGEST_IN_FRACTIONS
    distance = in_fractions(found.theta, case.c) if small else found.achieved
    return distance / size, accepted


def in_fractions(theta: Theta, c: Float[np.ndarray, " P"]) -> float:
    """Return |c_Theta - c| from the definition of c_Theta, unit by unit, in fractions.

    Nothing of `achieved` is used. Units with v_i = 0 add nothing.
    """
    W, b, v = ([[Fraction(x) for x in np.atleast_1d(row)] for row in part] for part in theta[:3])
    D = theta.W.shape[1]
    gap = [Fraction(theta.v0), *[Fraction(0)] * (len(c) - 1)]
    places = [(j, j) for j in range(D)] + list(combinations(range(D), 2))
    for w, (bias,), (out,) in zip(W, b, v, strict=True):
        if out:
            gap[0] += out * bias * (1 - bias)
            for j in range(D):
                gap[1 + j] += out * (1 - 2 * bias) * w[j]
            for p, (j, k) in enumerate(places):
                gap[1 + D + p] -= out * w[j] * w[k]
    squares = sum((x - Fraction(y)) ** 2 for x, y in zip(gap, c.tolist(), strict=True))
    # The root of a ratio whose numerator and denominator may both be beyond float64.
    shift = max(0, 128 - squares.numerator.bit_length() + squares.denominator.bit_length())
    shift += shift % 2
    root = math.isqrt((squares.numerator << shift) // squares.denominator)
    return float(Fraction(root, 1 << (shift // 2)))


def measured(settings: Settings) -> Claim:
    """Measure `achieved` against fractions, at every size and for more rows than a block has."""
    rng, worst = settings.rng("measured"), WorstCase()
    for D in sorted(
        {min(D, LARGEST_IN_FRACTIONS) for D in settings.dims} | {MORE_ROWS_THAN_A_BLOCK}
    ):
        for K in (1, 2) if D == MORE_ROWS_THAN_A_BLOCK else settings.units(1, D, D + 2):
            for spread in (0, 3, 60):
                sizes = 10.0 ** rng.integers(-spread, spread + 1, K)
                theta = random_theta(D, K, rng)
                theta = theta._replace(W=theta.W * sizes[:, None], v=theta.v / sizes)
                c = c_theta(theta)
                for target in (c, np.zeros_like(c)):
                    exact = in_fractions(theta, target)
                    gap = abs(achieved(theta, target) - exact)
                    worst.add(gap / exact if exact else gap, 2 * EPS)
    return worst.claim(
        "3.3", "measured", "|c_Theta - c| as measured: in fractions", Source.ROUNDING
    )


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
    """Recover every c with K >= D: singular M, M = 0, |c| from 1e-150 to 1e150 (as asked)."""
    worst = _recovered(
        settings,
        "enough units",
        lambda _, D: [K for K in settings.units(D, D + 1, D + 2) if K >= D],
    )
    return worst.claim(
        "3.3", "enough units", "K >= D: any c, singular or not, any scale", Source.PROMISE
    )


def few_units(settings: Settings) -> Claim:
    """Recover c with rank([M l]) <= K < D: fewer units than inputs, wherever ranks allow it."""
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
    """Recover c with K = r + 2 and l outside range(M): two opposite units, without any limit."""
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


RECOVERY: tuple[ClaimFunction, ...] = (measured, enough_units, few_units, opposite_pairs)
