"""Sizes, ranks and tails of singular values at the very tolerance; the units' formulas."""

import numpy as np
import pytest

from analysis import attainable, default_eps, join_c, recover_theta
from analysis.hidden_units import concat, opposite_pair, scaled_units, unit_rows, with_min_size
from analysis.spectrum import (
    EPS,
    _tail,
    exponent_of,
    leading_directions,
    norm,
    numerical_rank,
    ranks,
    remaining,
    side_by_side,
    unit_size,
)


@pytest.mark.parametrize(
    ("x", "k"),
    [([0.0], 0), ([], 0), ([1.0], 1), ([-0.75, 0.5], 0), ([3.9, -4.0], 3), ([5e-324], -1073)],
    ids=str,
)
def test_exponent_is_that_of_the_largest_size(x, k):
    assert exponent_of(np.array(x)) == k


@pytest.mark.parametrize("scale", [2.0**-1000, 2.0**-500, 0.125, 1.0, 2.0**1000], ids=str)
def test_sizes_at_every_scale(scale):
    assert norm(scale * np.array([[3.0, 0.0], [0.0, -4.0]])) == 5 * scale
    assert unit_size(scale * np.array([3.0, 4.0])).tolist() == [0.6, 0.8]
    assert unit_size(scale * np.array([0.625])).tolist() == [1.0]
    assert unit_size(scale * np.diag([3.0, 1.5])).tolist() == [[1.0, 0.0], [0.0, 0.5]]
    beside = side_by_side(scale * np.array([0.0, 7.0]), np.diag([0.0, 0.25]))
    assert beside.tolist() == [[0, 0, 0], [0, 1, 1]]


def test_zero_stays_zero():
    assert norm(np.zeros(3)) == norm(np.zeros(0)) == 0.0
    assert unit_size(np.zeros((2, 2))).tolist() == [[0, 0], [0, 0]]


@pytest.mark.parametrize("D", [1, 2, 5])
def test_tolerance_is_4_times_d_plus_1_eps(D):
    assert ranks(np.ones(D), np.eye(D)).tolerance == 4 * (D + 1) * 2.0**-52


def _both(l, M):
    found = ranks(l, M)
    return found.r, found.r_l


@pytest.mark.parametrize(("above", "rank"), [(0, 1), (1, 2)], ids=["at", "above"])
@pytest.mark.parametrize("sign", [1.0, -1.0])
def test_singular_values_up_to_the_tolerance_are_zero(sign, above, rank):
    value = 12 * EPS * (1 + above * EPS)
    assert _both(np.zeros(2), np.diag([1.0, sign * value])) == (rank, rank)


@pytest.mark.parametrize(
    ("seen", "rank_ml"), [((1.0, 0.0, 0.0), 1), ((1.0, 1.0, 0.0), 2), ((1.0, 1.0, 1.0), 2)], ids=str
)
def test_ranks_interlace_whatever_rounding_does(seen, rank_ml, monkeypatch):
    monkeypatch.setattr(np.linalg, "svd", lambda *_, **__: np.array(seen))
    assert _both(np.ones(3), np.diag([1.0, 0.0, 0.0])) == (1, rank_ml)
    assert ranks(np.ones(3), np.diag([1.0, 1.0, 0.0])).r_l >= 2
    assert _both(np.ones(3), np.eye(3)) == (3, 3)


def test_leading_directions_are_the_largest():
    S = np.array([[0.0, 0.0, 1.0, 0.0], [0.0, 3.0, 0.0, 0.0], [2.0, 0.0, 0.0, 0.0]])
    assert np.abs(leading_directions(S, 2)).tolist() == [[0, 0], [1, 0], [0, 1]]


def test_many_singular_values_below_the_tolerance_add_up():
    """Eight of a third of the tolerance are below it, ten are above."""
    third = np.full(10, 0.1 / 3)
    assert numerical_rank(np.r_[1.0, third[:8]], 0.1) == 1
    assert numerical_rank(np.r_[1.0, third], 0.1) == 2
    assert numerical_rank(np.zeros(3), 0.1) == numerical_rank(np.zeros(0), 0.1) == 0


@pytest.mark.parametrize("D", [200, 500])
def test_what_is_left_out_keeps_the_promise_at_every_size(D):
    """M = full(1 / D) + .9 tolerance I, on which D - 1 eigenvalues are below the tolerance."""
    M = np.full((D, D), 1 / D) + 0.9 * 4 * (D + 1) * EPS * np.eye(D)
    c = join_c(0.0, np.zeros(D), M)
    found = attainable(c, 1)
    assert found.verdict == "no"
    assert 0 < found.bound <= norm(c)
    with pytest.raises(ValueError, match="needs at least as many units"):
        recover_theta(c, 1)
    # Left out where all of them together are below it.
    M = np.full((D, D), 1 / D) + 0.9 / np.sqrt(D) * 4 * (D + 1) * EPS * np.eye(D)
    c = join_c(0.0, np.zeros(D), M)
    assert attainable(c, 1).verdict == "exactly"
    assert recover_theta(c, 1).achieved <= default_eps(c)


def test_tail_is_lowered_by_the_rank_tolerance():
    """sigma = 2, 2^-40, 2^-41 and 0; the slack is 4 (D + 1) eps of the largest."""
    slack = 4 * 5 * EPS * 2
    S = np.diag([2.0, 2.0**-40, 2.0**-41, 0.0])
    assert _tail(S, 1) == pytest.approx(np.hypot(2.0**-40, 2.0**-41) - slack, rel=1e-13, abs=0)
    assert _tail(S, 2) == pytest.approx(2.0**-41 - slack, rel=1e-13, abs=0)
    assert _tail(S, 3) == _tail(S, 4) == 0.0


@pytest.mark.parametrize("scale", [2.0**-900, 1.0, 2.0**900], ids=str)
def test_bound_is_the_larger_of_two(scale):
    """M = e1 e1' and l = t e2: one of the two has to go, and M counts with a factor sqrt(1/2)."""
    half = np.sqrt(0.5)
    for t, expected in ((1e-20, 1e-20), (0.01, 0.01), (1.0, half), (100.0, half), (1e20, half)):
        l, M = scale * np.array([0.0, t]), scale * np.diag([1.0, 0.0])
        assert remaining(l, M, 1) == pytest.approx(expected * scale, rel=1e-12, abs=0)
        assert remaining(l, M, 2) == 0.0


@pytest.mark.parametrize("seed", range(8))
def test_bound_is_that_of_the_better_s(seed):
    """Eckart and Young for [M  s l], over max(sqrt(2), s), at s = sqrt(2) and at |M| / |l|."""
    rng = np.random.default_rng(seed)
    M, l = rng.normal(size=(4, 4)), rng.normal(size=4) * 10.0 ** rng.uniform(-1, 1)
    M += M.T
    sizes = np.sqrt(2), np.linalg.norm(M, 2) / np.linalg.norm(l)
    for K in (1, 2, 3):
        bounds = [
            np.linalg.norm(np.linalg.svd(np.column_stack([M, s * l]))[1][K:]) / max(np.sqrt(2), s)
            for s in sizes
        ]
        assert remaining(l, M, K) == pytest.approx(max(bounds), rel=1e-11)


def test_lambda_is_raised_and_keeps_its_sign():
    lam, t = np.array([1.0, -1.0, 1e-9, -1e-9, 0.0, -0.0]), np.array([0.5, -0.5, 8, -8, 4, -4])
    found, same = with_min_size(lam, t, 2.0)
    least = 2.0**-60
    assert found.tolist() == [1.0, -1.0, 1e-9, -1e-9, 4 * least, -4 * least]
    assert same.tolist() == t.tolist()


def test_limit_takes_weights_of_2_to_the_60():
    theta = recover_theta(np.array([0.0, 1.0, 0.0]), 1).theta
    assert (theta.W.tolist(), theta.b.tolist()) == ([[-(2.0**-60)]], [0.0])
    assert theta.v.tolist() == [-(2.0**60)]


def test_scaled_units_change_over_where_t_exceeds_lambda():
    lam, t = np.array([2.0, 2.0, -2.0, 2.0, 0.0]), np.array([1.0, 2.0, 2.0, 4.0, 0.0])
    units = scaled_units(np.eye(5), lam, t)
    assert units.a.tolist() == [1.0, 1.0, 1.0, -0.5, 1.0]
    assert units.b.tolist() == [0.75, 1.0, 0.0, 0.0, 0.5]
    assert units.v.tolist() == [-2.0, -2.0, 2.0, -8.0, 0.0]


def test_unit_rows_and_pair():
    units = unit_rows(np.eye(3), np.array([2.0, -4.0, 0.0]), np.array([1.0, 1.0, 0.0]))
    assert units.a.tolist() == [1.0, 1.0, 1.0]
    assert units.b.tolist() == [0.75, 0.375, 0.5]
    assert units.v.tolist() == [-2.0, 4.0, 0.0]
    both = concat(units, opposite_pair(np.array([0.0, 0.0, 1.0]), 6.0))
    assert both.Q.tolist() == [[1, 0, 0, 0, 0], [0, 1, 0, 0, 0], [0, 0, 1, 1, 1]]
    assert both.a.tolist() == [1.0] * 5
    assert both.b.tolist() == [0.75, 0.375, 0.5, 0.0, 1.0]
    assert both.v.tolist() == [-2.0, 4.0, 0.0, 3.0, -3.0]
