"""What user input must satisfy: the last value accepted and the first refused."""

import numpy as np
import pytest

from analysis import recover_theta
from analysis.checks import count, not_too_large, positive, real

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
def test_the_largest_entry_is_accepted_and_the_next_refused(sign):
    fits = np.array([0.0, sign * LARGEST, 0.0])
    not_too_large("c", fits)
    not_too_large("c", np.zeros(0))
    assert recover_theta(fits, 1).achieved <= 1e-14 * LARGEST
    beyond = np.nextafter(fits, fits * 2)
    with pytest.raises(ValueError, match=r"entry of size 9.75e\+288: expected at most 9.75e\+288"):
        not_too_large("c", beyond)
    with pytest.raises(ValueError, match="multiply v and v0 by that constant"):
        recover_theta(beyond, 1)
