"""One hidden unit along a direction q: the (a, b, v) that add lambda q q' to M and t q to l.

A unit with weights w = a q adds v b (1 - b) to c1, v a (1 - 2b) q to l and -v a^2 q q' to M. So
v = -lambda / a^2 and b = (1 + a t / lambda) / 2 for any a other than 0: the size of the row is
free. It leaves M and l alone but decides how much the unit adds to c1,
(t^2 / lambda - lambda / a^2) / 4, a number that v0 must then take away again.
"""

from typing import NamedTuple

import numpy as np
from jaxtyping import Float

# |lambda| is at least this fraction of |t|: a change of M far below rounding, which bounds the
# output weights by 2^60 |t|.
LEAST_RATIO = 2.0**-60
SMALLEST_NORMAL = 2.0**-1022


class Units(NamedTuple):
    """Hidden units w_i = a_i q_i with their biases and output weights.

    Attributes:
        Q: the directions q_i as columns, `[D, n]`.
        a: the sizes of the rows.
        b: the biases.
        v: the output weights.
    """

    Q: Float[np.ndarray, "D n"]
    a: Float[np.ndarray, " n"]
    b: Float[np.ndarray, " n"]
    v: Float[np.ndarray, " n"]


def with_min_size(
    lam: Float[np.ndarray, " n"], t: Float[np.ndarray, " n"], move: float = np.inf
) -> tuple[Float[np.ndarray, " n"], Float[np.ndarray, " n"]]:
    """Return lambda, its size at least `LEAST_RATIO` |t| and its sign kept, and t.

    The ratio is a power of 2, so a = -lambda / t is one too, and v a = t holds without rounding.

    Args:
        lam: lambda, what each unit adds to M.
        t: what each unit adds to l.
        move: no lambda is changed by more than this; it takes a smaller ratio, a larger v.

    Returns:
        lambda, and t without the parts so small that the least lambda would be subnormal.
    """
    size = np.abs(t)
    exponent = np.log2(np.minimum(LEAST_RATIO, move / np.where(size > 0, size, 1.0)))
    least = np.exp2(np.floor(exponent)) * size
    t = np.where(LEAST_RATIO * size < SMALLEST_NORMAL, 0.0, t)
    return np.copysign(np.maximum(np.abs(lam), np.where(t == 0, 0.0, least)), lam), t


def scaled_units(
    Q: Float[np.ndarray, "D n"], lam: Float[np.ndarray, " n"], t: Float[np.ndarray, " n"]
) -> Units:
    """Return units whose biases stay in [0, 1] and whose share of c1 never exceeds |lambda| / 4.

    Where |t| <= |lambda|: unit rows, b = (1 + t / lambda) / 2. Elsewhere a = -lambda / t, which
    makes b = 0 and v = -t^2 / lambda: the unit adds exactly nothing to c1. Where both are 0, v is.

    Args:
        Q: orthonormal directions as columns.
        lam: lambda, what each unit adds to M, non-zero wherever t is (see `with_min_size`).
        t: what each unit adds to l.
    """
    steep = np.abs(t) > np.abs(lam)
    a = np.where(steep, -lam / np.where(steep, t, 1.0), 1.0)
    b = np.where(steep, 0.0, (1 + t / np.where(steep | (lam == 0), 1.0, lam)) / 2)
    return Units(Q, a, b, np.where(steep, t / a, -lam))


def unit_rows(
    Q: Float[np.ndarray, "D n"], lam: Float[np.ndarray, " n"], t: Float[np.ndarray, " n"]
) -> Units:
    """Return the assignment's units, signs fixed: |w| = 1, v = -lambda, b = (1 - t / v) / 2.

    A small lambda beside a large t makes b about |t / lambda| / 2, and the unit adds
    t^2 / (4 lambda) to c1: the cancellation with v0 costs about eps times that.

    Args:
        Q: orthonormal directions as columns.
        lam: lambda, non-zero wherever t is.
        t: what each unit adds to l.
    """
    v = -lam
    return Units(Q, np.ones_like(lam), (1 - t / np.where(v == 0, 1.0, v)) / 2, v)


def opposite_pair(q: Float[np.ndarray, " D"], t: float) -> Units:
    """Return two units along q that cancel in M and c1 and leave t q in l.

    v (1 - 2 b_1) - v (1 - 2 b_2) = 2 v (b_2 - b_1); with b_1 = 0 and b_2 = 1, where b (1 - b) = 0,
    v = t / 2. Nothing is rounded but t / 2 itself.
    """
    return Units(
        np.column_stack([q, q]), np.ones(2), np.array([0.0, 1.0]), np.array([t / 2, -t / 2])
    )


def concat(first: Units, second: Units) -> Units:
    """Return the units of both."""
    return Units(*(np.concatenate(parts, axis=-1) for parts in zip(first, second, strict=True)))
