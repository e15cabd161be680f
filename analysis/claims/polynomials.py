"""Question 3's identities and impossibilities as polynomials, D and K up to 4."""

from itertools import product

from analysis import symbolic
from analysis.claims.base import Claim, ClaimFunction, Settings, Source, WorstCase

LARGEST = 4

# (l, M, K) with l outside the range of M and K = rank(M) + 1, or K below the rank of M.
IMPOSSIBLE: tuple[tuple[list[int], list[list[int]], int], ...] = (
    ([1], [[0]], 1),
    ([1, 0], [[0, 0], [0, 0]], 1),
    ([1, 1, 1], [[0, 0, 0], [0, 0, 0], [0, 0, 0]], 1),
    ([0, 1], [[1, 0], [0, 0]], 2),
    ([1, 1], [[-1, 0], [0, 0]], 2),
    ([0, 0, 1], [[1, 0, 0], [0, 0, 0], [0, 0, 0]], 2),
    ([0, 0], [[1, 0], [0, 1]], 1),
    ([0, 0, 0], [[1, 0, 0], [0, -1, 0], [0, 0, 1]], 2),
)


def _sizes() -> list[tuple[int, int]]:
    return list(product(range(1, LARGEST + 1), range(1, LARGEST + 1)))


def hidden_identity(settings: Settings) -> Claim:
    """Expand h - A_Theta phi(x): nothing remains, D, K <= 4 (question 3.1)."""
    del settings
    worst = WorstCase()
    for D, K in _sizes():
        worst.add(symbolic.hidden_gap(D, K), 0)
    return worst.claim(
        "3.1", "hidden identity", "h = A phi(x), polynomials, D, K <= 4", Source.ALGEBRA
    )


def output_identity(settings: Settings) -> Claim:
    """Expand y - c_Theta . phi(x): nothing remains, from A_Theta and by parts, D, K <= 4."""
    del settings
    worst = WorstCase()
    for D, K in _sizes():
        worst.add(symbolic.output_gap(D, K), 0)
        worst.add(symbolic.parts_gap(D, K), 0)
    return worst.claim(
        "3.2", "output identity", "y = c . phi(x), polynomials, D, K <= 4", Source.ALGEBRA
    )


def free_scale(settings: Settings) -> Claim:
    """Expand a unit with a row of any size, and two opposite units with any l (question 3.3)."""
    del settings
    worst = WorstCase()
    worst.add(symbolic.unit_gap(), 0)
    worst.add(symbolic.pair_gap(), 0)
    return worst.claim(
        "3.3", "free scale", "free row size, opposite pair: polynomials", Source.ALGEBRA
    )


def bordered_identity(settings: Settings) -> Claim:
    """Expand y - v0 - sum v_i / 4 - x~' B x~, B = -sum v_i u_i u_i': nothing remains, D, K <= 4."""
    del settings
    worst = WorstCase()
    for D, K in _sizes():
        worst.add(symbolic.bordered_gap(D, K), 0)
    return worst.claim(
        "3.3", "bordered identity", "y = x~' B(a) x~ + const., polynomials", Source.ALGEBRA
    )


def impossible(settings: Settings) -> Claim:
    """K = r + 1 with l outside range(M), and K < r: the Groebner basis is {1} (question 3.3)."""
    del settings
    worst = WorstCase()
    for l, M, K in IMPOSSIBLE:
        worst.add(0 if symbolic.has_no_solution(l, M, K) else 1, 0)
    return worst.claim(
        "3.3", "impossible", "K = r + 1, l outside; K < r: no solution", Source.ALGEBRA
    )


POLYNOMIALS: tuple[ClaimFunction, ...] = (
    hidden_identity,
    output_identity,
    free_scale,
    bordered_identity,
    impossible,
)
