"""Which signs of v a network with given coefficients needs (questions 3.3 and 3.4)."""

from typing import NamedTuple

import numpy as np
from jaxtyping import Num

from analysis.features import split_c
from analysis.spectrum import ranks


class Signs(NamedTuple):
    """How many entries of v are positive and how many negative.

    Attributes:
        positive: each gives M one negative eigenvalue at most.
        negative: each gives M one positive eigenvalue at most.
    """

    positive: int
    negative: int


def signs_needed(c: Num[np.ndarray, " P"]) -> Signs:
    """Return the signs without which no v_1 .. v_K brings a network to c, or arbitrarily close.

    M = -W' diag(v) W = sum over v_i < 0 of |v_i| w_i w_i' - sum over v_i > 0 of v_i w_i w_i'. With
    n positive v_i, x'Mx >= 0 on the space orthogonal to their n rows, of dimension D - n at least,
    so M has n negative eigenvalues at most (Sylvester). Eigenvalues are continuous: coefficients
    that c is the limit of need the same signs. `attainable` says when they suffice.

    Args:
        c: coefficients in the order of `phi`. Eigenvalues of M within the rank tolerance are zero.

    Raises:
        ValueError: c is malformed.
    """
    _, l, M = split_c(c)
    found = ranks(l, M)
    return Signs(found.negative, found.positive)
