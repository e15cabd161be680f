"""Sizes, ranks and bases of a coefficient vector's parts, at any scale (question 3.3).

Every number is first divided by a power of two, which is exact, so nothing overflows or vanishes
in between: entries from 1e-308 to 1e288 are all alike.
"""

from typing import NamedTuple

import numpy as np
from jaxtyping import Float

EPS = float(np.finfo(np.float64).eps)
RANK_FACTOR = 4.0


class Ranks(NamedTuple):
    """The two ranks that decide what K hidden units can do.

    Attributes:
        r: rank(M).
        r_l: rank([M l]), the D x (D + 1) matrix with l as an extra column; r or r + 1.
        tolerance: singular values up to this fraction of the scale count as zero.
    """

    r: int
    r_l: int
    tolerance: float


def exponent_of(x: Float[np.ndarray, "*shape"]) -> int:
    """The k with 2^(k - 1) <= max|x| < 2^k; 0 where x is zero."""
    return int(np.frexp(np.abs(x).max(initial=0.0))[1])


def norm(x: Float[np.ndarray, "*shape"]) -> float:
    """The Euclidean norm over all entries, without overflow or underflow in the squares."""
    k = exponent_of(x)
    return float(np.ldexp(np.linalg.norm(np.ldexp(x, -k).ravel()), k))


def unit_size(x: Float[np.ndarray, "*shape"]) -> Float[np.ndarray, "*shape"]:
    """An array over its 2-norm (a matrix's largest singular value); zero stays zero."""
    x = np.ldexp(x, -exponent_of(x))
    size = np.linalg.norm(x, 2)
    return x / size if size > 0 else x


def side_by_side(
    l: Float[np.ndarray, " D"],  # noqa: E741
    M: Float[np.ndarray, "D D"],
) -> Float[np.ndarray, "D D+1"]:
    """S = [M/|M|  l/|l|]: the matrix [M l] with each part at its own scale; same rank."""
    return np.column_stack([unit_size(M), unit_size(l)])


def ranks(l: Float[np.ndarray, " D"], M: Float[np.ndarray, "D D"]) -> Ranks:  # noqa: E741
    """rank(M) and rank([M l]), decided on S = [M/|M|  l/|l|].

    The scales of M and l are not mixed: a small l beside a large M counts as much as a large one.
    The tolerance is 4 (D + 1) eps, eps = 2^-52: the eigenvalues of a D x D matrix come with an
    error of a few eps times its norm, growing no faster than D, and so does rounding M itself.
    With the same tolerance for both, interlacing of singular values gives r <= r_l <= r + 1.

    Args:
        l: the linear coefficients.
        M: the quadratic coefficients, symmetric.

    Returns:
        The ranks and the tolerance.
    """
    D = len(l)
    tolerance = RANK_FACTOR * (D + 1) * EPS
    S = side_by_side(l, M)
    r = int(np.sum(np.abs(np.linalg.eigvalsh(S[:, :D])) > tolerance))
    r_l = int(np.sum(np.linalg.svd(S, compute_uv=False) > tolerance))
    return Ranks(r, min(max(r_l, r), r + 1, D), tolerance)


def leading_directions(S: Float[np.ndarray, "D cols"], n: int) -> Float[np.ndarray, "D n"]:
    """The n left singular vectors of S with the largest singular values, as columns."""
    return np.linalg.svd(S, full_matrices=False)[0][:, :n]


def tail(
    l: Float[np.ndarray, " D"],  # noqa: E741
    M: Float[np.ndarray, "D D"],
    n_hidden: int,
) -> float:
    """A lower bound on |c_Theta - c| over all Theta with K = n_hidden units.

    sqrt(sum over i > K of sigma_i^2) / sqrt(2), sigma the singular values of [M l] at its own
    scale. By Eckart and Young no matrix of rank K is nearer to [M l] in the Frobenius norm, and
    that norm is at most sqrt(2) times the norm of c, which counts a pair coefficient once.
    """
    both = np.column_stack([M, l])
    k = exponent_of(both)
    sigma = np.linalg.svd(np.ldexp(both, -k), compute_uv=False)
    return float(np.ldexp(np.linalg.norm(sigma[n_hidden:]) / np.sqrt(2), k))
