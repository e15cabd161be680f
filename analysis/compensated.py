"""|c_Theta - c| in doubled precision: what `exact` computes, fast enough for D in the hundreds.

The quadratic part is summed with error-free transformations: Dekker's product a * b = p + e and
Knuth's sum a + b = s + e hold exactly in float64, so carrying the errors e along in a second
array gives a sum as if computed with a 106-bit mantissa (Ogita, Rump and Oishi 2005, Dot2). The
constant and the linear part are few numbers and are computed exactly.
"""

import numpy as np
from jaxtyping import Float

from analysis.exact import Dyadic, achieved_exactly, affine_part, dyadic, euclidean
from analysis.features import split_c
from analysis.network import Theta

# Up to so many products K D^2 exact integers take a tenth of a second or less.
EXACT_PRODUCTS = 2**18
_ROWS = 64
_SPLITTER = 2.0**27 + 1

Block = Float[np.ndarray, "rows cols"]


def halves(x: Float[np.ndarray, "*s"]) -> tuple[Float[np.ndarray, "*s"], Float[np.ndarray, "*s"]]:
    """Two halves of at most 26 bits, x = high + low, whose products are exact (Veltkamp)."""
    scaled = _SPLITTER * x
    high = scaled - (scaled - x)
    return high, x - high


def two_product(
    a: Float[np.ndarray, "*s"], b: Float[np.ndarray, "*t"]
) -> tuple[Float[np.ndarray, "*st"], Float[np.ndarray, "*st"]]:
    """Return the rounded product p and its error e: p + e = a * b exactly (Dekker 1971)."""
    p = a * b
    (a1, a2), (b1, b2) = halves(a), halves(b)
    return p, ((a1 * b1 - p) + a1 * b2 + a2 * b1) + a2 * b2


def two_sum(a: Block, b: Block) -> tuple[Block, Block]:
    """Return the rounded sum s and its error e: s + e = a + b exactly (Knuth 1969)."""
    s = a + b
    other = s - a
    return s, (a - (s - other)) + (b - other)


def balanced(theta: Theta) -> tuple[Theta, int]:
    """Return the same W' diag(v) W up to a factor, with nothing near overflow or underflow.

    Rows of W shrink to size 1/2 to 1, w / 2^k and v * 4^k, then v to size 1/2 to 1 by the factor
    2^-exponent; units without influence on W' diag(v) W go. All of it is exact.
    """
    W, b, v, v0 = theta
    used = (v != 0) & W.any(axis=1)
    row = np.frexp(np.abs(W[used]).max(axis=1))[1]
    exponent = int((np.frexp(v[used])[1] + 2 * row).max(initial=-5000))
    scaled = Theta(
        np.ldexp(W[used], -row[:, None]), b[used], np.ldexp(v[used], 2 * row - exponent), v0
    )
    return scaled, exponent


def quadratic_gap(theta: Theta, M: Float[np.ndarray, "D D"]) -> list[Dyadic]:
    """Return the entries of -W' diag(v) W - M on and above the diagonal, in doubled precision.

    Block by block of `_ROWS` rows, K rank-one terms each: memory O(D^2), never O(K D^2).
    """
    (W, _, v, _), exponent = balanced(theta)
    if len(v) == 0:
        return [dyadic(-M[np.triu_indices(len(M))])]
    M = np.ldexp(M, -exponent)
    high, low = two_product(v[:, None], W)
    gaps = []
    for top in range(0, len(M), _ROWS):
        rows = slice(top, top + _ROWS)
        total, error = -M[rows, top:], np.zeros_like(M[rows, top:])
        for k in range(len(W)):
            p, e = two_product(high[k, rows, None], W[k, None, top:])
            total, lost = two_sum(total, -p)
            error += lost - (e + low[k, rows, None] * W[k, None, top:])
        gap = dyadic((total + error)[np.triu_indices(len(total), m=total.shape[1])])
        gaps.append(Dyadic(gap.n, gap.e + exponent))
    return gaps


def achieved_compensated(theta: Theta, c: Float[np.ndarray, " P"]) -> float:
    """|c_Theta - c| for the stored Theta, the quadratic part in 106 bits.

    Its own error is below u times the result plus K u^2 times the sum of |v_i w_ij w_ik|. The
    cost is about 20 D^2 K flops in float64 and O(P) memory.

    Args:
        theta: the parameters, `[K, D]` weights.
        c: the coefficients they should have.

    Returns:
        The Euclidean distance over c's P entries (a pair coefficient counts once).
    """
    want_c1, want_l, want_M = split_c(c)
    c1, l = affine_part(theta)
    gaps = quadratic_gap(theta, want_M)
    return euclidean(c1 - dyadic(want_c1), l - dyadic(want_l), *gaps)


def achieved(theta: Theta, c: Float[np.ndarray, " P"]) -> float:
    """|c_Theta - c| for the stored Theta: exact up to `EXACT_PRODUCTS`, compensated beyond.

    Units with v_i = 0 have no influence and are left out first.
    """
    W, b, v, v0 = theta
    used = v != 0
    theta = Theta(W[used], b[used], v[used], v0)
    K, D = theta.W.shape
    exact = K * D * D <= EXACT_PRODUCTS
    return achieved_exactly(theta, c) if exact else achieved_compensated(theta, c)
