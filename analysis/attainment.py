"""Which coefficients K hidden units can have: exactly, in the limit, or not (question 3.3).

One symmetric matrix decides: with B(a) = [[a, l'/2], [l/2, M]] and u_i = (b_i - 1/2, w_i),
c_Theta = c if and only if B(a) = -sum over i of v_i u_i u_i' for some a (`bordered.py`).
"""

from dataclasses import dataclass
from typing import Literal

import numpy as np
from jaxtyping import Num

from analysis.checks import count, real
from analysis.features import split_c
from analysis.sign_requirements import Signs
from analysis.spectrum import ranks, remaining, remaining_with_signs

Verdict = Literal["exactly", "in the limit", "no"]


@dataclass(frozen=True)
class Attainable:
    """What K hidden units can do about one c, and what decides it.

    Attributes:
        verdict: "exactly" where some Theta has c_Theta = c, "in the limit" where c_Theta comes
            arbitrarily close but never arrives, "no" where a distance remains.
        rank_m: r = rank(M).
        rank_ml: rank([M l]), r where l is in the range of M, r + 1 where it is not.
        tolerance: what is left out as zero is at most this fraction of |M| (for r) and of the
            parts of the matrix [M/|M|  l/|l|] (for the other rank), in the Frobenius norm.
        bound: no Theta comes closer to c than this; 0 unless the verdict is "no".
    """

    verdict: Verdict
    rank_m: int
    rank_ml: int
    tolerance: float
    bound: float


def verdict_of(needed: Signs, outside: bool, available: Signs) -> Verdict:
    """Decide by the inertia of B(a), as docs/question3.md proves.

    Least inertia of B(a) over the corner a: that of M where l is in the range of M, one eigenvalue
    of either sign more where it is not. In the limit one eigenvalue more, of any sign, suffices.

    Args:
        needed: as many positive v_i as M has negative eigenvalues, and the other way round.
        outside: whether l is outside the range of M.
        available: the signs that v may have.
    """
    more = Signs(available.positive - needed.positive, available.negative - needed.negative)
    if min(more) < 0:
        return "no"
    if not outside or min(more) >= 1:
        return "exactly"
    return "in the limit" if max(more) >= 1 else "no"


def attainable(c: Num[np.ndarray, " P"], n_hidden: int | Signs) -> Attainable:
    """Decide whether K hidden units can have the coefficients c (question 3.3).

    With K units of any sign: exactly if and only if (l in range(M) and K >= r) or K >= r + 2; at
    least in the limit if and only if K >= rank([M l]).

    Args:
        c: coefficients in the order of `phi`, P = (D + 1)(D + 2) / 2.
        n_hidden: K, or how many v_i may be positive and how many negative.

    Returns:
        The verdict, the ranks that decide it, their tolerance and the distance that remains.

    Raises:
        ValueError: c or K is malformed.
    """
    c = real("c", c, 1)
    _, l, M = split_c(c)
    found = ranks(l, M)
    needed = Signs(found.negative, found.positive)
    if isinstance(n_hidden, Signs):
        K, available = count("positive + negative", sum(n_hidden)), n_hidden
    else:
        K = count("n_hidden", n_hidden)
        available = _best_signs(needed, K)
    verdict = verdict_of(needed, found.r_l > found.r, available)
    bound = 0.0
    if verdict == "no":
        bound = remaining(l, M, K)
        if isinstance(n_hidden, Signs):
            bound = max(bound, remaining_with_signs(M, *n_hidden))
    return Attainable(verdict, found.r, found.r_l, found.tolerance, bound)


def _best_signs(needed: Signs, n_hidden: int) -> Signs:
    """Return the signs of K units that do most: those needed, then the two in turn."""
    more = n_hidden - sum(needed)
    return Signs(needed.positive + (more + 1) // 2, needed.negative + more // 2)
