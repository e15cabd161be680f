"""What recover_theta promises, accepts and says when it refuses, number by number."""

import re
from fractions import Fraction

import numpy as np
import pytest

from analysis import join_c, phi, recover_theta
from analysis.exact import dyadic, euclidean
from analysis.features import LARGEST_INPUT
from analysis.hidden_units import with_min_size
from analysis.recover import default_eps

EPS = 2.0**-52


@pytest.mark.parametrize(("P", "D"), [(3, 1), (6, 2), (10, 3)])
def test_promise_is_64_times_d_plus_1_eps_and_some_smallest_numbers(P, D):
    c = np.zeros(P)
    assert default_eps(c) == 4 * (D + 2) * 5e-324
    c[-1] = -4.0
    assert default_eps(c) == 64 * (D + 1) * EPS * 4


@pytest.mark.parametrize(
    ("move", "size", "ratio"),
    [
        (np.inf, 1.0, 2.0**-60),
        (2.0**-60, 1.0, 2.0**-60),
        (2.0**-61, 1.0, 2.0**-61),
        (3 * 2.0**-100, 1.0, 2.0**-99),
        (2.0**-60, 8.0, 2.0**-63),
        (2.0**-60, 2.0**-8, 2.0**-60),
        (2.0**-700, 2.0**-300, 2.0**-400),
    ],
    ids=str,
)
@pytest.mark.parametrize("sign", [1.0, -1.0])
def test_lambda_is_raised_by_no_more_than_the_move(move, size, ratio, sign):
    """To a power of 2 times |t|, so that a = -lambda / t is one."""
    lam, t = with_min_size(np.array([sign * 0.0, sign]), np.array([size, 0.0]), move)
    assert (np.abs(lam[0]), np.copysign(1, lam[0])) == (ratio * size, sign)
    assert (lam[1], t.tolist()) == (sign, [size, 0.0])


def test_parts_of_l_that_leave_no_normal_lambda_are_dropped():
    lam, t = with_min_size(np.zeros(2), np.array([2.0**-962, 2.0**-963]))
    assert (lam.tolist(), t.tolist()) == ([2.0**-1022, 0.0], [2.0**-962, 0.0])


def test_accepted_error_is_kept():
    c, singular = np.array([1.0, 2.0, 4.0]), join_c(0.0, np.ones(2), np.diag([1.0, 0.0]))
    assert recover_theta(c, 1).eps == default_eps(c)
    assert recover_theta(c, 1, eps=0.5).eps == 0.5
    assert recover_theta(singular, 2, delta=1e-3).eps == np.inf
    assert recover_theta(singular, 2, method="assignment").eps == np.inf
    assert recover_theta(singular, 2, method="assignment", eps=1e-3).eps == 1e-3


def test_an_error_as_large_as_accepted_is_accepted():
    c = np.array([0.1, 0.3, 0.7])
    found = recover_theta(c, 1)
    assert found.achieved > 0
    assert recover_theta(c, 1, eps=found.achieved).achieved == found.achieved
    with pytest.raises(ValueError, match="float64 rounds the weights"):
        recover_theta(c, 1, eps=float(np.nextafter(found.achieved, 0)))


def test_refusal_asks_for_twice_the_error():
    with pytest.raises(ValueError, match="take eps >=") as caught:
        recover_theta(np.array([0.1, 0.3, 0.7]), 1, eps=1e-30)
    away, least = map(
        float, re.findall(r"found is (\S+) away.*take eps >= ([^,]+),", str(caught.value))[0]
    )
    assert least == pytest.approx(2 * away, rel=0.01, abs=0)


def test_units_that_are_not_needed_are_zero_and_come_last():
    c = join_c(0.5, np.array([0.0, 1.0]), np.diag([0.0, 2.0]))
    W, b, v, v0 = recover_theta(c, 5).theta
    assert np.abs(W).tolist() == [[0, 1], [0, 0], [0, 0], [0, 0], [0, 0]]
    assert (b[1:].any(), v[0], v[1:].any()) == (False, -2.0, False)
    assert v0 == 0.5 - b[0] * (1 - b[0]) * v[0]


@pytest.mark.parametrize("sign", [1.0, -1.0])
def test_largest_input_is_accepted_and_the_next_refused(sign):
    x = sign * np.array([2.0**511, -(2.0**511)])
    assert phi(x).tolist() == [1.0, *x, 2.0**1022, 2.0**1022, -(2.0**1023)]
    assert LARGEST_INPUT == 2.0**511
    with pytest.raises(ValueError, match=r"x has an entry of size 6.7e\+153: expected at most"):
        phi(np.nextafter(x, 2 * x))


@pytest.mark.parametrize(
    ("P", "low"), [(1, 1), (2, 1), (4, 1), (5, 1), (7, 2), (9, 2), (11, 3), (14, 3)], ids=str
)
def test_wrong_lengths_are_told_the_nearest_right_ones(P, low):
    right = [(D + 1) * (D + 2) // 2 for D in (low, low + 1)]
    with pytest.raises(ValueError, match=r"expected \(D \+ 1\)\(D \+ 2\) / 2 entries") as caught:
        recover_theta(np.ones(P), 1)
    assert f"{right[0]} (D = {low}) and {right[1]} (D = {low + 1})" in str(caught.value)


@pytest.mark.parametrize(
    "x", [[], [0.0], [5e-324, 1.0], [1.7e308, 0.0, -3.0], [0.1, -1e-300]], ids=str
)
def test_dyadic_numbers_are_what_is_stored(x):
    part = dyadic(np.array(x))
    assert [Fraction(int(n)) * Fraction(2) ** part.e for n in part.n] == [Fraction(y) for y in x]


def test_euclidean_is_rounded_in_the_last_place_only():
    """Also where the sum of squares is a long integer, a tiny one or beyond float64."""
    assert euclidean(dyadic(np.array([3.0, 4.0])), dyadic(12.0)) == 13.0
    assert euclidean(dyadic(2.0**600 * np.array([3.0, 4.0]))) == 5 * 2.0**600
    assert euclidean(dyadic(2.0**-600 * np.array([3.0, 4.0])), dyadic(0.0)) == 5 * 2.0**-600
    assert euclidean(dyadic(np.full(4, 1.7e308))) == np.inf
    assert euclidean(dyadic(np.ones(2))) == np.sqrt(2)
    assert euclidean(dyadic(np.zeros(2))) == 0.0
