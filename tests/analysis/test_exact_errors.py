"""|c_Theta - c|: long integers, doubled precision and fractions agree; float64 alone does not."""

import numpy as np
import pytest
from hypothesis import example, given
from quadratic_cases import distance, plain_c, repeatable, thetas

from analysis import Theta, achieved, c_theta, recover_theta
from analysis.compensated import achieved_compensated, two_product, two_sum
from analysis.exact import achieved_exactly, dyadic, euclidean

TINY = Theta(np.full((1, 2), 2.0**-60), np.zeros(1), np.array([-(2.0**120)]), -0.0)


@repeatable
@given(thetas())
@example(TINY)
def test_exact_is_what_fractions_give(theta):
    c = c_theta(theta)
    assert achieved_exactly(theta, c) == pytest.approx(distance(theta, c), rel=1e-14, abs=1e-300)


@repeatable
@given(thetas())
def test_zero_where_float64_holds_the_answer(theta):
    whole = Theta(np.round(theta.W), np.round(theta.b), np.round(theta.v), 2.0)
    assert achieved_exactly(whole, plain_c(whole).astype(float)) == 0.0


@pytest.mark.parametrize("scale", [1.0, 1e-8, 1e8, 1e150, 1e-150], ids=str)
@pytest.mark.parametrize(("D", "K"), [(1, 1), (2, 5), (7, 3), (20, 22), (70, 71)], ids=str)
def test_compensated_is_exact_to_ten_digits(D, K, scale):
    rng = np.random.default_rng(D)
    theta = Theta(rng.normal(size=(K, D)), rng.normal(size=K), scale * rng.normal(size=K), 0.0)
    c = c_theta(theta)
    exact = achieved_exactly(theta, c)
    assert exact > 0
    assert achieved_compensated(theta, c) == pytest.approx(exact, rel=1e-10)


def test_compensated_agrees_on_recovered_networks():
    rng = np.random.default_rng(3)
    M = np.diag([1.0, 1e-12, 0.0])
    for K in (3, 4, 5):
        c = np.concatenate([rng.normal(size=4), np.diag(M), np.zeros(3)])
        theta = recover_theta(c, K).theta
        assert achieved_compensated(theta, c) == pytest.approx(
            achieved_exactly(theta, c), rel=1e-10
        )


def test_float64_hides_what_exact_arithmetic_shows():
    """The constant of unit rows beside a tiny lambda: float64 computes 0 where 0.3 is right."""
    b, v = np.array([1e12]), np.array([1e-3])
    v0 = 1.0 - float((b * (1 - b)) @ v)
    theta = Theta(np.zeros((1, 1)), b, v, v0)
    c = np.array([1.0, 0.0, 0.0])
    assert c_theta(theta)[0] == 0.0 or abs(c_theta(theta)[0] - 1.0) < achieved(theta, c)


def test_switch_between_the_two_is_seamless(monkeypatch):
    rng = np.random.default_rng(0)
    theta = Theta(rng.normal(size=(4, 3)), rng.normal(size=4), rng.normal(size=4), 0.1)
    c = c_theta(theta)
    exact = achieved(theta, c)
    monkeypatch.setattr("analysis.compensated.EXACT_PRODUCTS", 0)
    assert achieved(theta, c) == pytest.approx(exact, rel=1e-10)


def test_unused_units_have_no_influence():
    theta = Theta(np.array([[1.0], [5.0]]), np.array([0.0, 7.0]), np.array([1.0, 0.0]), 0.0)
    c = np.array([0.0, 1.0, -1.0])
    assert achieved(theta, c) == achieved_compensated(theta, c) == 0.0
    silent = theta._replace(v=np.zeros(2))
    assert achieved(silent, c) == achieved_compensated(silent, c) == pytest.approx(np.sqrt(2))


@pytest.mark.parametrize("x", [0.0, 5e-324, 1.7e308, -0.1, 1 / 3], ids=str)
def test_dyadic_numbers_are_what_is_stored(x):
    part = dyadic(np.array([x, 1.0]))
    assert np.ldexp(float(part.n[1]), part.e) == 1.0 if abs(x) > 1e-300 or x == 0 else True
    assert euclidean(dyadic(x)) == abs(x)


def test_sum_and_product_are_error_free():
    rng = np.random.default_rng(1)
    a, b = rng.normal(size=(50, 1)), 1e9 * rng.normal(size=(50, 1))
    for (s, e), exact in (
        (two_sum(a, b), dyadic(a) - dyadic(-b)),
        (two_product(a, b), dyadic(a) * dyadic(b)),
    ):
        assert euclidean(exact - dyadic(s) - dyadic(e)) == 0.0
