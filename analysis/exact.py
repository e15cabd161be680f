"""|c_Theta - c| without rounding: float64 numbers are integers times powers of two.

Sums, differences and products of such numbers are again such numbers, so c_Theta, a polynomial in
Theta, can be computed from the stored Theta without any error. Python's integers do it: an array
becomes integers n over one common exponent e, value n * 2^e. The one rounding is that of the
result, at the very end. Evaluating c_Theta in float64 instead would hide the very cancellation
that is to be measured.
"""

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
from jaxtyping import Float, Shaped

from analysis.network import Theta

_MANTISSA = 53


@dataclass(frozen=True, eq=False)
class Dyadic:
    """The numbers n * 2^e, exactly.

    Attributes:
        n: Python integers.
        e: the exponent of 2, common to all.
    """

    n: Shaped[np.ndarray, "*shape"]
    e: int

    def __mul__(self, other: "Dyadic") -> "Dyadic":
        return Dyadic(_objects(self.n * other.n), self.e + other.e)

    def __sub__(self, other: "Dyadic") -> "Dyadic":
        e = min(self.e, other.e)
        return Dyadic(_objects((self.n << (self.e - e)) - (other.n << (other.e - e))), e)

    def __matmul__(self, other: "Dyadic") -> "Dyadic":
        return Dyadic(_objects(self.n @ other.n), self.e + other.e)

    @property
    def transposed(self) -> "Dyadic":
        """Return the same numbers with the axes reversed."""
        return Dyadic(self.n.T, self.e)


def _objects(n: Any) -> Shaped[np.ndarray, "*shape"]:
    """Return `n` as an array of Python integers, for which NumPy may give bare ones."""
    return np.asarray(n).astype(object)


def dyadic(x: Float[np.ndarray, "*shape"] | float) -> Dyadic:
    """Return the float64 numbers `x` as they are stored, without rounding."""
    mantissa, exponent = np.frexp(np.asarray(x, dtype=np.float64))
    n = np.ldexp(mantissa, _MANTISSA).astype(np.int64).astype(object)
    exponent = np.where(mantissa == 0, exponent.max(initial=-1074), exponent) - _MANTISSA
    e = int(exponent.min()) if exponent.size else 0
    return Dyadic(_objects(_objects(n) << _objects(exponent - e)), e)


def affine_part(theta: Theta) -> tuple[Dyadic, Dyadic]:
    """Return c1 = (b * (1 - b)) . v + v0 and l = W' [(1 - 2b) * v] of the stored Theta, exactly."""
    W, b, v, v0 = (dyadic(part) for part in theta)
    one, two, minus_one = dyadic(1.0), dyadic(2.0), dyadic(-1.0)
    c1 = (b * (one - b)) @ v - minus_one * v0
    return c1, W.transposed @ ((one - two * b) * v)


def euclidean(*parts: Dyadic) -> float:
    """Return the square root of the sum of all squares, one rounding in the last place.

    The integer square root is taken of a sum shifted to 139 bits or more, so it carries 70 bits;
    infinity stands for a result beyond float64.
    """
    e = min(part.e for part in parts)
    total = sum(int(n << (part.e - e)) ** 2 for part in parts for n in np.ravel(part.n))
    shift = total.bit_length() - 140
    shift -= shift % 2
    root = math.isqrt(total >> shift if shift >= 0 else total << -shift)
    try:
        return math.ldexp(root, e + shift // 2)
    except OverflowError:
        return math.inf
