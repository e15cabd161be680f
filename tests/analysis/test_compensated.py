"""Doubled precision: exact halves and products, a balance that changes nothing, who takes over."""

from fractions import Fraction

import numpy as np
import pytest
from quadratic_cases import fractions, plain_c

from analysis import Theta, achieved, compensated
from analysis.compensated import achieved_compensated, balanced, halves, quadratic_gap, two_product
from analysis.exact import achieved_exactly

LAST = 2.0**-52
# Where a splitter that is nearly right goes wrong: a few last places off 1 and off a half's end.
AWKWARD = np.array(
    [1 + sign * 2.0**-k + n * LAST for k in range(24, 30) for sign in (1, -1) for n in range(-4, 5)]
)


def _drawn(n: int) -> np.ndarray:
    rng = np.random.default_rng(0)
    return np.concatenate([AWKWARD, rng.uniform(1, 2, n) * 2.0 ** rng.integers(-30, 30, n)])


def _bits(x: float) -> int:
    """How long the odd part of a float64 number is."""
    n = abs(x.as_integer_ratio()[0])
    return 0 if n == 0 else (n // (n & -n)).bit_length()


def test_halves_have_26_bits_each_and_add_up():
    x = _drawn(3000)
    high, low = halves(np.concatenate([x, -x]))
    assert np.array_equal(high + low, np.concatenate([x, -x]))
    assert max(map(_bits, high.tolist())) == 26
    assert max(map(_bits, low.tolist())) <= 26


def test_product_and_error_are_the_product():
    x = _drawn(500)
    y = np.random.default_rng(1).permutation(x)
    p, e = two_product(x, y)
    assert np.array_equal(p, x * y)
    assert (fractions(p) + fractions(e) == fractions(x) * fractions(y)).all()


UNLIKE = Theta(
    W=np.array([[3.0, 2.0**-70], [2.0**-40, -5.0], [2.0**300, 2.0**200], [0.0, 0.0], [1.0, 2.0]]),
    b=np.array([1.0, 2.0, 3.0, 4.0, 5.0]),
    v=np.array([-(2.0**90), 2.0**17, 2.0**-520, 2.0**700, 0.0]),
    v0=6.0,
)


def _quadratic(theta: Theta) -> np.ndarray:
    """-W' diag(v) W in fractions."""
    W, v = fractions(theta.W), fractions(theta.v)
    return -(W.T * v) @ W


@pytest.mark.parametrize("power", [-400, -1, 0, 1, 150], ids=str)
def test_balance_keeps_the_quadratic_part(power):
    theta = UNLIKE._replace(v=np.ldexp(UNLIKE.v, power))
    scaled, exponent = balanced(theta)
    assert scaled.b.tolist() == [1.0, 2.0, 3.0]  # no row or no v: no influence
    assert scaled.v0 == 6.0
    for row in np.abs(scaled.W):
        assert 0.5 <= row.max() < 1
    assert 0.5 <= np.abs(scaled.v).max() < 1
    assert (_quadratic(scaled) * Fraction(2) ** exponent == _quadratic(theta)).all()


HUGE = {
    "row without v": ([0.1, 0.3, 2.0**520], [0.3, 0.7, 0.0]),
    "v without row": ([0.1, 0.3, 0.0], [0.3, 0.7, 2.0**1000]),
    "far apart": ([0.1 * 2.0**-250, 0.3], [0.3 * 2.0**500, 0.7]),
    "tiny": ([0.1, 0.3], [0.3 * 2.0**-990, 0.7 * 2.0**-990]),
    "large": ([0.1 * 2.0**490, 0.3 * 2.0**490], [0.3, 0.7]),
}


@pytest.mark.parametrize("name", HUGE)
def test_distance_survives_weights_of_very_different_size(name):
    rows, v = (np.array(part) for part in HUGE[name])
    theta = Theta(rows[:, None], np.zeros(len(v)), v, 0.0)
    c = plain_c(theta).astype(float)
    exact = achieved_exactly(theta, c)
    assert exact > 0
    assert achieved_compensated(theta, c) == pytest.approx(exact, rel=1e-10, abs=0)


def test_gap_without_any_unit_is_minus_the_coefficients():
    silent = Theta(np.ones((2, 2)), np.ones(2), np.zeros(2), 0.0)
    (gap,) = quadratic_gap(silent, np.array([[1.0, 2.0], [2.0, -3.0]]))
    assert [int(n) * 2.0**gap.e for n in gap.n] == [-1.0, -2.0, 3.0]


@pytest.mark.parametrize("D", [1, 2, 63, 64, 65, 130])
def test_gap_holds_every_pair_once(D):
    """In blocks of rows, the last one shorter: the squares add up to those of all pairs j <= k."""
    rng = np.random.default_rng(D)
    theta = Theta(rng.normal(size=(2, D)), np.zeros(2), rng.normal(size=2), 0.0)
    M = rng.normal(size=(D, D))
    M += M.T
    found = np.concatenate(
        [np.array([float(Fraction(int(n)) * Fraction(2) ** gap.e) for n in gap.n])
         for gap in quadratic_gap(theta, M)]
    )  # fmt: skip
    expected = (-(theta.W.T * theta.v) @ theta.W - M)[np.triu_indices(D)]
    np.testing.assert_allclose(np.sort(found), np.sort(expected), rtol=0, atol=1e-13)


@pytest.mark.parametrize(
    ("K", "D", "method"),
    [
        (64, 64, "exactly"),
        (65, 64, "compensated"),
        (1, 512, "exactly"),
        (1, 513, "compensated"),
        (1 << 18, 1, "exactly"),
        ((1 << 18) + 1, 1, "compensated"),
    ],
    ids=str,
)
def test_up_to_2_to_the_18_products_are_computed_exactly(K, D, method, monkeypatch):
    """Units with v_i = 0 are no products."""
    called = []

    def instead(name, answer):
        def note(theta, _):
            called.append((name, theta.W.shape))
            return answer

        monkeypatch.setattr(compensated, name, note)

    instead("achieved_exactly", 1.0)
    instead("achieved_compensated", 2.0)
    theta = Theta(np.ones((K + 3, D)), np.ones(K + 3), np.r_[0.0, np.ones(K), 0.0, 0.0], 0.0)
    answer = achieved(theta, np.zeros((D + 1) * (D + 2) // 2))
    assert (answer, called) == (
        1.0 if method == "exactly" else 2.0,
        [(f"achieved_{method}", (K, D))],
    )
