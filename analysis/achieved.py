"""|c_Theta - c|, how far a network's coefficients are from given ones, without rounding."""

import numpy as np
from jaxtyping import Num

from analysis.exact import Dyadic, affine_part, dyadic, euclidean
from analysis.exact_products import quadratic_part
from analysis.features import split_c
from analysis.network import Theta, check_theta


def achieved(theta: Theta, c: Num[np.ndarray, " P"]) -> float:
    """Return |c_Theta - c| for the stored Theta and the stored c, rounded once, at the very end.

    The cost is about 40 matrix products of size K x D, more where the entries of a row differ by
    many powers of ten.

    Args:
        theta: the parameters, `[K, D]` weights.
        c: the coefficients they should have.

    Returns:
        The Euclidean distance over c's P entries (a pair coefficient counts once).

    Raises:
        ValueError: `theta` or c is malformed, or c belongs to another number of inputs.
    """
    theta = check_theta(theta)
    want_c1, want_l, want_M = split_c(c)
    D = theta.W.shape[1]
    if len(want_l) != D:
        raise ValueError(
            f"c has {len(c)} entries, those of {len(want_l)} inputs: expected "
            f"{(D + 1) * (D + 2) // 2}, as W has {D} columns"
        )
    # Units with v_i = 0 have no influence.
    used = theta.v != 0
    theta = Theta(theta.W[used], theta.b[used], theta.v[used], theta.v0)
    c1, l = affine_part(theta)
    gaps = [c1 - dyadic(want_c1), l - dyadic(want_l)]
    for rows, M in quadratic_part(theta.W, theta.v):
        gap = M - dyadic(want_M[rows, rows.start :])
        gaps.append(Dyadic(gap.n[np.triu_indices(len(gap.n), m=gap.n.shape[1])], gap.e))
    return euclidean(*gaps)
