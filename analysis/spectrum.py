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
    """The ranks and the signs that decide what K hidden units can do.

    Attributes:
        negative: how many eigenvalues of M are negative.
        positive: how many are positive; r = rank(M) is the sum of both.
        r_l: rank([M l]), the D x (D + 1) matrix with l as an extra column; r or r + 1.
        tolerance: what counts as zero, as a fraction of the scale.
    """

    negative: int
    positive: int
    r_l: int
    tolerance: float

    @property
    def r(self) -> int:
        """Return rank(M)."""
        return self.negative + self.positive


def exponent_of(x: Float[np.ndarray, "*shape"]) -> int:
    """Return the k with 2^(k - 1) <= max|x| < 2^k; 0 where x is zero."""
    return int(np.frexp(np.abs(x).max(initial=0.0))[1])


def norm(x: Float[np.ndarray, "*shape"]) -> float:
    """Return the Euclidean norm over all entries, without overflow or underflow in the squares."""
    k = exponent_of(x)
    return float(np.ldexp(np.linalg.norm(np.ldexp(x, -k).ravel()), k))


def unit_size(x: Float[np.ndarray, "*shape"]) -> Float[np.ndarray, "*shape"]:
    """Return an array over its 2-norm (a matrix's largest singular value); zero stays zero."""
    x = np.ldexp(x, -exponent_of(x))
    size = np.linalg.norm(x, 2)
    return x / size if size > 0 else x


def side_by_side(
    l: Float[np.ndarray, " D"],
    M: Float[np.ndarray, "D D"],
) -> Float[np.ndarray, "D D+1"]:
    """S = [M/|M|  l/|l|]: the matrix [M l] with each part at its own scale; same rank."""
    return np.column_stack([unit_size(M), unit_size(l)])


def numerical_rank(sigma: Float[np.ndarray, " n"], tolerance: float) -> int:
    """Return the least rank that leaves out no more than `tolerance`, in the Frobenius norm.

    Many singular values, each below the tolerance, add up; so what is held against it is the root
    of the sum of the squares of all those that are left out.

    Args:
        sigma: singular values or sizes of eigenvalues, the largest first.
        tolerance: what may be left out.
    """
    left_out = np.sqrt(np.cumsum(sigma[::-1] ** 2))[::-1]
    return int(np.sum(left_out > tolerance))


def ranks(l: Float[np.ndarray, " D"], M: Float[np.ndarray, "D D"]) -> Ranks:
    """Return rank(M), by signs, and rank([M l]), decided on S = [M/|M|  l/|l|].

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
    lam = np.linalg.eigvalsh(S[:, :D])
    lam = lam[np.argsort(-np.abs(lam))]
    r = numerical_rank(np.abs(lam), tolerance)
    r_l = numerical_rank(np.linalg.svd(S, compute_uv=False), tolerance)
    negative = int(np.sum(lam[:r] < 0))
    return Ranks(negative, r - negative, min(max(r_l, r), r + 1, D), tolerance)


def leading_directions(S: Float[np.ndarray, "D cols"], n: int) -> Float[np.ndarray, "D n"]:
    """Return the n left singular vectors of S with the largest singular values, as columns."""
    return np.linalg.svd(S, full_matrices=False)[0][:, :n]


def remaining(
    l: Float[np.ndarray, " D"],
    M: Float[np.ndarray, "D D"],
    n_hidden: int,
) -> float:
    """Return a lower bound on |c_Theta - c| over all Theta with K = n_hidden units.

    For any s > 0 it is sqrt(sum over i > K of sigma_i^2) / max(sqrt(2), s), sigma the singular
    values of [M  s l]: by Eckart and Young no matrix of rank K is nearer than that sum, and the
    Frobenius norm counts a pair coefficient twice and l with a factor s^2, c each once. Two s are
    tried and the larger bound taken: sqrt(2), best where M and l are alike in size, and |M| / |l|,
    which alone survives rounding where they are not. The root is lowered by the rank tolerance, so
    the bound is below the true distance in spite of rounding.
    """
    S, size_m, size_l = side_by_side(l, M), _size(M), _size(l)
    own = _tail(S, n_hidden) * min(size_m / np.sqrt(2), size_l)
    k = exponent_of(np.column_stack([M, l]))
    alike = np.ldexp(np.column_stack([M, np.sqrt(2) * l]), -k)
    return max(own, float(np.ldexp(_tail(alike, n_hidden) / np.sqrt(2), k)))


def remaining_with_signs(M: Float[np.ndarray, "D D"], positive: int, negative: int) -> float:
    """Return a lower bound on |c_Theta - c| over all Theta with these signs of v (theorem 9).

    M_Theta has no more than `positive` eigenvalues below zero. By Hoffman and Wielandt, sorted
    eigenvalues differ by |M_Theta - M| at most, in the Frobenius norm, so the smallest in size of
    M's negative eigenvalues, those beyond `positive`, remain; likewise on the other side.
    """
    k = exponent_of(M)
    lam = np.linalg.eigvalsh(np.ldexp(M, -k))
    below, above = np.sort(lam[lam < 0]), -np.sort(-lam[lam > 0])
    missing = float(np.linalg.norm(np.concatenate([below[positive:], above[negative:]])))
    return float(np.ldexp(max(missing - _slack(lam), 0.0) / np.sqrt(2), k))


def _size(x: Float[np.ndarray, "*shape"]) -> float:
    """Return the 2-norm (of a matrix: the largest singular value), without overflow in between."""
    k = exponent_of(x)
    return float(np.ldexp(np.linalg.norm(np.ldexp(x, -k), 2), k))


def _tail(S: Float[np.ndarray, "D cols"], n: int) -> float:
    """Return the root of the sum over i > n of sigma_i^2, less rounding's share."""
    sigma = np.linalg.svd(S, compute_uv=False)
    return max(float(np.linalg.norm(sigma[n:])) - _slack(sigma), 0.0)


def _slack(sigma: Float[np.ndarray, " D"]) -> float:
    """Return rounding's share in the root of the squares of singular values or eigenvalues."""
    return float(RANK_FACTOR * (len(sigma) + 1) * EPS * np.abs(sigma).max())
