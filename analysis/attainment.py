"""Which coefficients K hidden units can have: exactly, in the limit, or not (question 3.3)."""

from dataclasses import dataclass
from typing import Literal

import numpy as np
from jaxtyping import Num

from analysis.checks import count, real
from analysis.features import split_c
from analysis.spectrum import ranks, remaining

Verdict = Literal["exactly", "in the limit", "no"]


@dataclass(frozen=True)
class Attainable:
    """What K hidden units can do about one c, and what decides it.

    Attributes:
        verdict: "exactly" where some Theta has c_Theta = c, "in the limit" where c_Theta comes
            arbitrarily close but never arrives, "no" where a distance remains.
        rank_m: r = rank(M).
        rank_ml: rank([M l]), r where l is in the range of M, r + 1 where it is not.
        tolerance: singular values up to this fraction of |M| (for r) and of the matrix
            [M/|M|  l/|l|] (for the other rank) count as zero.
        bound: no Theta comes closer to c than this; 0 unless the verdict is "no".
    """

    verdict: Verdict
    rank_m: int
    rank_ml: int
    tolerance: float
    bound: float


def verdict_of(rank_m: int, rank_ml: int, n_hidden: int) -> Verdict:
    """Decide by the theorem of question 3.3, proved in docs/question3.md, with K = n_hidden.

    Exactly if and only if (l in range(M) and K >= rank(M)) or K >= rank(M) + 2; at least in the
    limit if and only if K >= rank([M l]).
    """
    inside = rank_ml == rank_m
    if (inside and n_hidden >= rank_m) or n_hidden >= rank_m + 2:
        return "exactly"
    return "in the limit" if n_hidden >= rank_ml else "no"


def attainable(c: Num[np.ndarray, " P"], n_hidden: int) -> Attainable:
    """Whether K hidden units can have the coefficients c (question 3.3).

    Args:
        c: coefficients in the order of `phi`, P = (D + 1)(D + 2) / 2.
        n_hidden: K.

    Returns:
        The verdict, the ranks that decide it, their tolerance and the distance that remains.

    Raises:
        ValueError: c or K is malformed.
    """
    c, K = real("c", c, 1), count("n_hidden", n_hidden)
    _, l, M = split_c(c)
    r, r_l, tolerance = ranks(l, M)
    verdict = verdict_of(r, r_l, K)
    return Attainable(verdict, r, r_l, tolerance, remaining(l, M, K) if verdict == "no" else 0.0)
