"""W' diag(v) W without rounding, at the speed of matrix products.

A float64 number is a whole number of 53 bits times a power of two. Cut at multiples of `bits` bits
it becomes a few digits below 2^bits in size. With bits = (53 - log2 K) / 2 a matrix product of K
digits each stays below 2^53, so that float64 computes it exactly (Ozaki, Ogita, Oishi and Rump
2012). The digits of the result are put together as Python integers. No size of the entries is too
large or too small, and the result is exact for all of them.
"""

from collections.abc import Iterator

import numpy as np
from jaxtyping import Float, Int

from analysis.exact import Dyadic

# Rows of the result held at a time: memory O(D), not O(D^2), for each digit.
_ROWS = 64

# From the position p of a digit to the digits d_p of all entries: x = sum of d_p 2^(p bits).
Digits = dict[int, Int[np.ndarray, "_ _"]]


def digits(x: Float[np.ndarray, "rows cols"], bits: int) -> Digits:
    """Return the digits of `x`, with the sign of their entry; empty positions are left out."""
    mantissa, exponent = np.frexp(x)
    whole = np.abs(np.ldexp(mantissa, 53)).astype(np.int64)
    sign = np.sign(x).astype(np.int64)
    exponent = exponent.astype(np.int64) - 53
    present = exponent[whole != 0]
    low, high = (present.min(), present.max() + 52) if present.size else (0, -1)
    found = {}
    for p in range(int(low) // bits, int(high) // bits + 1):
        shift = exponent - p * bits
        # A shift beyond the mantissa or the digit leaves nothing of the number in this position.
        left, right = np.clip(shift, 0, bits), np.clip(-shift, 0, 63)
        digit = ((whole << left) >> right) & ((1 << bits) - 1)
        if digit.any():
            found[p] = sign * digit
    return found


def scaled_rows(v: Digits, W: Digits, bits: int) -> Digits:
    """Return the digits of v_i w_ij: products of two digits, what exceeds a digit carried on."""
    total: Digits = {}
    for p, left in v.items():
        for q, right in W.items():
            total[p + q] = total.get(p + q, 0) + left * right
    found: Digits = {}
    p = min(total, default=0)
    while total:
        part = total.pop(p, None)
        if part is not None:
            # Carry towards zero: a small negative number has no digits above its own.
            carry = np.sign(part) * (np.abs(part) >> bits)
            if carry.any():
                total[p + 1] = total.get(p + 1, 0) + carry
            rest = part - (carry << bits)
            if rest.any():
                found[p] = rest
        p += 1
    return found


def quadratic_part(
    W: Float[np.ndarray, "K D"], v: Float[np.ndarray, " K"]
) -> Iterator[tuple[slice, Dyadic]]:
    """Yield M = -W' diag(v) W exactly, `_ROWS` rows at a time, from the first row's column on.

    Args:
        W: weights of K units.
        v: their output weights.

    Yields:
        Some rows, and M[rows, first row:] as Python integers over a power of two.
    """
    K, D = W.shape
    bits = (53 - K.bit_length()) // 2
    right = digits(W, bits)
    left = scaled_rows(digits(-v[:, None], bits), right, bits)
    lowest = (min(left, default=0) + min(right, default=0)) * bits
    for top in range(0, D, _ROWS):
        rows = slice(top, min(top + _ROWS, D))
        n = np.zeros((rows.stop - top, D - top), dtype=object)
        for p, part in _products(left, right, rows).items():
            n += part.astype(object) << (p * bits - lowest)
        yield rows, Dyadic(n, lowest)


def _products(left: Digits, right: Digits, rows: slice) -> Digits:
    """Return the products of all digits for `rows` of the result, added up by position."""
    used = {id(part): part.any(axis=1) for part in (*left.values(), *right.values())}
    total: Digits = {}
    for p, a in left.items():
        for q, b in right.items():
            # Where sizes differ, a position has digits of few units: only these are multiplied.
            both = used[id(a)] & used[id(b)]
            if both.any():
                product = a[both, rows].T.astype(float) @ b[both, rows.start :].astype(float)
                total[p + q] = total.get(p + q, 0) + product.astype(np.int64)
    return total
