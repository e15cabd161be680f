"""Matrix products without rounding: the digits, their carries, and every size of entries."""

from fractions import Fraction

import numpy as np
import pytest
from quadratic_cases import fractions, plain_c

from analysis import Theta, achieved
from analysis.exact_products import digits, quadratic_part, scaled_rows

AWKWARD = np.array(
    [[0.0, -0.0, 1.0, -1.0, 5e-324], [1.7e308, -0.1, 2.0**-60, 1 - 2.0**-53, -3e-310]]
)


def _value(parts, bits):
    """The sum of the digits in fractions."""
    shape = (2, 5) if not parts else next(iter(parts.values())).shape
    whole = np.vectorize(int, otypes=[object])
    return sum(
        (whole(d) * Fraction(2) ** (p * bits) for p, d in parts.items()),
        np.full(shape, Fraction(0), dtype=object),
    )


@pytest.mark.parametrize("bits", [1, 19, 20, 26])
def test_digits_are_the_number(bits):
    found = digits(AWKWARD, bits)
    assert (_value(found, bits) == fractions(AWKWARD)).all()
    assert all(np.abs(part).max() < 2**bits and part.any() for part in found.values())


def test_zeros_have_no_digits():
    assert digits(np.zeros((2, 3)), 20) == {}


@pytest.mark.parametrize("bits", [19, 26])
def test_products_of_two_are_carried_on(bits):
    v, W = np.array([[0.3], [-7e-300]]), AWKWARD
    found = scaled_rows(digits(v, bits), digits(W, bits), bits)
    assert (_value(found, bits) == fractions(v) * fractions(W)).all()
    assert all(np.abs(part).max() < 2**bits and part.any() for part in found.values())


def test_small_negative_numbers_have_no_digits_above_their_own():
    """Carried towards minus infinity, -1 would have a digit at every position up to the largest."""
    found = scaled_rows(
        {0: np.array([[-1], [1]])}, {0: np.array([[1], [1]]), 9: np.array([[0], [1]])}, 20
    )
    assert [part[0, 0] for _, part in sorted(found.items())] == [-1, 0]


@pytest.mark.parametrize(("K", "D"), [(1, 1), (3, 2), (5, 63), (2, 64), (2, 65), (2, 130)], ids=str)
def test_quadratic_part_holds_every_pair_of_rows_and_later_columns(K, D):
    rng = np.random.default_rng(D)
    W, v = rng.integers(-9, 10, (K, D)) * 0.5, rng.integers(-9, 10, K) * 2.0**70
    expected = -(W.T * v) @ W
    seen = 0
    for rows, M in quadratic_part(W, v):
        assert rows.stop - rows.start <= 64
        values = np.array(
            [[float(Fraction(int(n)) * Fraction(2) ** M.e) for n in row] for row in M.n]
        )
        assert np.array_equal(values, expected[rows, rows.start :])
        seen += len(values)
    assert seen == D


# Rows, output weights: sizes at which sums in twice the precision overflow, vanish or cancel.
HARD = {
    "row without v": ([0.1, 0.3, 2.0**520], [0.3, 0.7, 0.0]),
    "v without row": ([0.1, 0.3, 0.0], [0.3, 0.7, 2.0**1000]),
    "far apart": ([0.1 * 2.0**-250, 0.3], [0.3 * 2.0**500, 0.7]),
    "tiny": ([0.1, 0.3], [0.3 * 2.0**-990, 0.7 * 2.0**-990]),
    "large": ([0.1 * 2.0**490, 0.3 * 2.0**490], [0.3, 0.7]),
    "rows of 1e-160": ([0.1e-160, 0.3e-160], [0.3, 0.7e300]),
    "rows of 1e200": ([0.1e200, 0.3e200], [0.3e-300, -0.7e-300]),
    "cancel": ([1e150, 1e150, 0.1], [1.0, -1.0, 0.3]),
}


@pytest.mark.parametrize("name", HARD)
def test_distance_is_exact_at_every_size(name):
    rows, v = (np.array(part) for part in HARD[name])
    theta = Theta(rows[:, None] * [1.0, 0.7], np.zeros(len(v)), v, 0.0)
    c = np.array([0.5, -0.25, 1e-3, 0.0, 7.0, -2.0])
    squares = sum(gap**2 for gap in plain_c(theta) - fractions(c))
    found = Fraction(achieved(theta, c))
    assert abs(found**2 / squares - 1) < Fraction(2) ** -51


@pytest.mark.parametrize("size", [1e-160, 1e200])
def test_large_networks_of_extreme_size_are_not_understated(size):
    """K D^2 = 2^18 and more; rows 2^k e_1: M_11 = -K 2^2k, and c is zero."""
    K, D = 4, 300
    W = np.zeros((K, D))
    W[:, 0] = size
    v = np.full(K, 1 / size)
    found = achieved(Theta(W, np.full(K, 0.5), v, 0.0), np.zeros((D + 1) * (D + 2) // 2))
    assert found == pytest.approx(float(np.hypot(K * 0.25 / size, K * size)), rel=1e-12, abs=0)
