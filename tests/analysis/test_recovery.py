"""recover_theta: every c that K units can have, at every scale, and what it refuses."""

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from quadratic_cases import coefficients, distance, repeatable, thetas

from analysis import (
    Theta,
    achieved,
    attainable,
    c_theta,
    forward,
    join_c,
    phi,
    recover_theta,
    split_c,
)
from analysis.claims.random_cases import cases
from analysis.recover import default_eps
from analysis.spectrum import norm


@repeatable
@given(coefficients(), st.integers(0, 3))
@example(np.zeros(6), 0)
@example(np.array([0.0, 1, 0, 0, 0, 0]), 0)
@example(np.array([0.0, 0, 0, 5e-324, 5e-324, 0]), 1)
def test_any_c_with_a_unit_per_input(c, more):
    D = len(split_c(c)[1])
    found = recover_theta(c, D + more)
    assert found.theta.W.shape == (D + more, D)
    assert found.achieved <= default_eps(c)
    assert found.achieved == pytest.approx(distance(found.theta, c), rel=1e-12, abs=1e-300)


@repeatable
@given(coefficients(largest=1.0), st.integers(-280, 280))
def test_scale_changes_nothing(c, exponent):
    scaled = c * 10.0**exponent
    D = len(split_c(c)[1])
    assert recover_theta(scaled, D).achieved <= default_eps(scaled)


@repeatable
@given(thetas())
def test_what_a_network_has_can_be_recovered_with_as_many_units(theta):
    """Also with K < D, where the rank must be seen through the rounding of c."""
    c = c_theta(theta)
    K = max(len(theta.b), 1)
    if attainable(c, K).verdict != "no":
        assert recover_theta(c, K).achieved <= default_eps(c)


@pytest.mark.parametrize("D", [1, 2, 3, 6, 20, 50])
def test_relative_error_is_far_below_1e_12(D):
    for case in cases(D, np.random.default_rng(D)):
        for K in {max(case.r_l, 1), case.r + 1, case.r + 2, D, D + 2}:
            if case.r_l <= K:
                found = recover_theta(case.c, K)
                assert found.achieved <= 1e-13 * norm(case.c), (case.label, K)
                assert found.rank == case.r, case.label


def test_dominant_part_does_not_decide_the_rank_of_the_other():
    for big, small in ((1e8, 1e-8), (1e-8, 1e8), (1e140, 1e-140)):
        c = join_c(0.0, small * np.array([0.0, 1.0]), big * np.diag([1.0, 0.0]))
        assert attainable(c, 1).rank_ml == 2
        assert attainable(c, 1).bound == pytest.approx(min(big / np.sqrt(2), small), rel=1e-9)
        assert recover_theta(c, 2).how == "limit"
        assert recover_theta(c, 3).how == "opposite pair"


@pytest.mark.parametrize("size", [1e-17, 1e-12], ids=str)
def test_no_eps_is_the_default_eps(size):
    """Beyond rank K the remaining distance may be below the promise, and then it is kept."""
    c = join_c(0.0, np.array([1.0, 0.0]), size * np.eye(2))
    assert attainable(c, 1).verdict == "no"
    given = {}
    for eps in (None, default_eps(c)):
        try:
            given[eps] = recover_theta(c, 1, eps=eps).achieved
        except ValueError as error:
            given[eps] = str(error)
    first, second = given.values()
    assert first == second
    assert isinstance(first, float) == (size == 1e-17)


SMALL_BESIDE_LARGE = {
    "l of 1e-308": ([1.0, 1e-308, 0.0], 1),
    "l beside c1 of 1e280": ([1e280, 1e-30, 0.0], 1),
    "least l": ([1e280, 5e-324, 0.0], 1),
    "all least": ([5e-324, 5e-324, 5e-324], 1),
    "l beside M of 1e280": ([0.0, 0.0, 1e-30, 1e280, 0.0, 0.0], 2),
    "l beside M of 1e280, a pair": ([0.0, 0.0, 1e-30, 1e280, 0.0, 0.0], 3),
    "M of 3e-307 beside l of 1e14": ([0.0, 1e14, 5e13, 7e12, -3e-307] + 5 * [0.0], 3),
    "c1 of 1e280 beside all of 1e-300": ([1e280, 1e-300, 1e-300, 1e-300, 0.0, 0.0], 2),
}


@pytest.mark.parametrize("name", SMALL_BESIDE_LARGE)
def test_small_parts_beside_large_ones_are_no_reason_to_refuse(name):
    c, K = SMALL_BESIDE_LARGE[name]
    c = np.array(c)
    found = recover_theta(c, K)
    assert found.achieved == pytest.approx(distance(found.theta, c), rel=1e-12, abs=0)
    assert found.achieved <= default_eps(c)


@pytest.mark.parametrize(("size_m", "size_l"), [(1e-113, 1e205), (1e205, 1e-113)], ids=str)
@pytest.mark.parametrize("K", [2, 3, 4, 7])
def test_a_part_that_would_be_subnormal_beside_the_other_takes_no_direction(size_m, size_l, K):
    q = np.array([0.5, -0.1, 0.7, 0.2])
    c = join_c(1.0, size_l * np.array([0.3, 0.4, -0.9, 1.1]), size_m * np.outer(q, q))
    found = recover_theta(c, K)
    assert distance(found.theta, c) <= default_eps(c)


def test_any_eps_for_a_small_l_beside_a_large_c1():
    found = recover_theta(np.array([1e200, 1e-30, 0.0]), 1, eps=1e-100)
    assert found.achieved <= 1e-100


def test_what_is_smaller_than_l_is_still_the_direction_outside_the_range():
    """|M| = 1e-30 |l|: both eigenvalues of M are below 2^-60 |t|, one of them is zero."""
    c = join_c(0.0, np.array([1.0, 1.0]), np.diag([1e-30, 0.0]))
    found = recover_theta(c, 3)
    assert found.how == "opposite pair"
    W, b, v, _ = found.theta
    pair = np.abs(W[:, 1]) == 1
    assert (pair.sum(), v[pair].sum(), sorted(b[pair])) == (2, 0.0, [0.0, 1.0])


def test_truncated_network_is_within_twice_the_least_distance():
    """A unit at sqrt(10) = 3.16 exists; found is one at 4.24, and the refusal says both bounds."""
    c = join_c(0.0, np.array([1.0, -1.0]), np.diag([-3.0, 3.0]))
    one = Theta(np.array([[1.0, 0.0]]), np.array([1 / 3]), np.array([3.0]), -2 / 3)
    assert achieved(one, c) == pytest.approx(np.sqrt(10))
    found = recover_theta(c, 1, eps=5.0)
    assert (found.how, found.achieved) == ("truncated", pytest.approx(np.sqrt(18)))
    assert found.achieved <= 2 * attainable(c, 1).bound * (1 + 1e-12)
    with pytest.raises(
        ValueError, match=r"4.24 away from c, more than eps = 4, .* than 2.12; take"
    ):
        recover_theta(c, 1, eps=4.0)


def test_construction_follows_the_ranks():
    M, outside, inside = np.diag([2.0, -1.0, 0.0]), np.array([1.0, 1, 1]), np.array([1.0, 1, 0])
    how = {
        (name, K): recover_theta(join_c(1.0, linear, M), K).how
        for name, linear in (("outside", outside), ("inside", inside))
        for K in (2, 3, 4)
        if (name, K) != ("outside", 2)
    }
    assert {K: how["inside", K] for K in (2, 3, 4)} == dict.fromkeys((2, 3, 4), "eigenvectors")
    assert (how["outside", 3], how["outside", 4]) == ("limit", "opposite pair")


def test_opposite_pair_is_exact_on_whole_numbers():
    found = recover_theta(join_c(3.0, np.array([0.0, 4.0]), np.zeros((2, 2))), 2)
    assert found.how == "opposite pair"
    assert found.achieved == 0.0
    assert found.theta.v.sum() == 0.0


def test_weights_stay_moderate_where_they_can():
    c = join_c(3.0, np.array([0.0, 1.0, 4.0]), np.diag([2.0, 0, 0]))
    theta = recover_theta(c, 4).theta
    assert np.abs(theta.v).max() < 10
    assert ((theta.b >= 0) & (theta.b <= 1)).all()


@pytest.mark.parametrize("eps", [1e-3, 1e-12, 1e-30, 1e-200], ids=str)
def test_any_eps_in_the_limit(eps):
    found = recover_theta(np.array([1.0, 1.0, 0.0]), 1, eps=eps)
    assert 0 < found.achieved <= eps


@pytest.mark.parametrize("delta", [1e-2, 1e-8, 1e-30, 1e-100], ids=str)
def test_scaled_rows_follow_delta_all_the_way_down(delta):
    c = join_c(0.3, np.array([1.0, 0.7]), np.diag([1.0, 0.0]))
    assert recover_theta(c, 2, delta=delta).achieved <= 1.01 * delta + 1e-15


def test_unit_rows_have_a_wall_at_the_root_of_eps():
    c = join_c(0.3, np.array([1.0, 0.7]), np.diag([1.0, 0.0]))
    errors = {
        k: recover_theta(c, 2, method="assignment", delta=10.0**-k).achieved for k in range(2, 17)
    }
    assert 5 <= min(errors, key=errors.__getitem__) <= 11
    assert min(errors.values()) > 1e-11
    assert errors[16] > 1e-3
    assert recover_theta(c, 2, method="assignment").achieved < 1e-7


def test_truncation_within_a_large_eps():
    c = join_c(0.0, np.zeros(2), np.diag([1.0, 1e-3]))
    found = recover_theta(c, 1, eps=0.01)
    assert found.how == "truncated"
    assert attainable(c, 1).bound <= found.achieved <= 0.01


@repeatable
@given(coefficients(largest=10.0), st.integers(0, 2**32 - 1))
def test_the_network_computes_the_same_function(c, seed):
    D = len(split_c(c)[1])
    x = np.random.default_rng(seed).normal(size=(5, D))
    y = forward(recover_theta(c, D + 1).theta, x)
    size = norm(c) * np.linalg.norm(phi(x), axis=1)
    assert (np.abs(y - phi(x) @ c) <= 64 * (D + 1) * 2.3e-16 * size + 1e-300).all()


def test_integers_are_welcome():
    assert recover_theta(np.array([1, 2, 3]), 1).achieved == pytest.approx(0, abs=1e-14)
