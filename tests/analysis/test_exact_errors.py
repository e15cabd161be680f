"""|c_Theta - c|: long integers, matrix products and fractions agree; float64 alone does not."""

import re

import numpy as np
import pytest
from hypothesis import example, given
from quadratic_cases import distance, plain_c, repeatable, thetas

from analysis import Theta, achieved, c_theta
from analysis.exact import Dyadic, dyadic, euclidean
from analysis.exact_products import quadratic_part

TINY = Theta(np.full((1, 2), 2.0**-60), np.zeros(1), np.array([-(2.0**120)]), -0.0)


@repeatable
@given(thetas())
@example(TINY)
def test_exact_is_what_fractions_give(theta):
    c = c_theta(theta)
    assert achieved(theta, c) == pytest.approx(distance(theta, c), rel=1e-14, abs=1e-300)


@repeatable
@given(thetas())
def test_zero_where_float64_holds_the_answer(theta):
    whole = Theta(np.round(theta.W), np.round(theta.b), np.round(theta.v), 2.0)
    assert achieved(whole, plain_c(whole).astype(float)) == 0.0


@pytest.mark.parametrize(("D", "K"), [(1, 1), (2, 5), (7, 3), (20, 22), (70, 71)], ids=str)
def test_matrix_products_are_what_python_integers_give(D, K):
    rng = np.random.default_rng(D)
    theta = Theta(rng.normal(size=(K, D)), rng.normal(size=K), rng.normal(size=K), 0.0)
    W, v = dyadic(theta.W), dyadic(-theta.v)
    whole = (W.transposed * v) @ W
    for rows, M in quadratic_part(theta.W, theta.v):
        assert not (M - Dyadic(whole.n[rows, rows.start :], whole.e)).n.any()


def test_float64_hides_what_exact_arithmetic_shows():
    """The constant of unit rows beside a tiny lambda: float64 computes 0 where 0.3 is right."""
    b, v = np.array([1e12]), np.array([1e-3])
    v0 = 1.0 - float((b * (1 - b)) @ v)
    theta = Theta(np.zeros((1, 1)), b, v, v0)
    c = np.array([1.0, 0.0, 0.0])
    assert c_theta(theta)[0] == 0.0 or abs(c_theta(theta)[0] - 1.0) < achieved(theta, c)


def test_unused_units_have_no_influence():
    theta = Theta(np.array([[1.0], [5.0]]), np.array([0.0, 7.0]), np.array([1.0, 0.0]), 0.0)
    c = np.array([0.0, 1.0, -1.0])
    assert achieved(theta, c) == 0.0
    silent = theta._replace(v=np.zeros(2))
    assert achieved(silent, c) == pytest.approx(np.sqrt(2))


@pytest.mark.parametrize("x", [0.0, 5e-324, 1.7e308, -0.1, 1 / 3], ids=str)
def test_dyadic_numbers_are_what_is_stored(x):
    part = dyadic(np.array([x, 1.0]))
    assert np.ldexp(float(part.n[1]), part.e) == 1.0 if abs(x) > 1e-300 or x == 0 else True
    assert euclidean(dyadic(x)) == abs(x)


SHAPES = "expected (2,) for both"
MALFORMED = {
    "W not a number": (Theta(np.full((1, 2), np.nan), np.zeros(1), np.ones(1), 0.0), 6, "W[0, 0]"),
    "v infinite": (Theta(np.ones((1, 2)), np.zeros(1), np.full(1, np.inf), 0.0), 6, "v[0] = inf"),
    "v0 not a number": (Theta(np.ones((1, 2)), np.zeros(1), np.ones(1), np.nan), 6, "v0 = nan"),
    "b of another length": (Theta(np.ones((2, 2)), np.zeros(1), np.ones(2), 0.0), 6, SHAPES),
    "c of other inputs": (Theta(np.ones((1, 2)), np.zeros(1), np.ones(1), 0.0), 3, "expected 6"),
    "c of no inputs": (Theta(np.ones((1, 2)), np.zeros(1), np.ones(1), 0.0), 5, "len(c) = 5"),
}


@pytest.mark.parametrize("name", MALFORMED)
def test_malformed_networks_and_coefficients_are_refused(name):
    theta, P, message = MALFORMED[name]
    with pytest.raises(ValueError, match=re.escape(message)):
        achieved(theta, np.zeros(P))


def test_coefficients_that_are_not_finite_are_refused():
    theta = Theta(np.ones((1, 1)), np.zeros(1), np.ones(1), 0.0)
    with pytest.raises(ValueError, match=r"c\[1\] = inf"):
        achieved(theta, np.array([0.0, np.inf, 0.0]))
