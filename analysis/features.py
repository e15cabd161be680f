"""The quadratic feature map phi and the two ways to write its coefficients (question 3.1).

A coefficient vector c of length P = (D + 1)(D + 2) / 2 and a triple (c1, l, M), a number, a vector
and a symmetric matrix, are the same thing: c . phi(x) = c1 + l . x + x' M x.
"""

from math import isqrt

import numpy as np
from jaxtyping import Float, Int, Num

from analysis.checks import count, real

# Products of two larger inputs overflow, also after the factor 2.
LARGEST_INPUT = 2.0**511


def n_features(n_inputs: int) -> int:
    """Return P = (D + 1)(D + 2) / 2, the number of features of D inputs.

    Raises:
        ValueError: D is no whole number of at least 1.
    """
    D = count("n_inputs", n_inputs)
    return (D + 1) * (D + 2) // 2


def n_inputs(n_features: int) -> int:
    """Return D, the inverse of `n_features`.

    Raises:
        ValueError: no D has that many features.
    """
    P = count("len(c)", n_features)
    D = (isqrt(8 * P + 1) - 3) // 2
    if D < 1 or (D + 1) * (D + 2) // 2 != P:
        low = max(D, 1)
        near = [(d + 1) * (d + 2) // 2 for d in (low, low + 1)]
        raise ValueError(
            f"len(c) = {P}: expected (D + 1)(D + 2) / 2 entries for some D >= 1, "
            f"the nearest are {near[0]} (D = {low}) and {near[1]} (D = {low + 1})"
        )
    return D


def pairs(n_inputs: int) -> tuple[Int[np.ndarray, "pairs"], Int[np.ndarray, "pairs"]]:
    """Return the pairs j < k, counted from 0, in row order: (0, 1), (0, 2), .., (1, 2), ..."""
    j, k = np.triu_indices(n_inputs, 1)
    return j, k


def phi(x: Num[np.ndarray, "*batch D"]) -> Float[np.ndarray, "*batch P"]:
    """Return all monomials of x up to degree 2, independent of the network (question 3.1).

    phi(x) = [1, x_1 .. x_D, x_1^2 .. x_D^2, 2 x_1 x_2, 2 x_1 x_3, .. 2 x_{D-1} x_D], in the order
    of the assignment's equation (2). The factor 2 lets one entry of c stand for the two equal
    entries M_jk and M_kj.

    Args:
        x: one input or any batch of them, the inputs on the last axis.

    Returns:
        The features, on the last axis.

    Raises:
        ValueError: x has no last axis or an empty one, is complex, not finite, or above 6.7e153.
    """
    shape = np.shape(x)
    if shape[-1:] in ((), (0,)):
        raise ValueError(f"x has shape {shape}: expected D >= 1 inputs on the last axis")
    x = real("x", x, len(shape))
    largest = float(np.abs(x).max(initial=0.0))
    if largest > LARGEST_INPUT:
        raise ValueError(
            f"x has an entry of size {largest:.3g}: expected at most {LARGEST_INPUT:.3g}, "
            "whose square is still a float64; rescale the inputs"
        )
    j, k = pairs(x.shape[-1])
    ones = np.ones((*x.shape[:-1], 1))
    return np.concatenate([ones, x, x**2, 2 * x[..., j] * x[..., k]], axis=-1)


def split_c(
    c: Num[np.ndarray, " P"],
) -> tuple[float, Float[np.ndarray, " D"], Float[np.ndarray, "D D"]]:
    """Return the triple (c1, l, M) with c . phi(x) = c1 + l . x + x' M x for every x.

    The square coefficients are M's diagonal; the pair coefficients stand on both sides of it.

    Raises:
        ValueError: c's length is no (D + 1)(D + 2) / 2, or it is complex or not finite.
    """
    c = real("c", c, 1)
    D = n_inputs(len(c))
    M = np.diag(c[1 + D : 1 + 2 * D])
    j, k = pairs(D)
    M[j, k] = M[k, j] = c[1 + 2 * D :]
    return float(c[0]), c[1 : 1 + D].copy(), M


def join_c(
    c1: float,
    l: Num[np.ndarray, " D"],
    M: Num[np.ndarray, "D D"],
) -> Float[np.ndarray, " P"]:
    """Return the inverse of `split_c`: c = [c1, l, diagonal of M, M_jk for j < k in row order].

    Raises:
        ValueError: M is not square of l's length, not symmetric, complex or not finite.
    """
    l, M = real("l", l, 1), real("M", M, 2)
    D = len(l)
    if D < 1 or M.shape != (D, D):
        raise ValueError(f"M has shape {M.shape}: expected ({D}, {D}) as l has {D} entries")
    if not np.array_equal(M, M.T):
        gap = np.abs(M - M.T).max()
        raise ValueError(
            f"M differs from its transpose by {gap:.3g}: expected a symmetric matrix, "
            "pass (M + M.T) / 2, which gives the same function"
        )
    head = real("c1", np.atleast_1d(c1), 1)
    return np.concatenate([head, l, np.diag(M), M[pairs(D)]])
