"""Drawn networks and coefficients for question 3, and its definitions once more, in fractions."""

from fractions import Fraction

import mpmath
import numpy as np
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from analysis import Theta, n_features
from analysis.hidden_units import Units

# The same examples in every run; nothing here is timed.
repeatable = settings(max_examples=40, deadline=None, derandomize=True, database=None)

SIZES = st.integers(1, 5)


def numbers(largest: float = 1e3) -> st.SearchStrategy[float]:
    """Finite float64 numbers up to a size, zero and subnormal ones included."""
    return st.floats(-largest, largest, allow_nan=False)


@st.composite
def thetas(draw, n_inputs=SIZES, n_hidden=SIZES) -> Theta:
    """Networks of any weights up to 1000."""
    D, K = draw(n_inputs), draw(n_hidden)
    vector = arrays(np.float64, K, elements=numbers())
    W = draw(arrays(np.float64, (K, D), elements=numbers()))
    return Theta(W, draw(vector), draw(vector), draw(numbers()))


@st.composite
def coefficients(draw, n_inputs=SIZES, largest=1e3) -> np.ndarray:
    """Vectors c of a legal length."""
    P = n_features(draw(n_inputs))
    return draw(arrays(np.float64, P, elements=numbers(largest)))


def fractions(x) -> np.ndarray:
    """The stored numbers as fractions, exactly."""
    return np.vectorize(Fraction, otypes=[object])(np.asarray(x, dtype=np.float64))


def plain_c(theta: Theta) -> np.ndarray:
    """c_Theta = A_Theta' v + v0 e_1 in fractions, entry by entry from its definition."""
    W, b, v, v0 = (fractions(part) for part in theta)
    K, D = W.shape
    c = [sum((v[i] * (b[i] - b[i] ** 2) for i in range(K)), Fraction(v0.item()))]
    c += [sum(v[i] * (1 - 2 * b[i]) * W[i, j] for i in range(K)) for j in range(D)]
    c += [sum(-v[i] * W[i, j] ** 2 for i in range(K)) for j in range(D)]
    c += [
        sum(-v[i] * W[i, j] * W[i, k] for i in range(K)) for j in range(D) for k in range(j + 1, D)
    ]
    return np.array(c, dtype=object)


def distance(theta: Theta, c: np.ndarray) -> float:
    """|c_Theta - c|: the sum of squares in fractions, its square root to 50 digits."""
    squares = sum(gap**2 for gap in plain_c(theta) - fractions(c))
    with mpmath.workdps(50):
        return float(mpmath.sqrt(mpmath.mpf(squares.numerator) / squares.denominator))


def one_unit(w: float, b: float, v: float, v0: float) -> Theta:
    """A network of one input and one unit."""
    return Theta(np.array([[w]]), np.array([b]), np.array([v]), v0)


def minus_lambda(Q, lam, t) -> Units:
    """Wrong units: v = lambda, as the assignment prints it, in place of -lambda."""
    del t
    return Units(Q, np.ones_like(lam), np.full_like(lam, 0.5), lam)
