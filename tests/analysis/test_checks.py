"""What user input must satisfy: the last value accepted and the first refused."""

import inspect

import numpy as np
import pytest

from analysis import Theta, fit_closed_form, forward, phi, recover_theta
from analysis.checks import _numbers, count, positive, real

LARGEST = 2.0**960


@pytest.mark.parametrize("value", [1, 2, 10**20], ids=repr)
def test_whole_numbers_are_counts(value):
    found = count("n", value)
    assert (found, type(found)) == (value, int)


@pytest.mark.parametrize("value", [True, False, 0, -1], ids=repr)
def test_booleans_and_less_than_1_are_no_counts(value):
    with pytest.raises(ValueError, match=r"n = .*: expected a whole number of at least 1"):
        count("n", value)


@pytest.mark.parametrize("value", [5e-324, 0.5, 1.7e308], ids=repr)
def test_positive_numbers_are_kept(value):
    assert positive("eps", value) == value


@pytest.mark.parametrize("value", [0.0, -5e-324, np.inf, np.nan], ids=repr)
def test_other_numbers_are_not_positive(value):
    with pytest.raises(ValueError, match=r"eps = .*: expected a finite number above 0"):
        positive("eps", value)


def test_real_says_where_and_what():
    with pytest.raises(ValueError, match=r"x\[1, 0\] = -inf: expected finite numbers"):
        real("x", np.array([[1.0, 2.0], [-np.inf, np.nan]]), 2)
    with pytest.raises(ValueError, match=r"x has shape \(2,\): expected 2 axes"):
        real("x", np.ones(2), 2)
    found = real("x", np.array([1, 2]), 1)
    assert (found.tolist(), found.dtype) == ([1.0, 2.0], np.float64)


@pytest.mark.parametrize("sign", [1.0, -1.0])
def test_the_largest_norm_is_accepted_and_the_next_refused(sign):
    fits = np.array([0.0, sign * LARGEST, 0.0])
    assert recover_theta(fits, 1).achieved <= 1e-14 * LARGEST
    beyond = np.nextafter(fits, fits * 2)
    with pytest.raises(ValueError, match=r"\|c\| = 9.75e\+288: expected at most 9.75e\+288"):
        recover_theta(beyond, 1)
    with pytest.raises(ValueError, match="multiply v and v0 by that constant"):
        recover_theta(beyond, 1)


@pytest.mark.parametrize(
    "value",
    ["1", None, True, 1j, 10**400, np.array([1.0, 2.0])],
    ids=lambda value: repr(value)[:20],
)
def test_what_is_no_real_number_is_refused_in_words(value):
    """The annotations refuse most of these first; users run without them."""
    with pytest.raises(ValueError, match=r"eps = .*: expected a finite number above 0"):
        inspect.unwrap(positive)("eps", value)


@pytest.mark.parametrize("x", [["a"], [[1.0], [1.0, 2.0]], [10**400]], ids=str)
def test_what_is_no_array_of_numbers_is_refused_in_words(x):
    with pytest.raises(ValueError, match="x is no array of numbers"):
        inspect.unwrap(_numbers)("x", x)


def test_masked_entries_are_refused_and_an_idle_mask_is_not():
    masked = np.ma.array([[1.0], [2.0], [9.0]], mask=[[False], [False], [True]])
    y = np.ma.array([1.0, 2.0, 3.0], mask=[False, True, False])
    calls = {
        "X": lambda: fit_closed_form(masked, np.ones(3)),
        "y": lambda: fit_closed_form(np.ones((3, 1)), y),
        "x": lambda: phi(masked),
        "c": lambda: recover_theta(y, 1),
        "W": lambda: forward(Theta(masked, np.ones(3), np.ones(3), 0.0), np.ones(1)),
    }
    for name, call in calls.items():
        with pytest.raises(ValueError, match=f"{name} has masked entries"):
            call()
    assert real("x", np.ma.array([1.0, 2.0]), 1).tolist() == [1.0, 2.0]


def test_what_counts_is_the_norm():
    """300 entries of 2^956: |l| = 2^960.1, and one unit for all of it would take v = 2^1020."""
    c = np.zeros(301 * 302 // 2)
    c[1:301] = 2.0**955
    assert recover_theta(c, 1).achieved <= 1e-12 * LARGEST
    with pytest.raises(ValueError, match="multiply v and v0"):
        recover_theta(2 * c, 1)
