"""Which c K units can have: the theorem's table, its ranks and the distance that remains."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from quadratic_cases import repeatable, thetas

from analysis import Signs, attainable, c_theta, join_c, recover_theta
from analysis.attainment import verdict_of
from analysis.spectrum import norm, remaining
from analysis.symbolic import has_no_solution

TABLE = [
    # r, rank([M l]), verdicts for K = 1, 2, 3, 4, 5
    (0, 0, "eeeee"),
    (0, 1, "leeee"),
    (1, 1, "eeeee"),
    (1, 2, "nleee"),
    (2, 2, "neeee"),
    (2, 3, "nnlee"),
    (3, 3, "nneee"),
]
WORDS = {"e": "exactly", "l": "in the limit", "n": "no"}


@pytest.mark.parametrize(("r", "r_l", "verdicts"), TABLE, ids=lambda value: str(value))
def test_theorem(r, r_l, verdicts):
    M = np.diag([2.0, -1.0, 3.0] * (np.arange(3) < r))
    linear = np.array([1.0, 1.0, 1.0]) * (np.arange(3) < r_l)
    for K, letter in enumerate(verdicts, start=1):
        found = attainable(join_c(0.7, linear, M), K)
        assert (found.verdict, found.rank_m, found.rank_ml) == (WORDS[letter], r, r_l)
        assert (found.bound > 0) if letter == "n" else (found.bound == 0)


@pytest.mark.parametrize("K", [1, 2])
@pytest.mark.parametrize(("r", "r_l"), [(0, 0), (0, 1), (1, 1), (1, 2), (2, 2)])
def test_theorem_against_groebner_bases(r, r_l, K):
    """What has no solution in complex numbers is not attained exactly, and the other way round.

    Over the reals the two agree here, as every construction is real.
    """
    M = [[int(i == j and i < r) for j in range(2)] for i in range(2)]
    linear = [int(i < r_l) for i in range(2)]
    c = join_c(0.0, np.array(linear, dtype=float), np.array(M, dtype=float))
    assert has_no_solution(linear, M, K) == (attainable(c, K).verdict != "exactly")


# p_-, p_+: M's negative and positive eigenvalues; then the verdict for k_+, k_- from 0 to 3.
BY_SIGNS = {
    "l inside, 1 and 1": ((1, 1), False, ("nnnn", "neee", "neee", "neee")),
    "l inside, 2 and 0": ((2, 0), False, ("nnnn", "nnnn", "eeee", "eeee")),
    "l outside, 1 and 1": ((1, 1), True, ("nnnn", "nnll", "nlee", "nlee")),
    "l outside, 0 and 0": ((0, 0), True, ("nlll", "leee", "leee", "leee")),
    "l outside, 0 and 2": ((0, 2), True, ("nnnl", "nnle", "nnle", "nnle")),
}


@pytest.mark.parametrize("name", BY_SIGNS)
def test_signs_decide(name):
    (below, above), outside, table = BY_SIGNS[name]
    for positive, row in enumerate(table):
        for negative, letter in enumerate(row):
            found = verdict_of(Signs(below, above), outside, Signs(positive, negative))
            assert found == WORDS[letter], (positive, negative)


@pytest.mark.parametrize(("signs", "bound"), [((1, 1), 0), ((0, 1), 2), ((1, 0), 3)])
def test_bound_of_missing_signs_is_that_of_hoffman_and_wielandt(signs, bound):
    """Eigenvalues -2 sqrt(2) and 3 sqrt(2) missing: their size over sqrt(2)."""
    c = join_c(0.0, np.zeros(2), np.sqrt(2) * np.diag([-2.0, 3.0]))
    found = attainable(c, Signs(*signs))
    assert (found.verdict == "exactly") == (bound == 0)
    assert found.bound == pytest.approx(bound, rel=1e-12)


def test_smallest_missing_eigenvalues_remain():
    c = join_c(0.0, np.zeros(4), np.sqrt(2) * np.diag([-5.0, -3.0, -4.0, 7.0]))
    assert attainable(c, Signs(1, 3)).bound == pytest.approx(5, rel=1e-12)
    assert attainable(-c, Signs(3, 1)).bound == pytest.approx(5, rel=1e-12)


@repeatable
@given(thetas())
def test_a_networks_own_coefficients_are_never_out_of_reach(theta):
    """Up to rounding: what remains is a few digits of the largest term."""
    c = c_theta(theta)
    bound = attainable(c, len(theta.b)).bound
    terms = np.abs(theta.v) @ np.sum(theta.W**2, axis=1) + norm(theta.W) * norm(
        theta.v * (1 - 2 * theta.b)
    )
    assert bound <= 64 * (len(theta.b) + theta.W.shape[1]) * 2.3e-16 * terms


@repeatable
@given(thetas(n_inputs=st.just(4), n_hidden=st.just(2)), st.integers(0, 2**32 - 1))
def test_no_network_comes_closer_than_the_bound(theta, seed):
    rng = np.random.default_rng(seed)
    M = rng.normal(size=(4, 4))
    c = join_c(rng.normal(), rng.normal(size=4), M + M.T)
    bound = attainable(c, 2).bound
    assert bound > 0
    assert norm(c_theta(theta) - c) >= bound
    assert recover_theta(c, 2, eps=1e3).achieved >= bound


def test_bound_is_attained_up_to_the_root_of_2():
    """An off-diagonal remainder counts once in c and twice in the Frobenius norm."""
    M = np.array([[0.0, 1.0], [1.0, 0.0]])
    c = join_c(0.0, np.zeros(2), M)
    # [M l] has singular values 1, 1; the nearest of rank 1 is (1, 1)/2 times its transpose.
    assert attainable(c, 1).bound == pytest.approx(np.sqrt(0.5))
    assert recover_theta(c, 1, eps=10.0).achieved >= np.sqrt(0.5)


@pytest.mark.parametrize(("big", "small"), [(1.0, 1.0), (1e8, 1e-8), (1e-8, 1e8), (1e-100, 1e100)])
def test_bound_survives_rounding_where_scales_differ(big, small):
    """The singular values of [M l] itself would be rounding noise of the larger part."""
    rng = np.random.default_rng(2)
    for _ in range(20):
        Q = np.linalg.qr(rng.normal(size=(3, 3)))[0]
        M = big * (Q * [1.0, 2.0, 0.0]) @ Q.T
        c = join_c(0.0, small * rng.normal(size=3), (M + M.T) / 2)
        bound = attainable(c, 2).bound
        assert 1e-6 * min(big, small) < bound <= recover_theta(c, 2, eps=10 * norm(c)).achieved


def test_bound_counts_the_linear_part_in_full():
    """M = e1 e1' and l = 3 e2: with s = sqrt(2), [M  s l] has singular values 1 and 3 sqrt(2)."""
    assert remaining(np.array([0.0, 3.0]), np.diag([1.0, 0.0]), 1) == pytest.approx(np.sqrt(0.5))
    assert remaining(np.array([0.0, 0.1]), np.diag([1.0, 0.0]), 1) == pytest.approx(0.1)


@pytest.mark.parametrize("scale", [1e-300, 1e-8, 1e8, 1e280], ids=str)
def test_ranks_do_not_depend_on_scale(scale):
    c = join_c(1.0, np.array([1.0, 1.0, 1.0]), np.diag([1.0, 2.0, 0.0]))
    found = attainable(c * scale, 2)
    assert (found.rank_m, found.rank_ml, found.verdict) == (2, 3, "no")


def test_tolerance_is_reported_and_is_what_decides():
    found = attainable(join_c(0.0, np.zeros(2), np.diag([1.0, 1.0])), 2)
    below, above = found.tolerance / 2, found.tolerance * 2
    assert attainable(join_c(0.0, np.zeros(2), np.diag([1.0, below])), 2).rank_m == 1
    assert attainable(join_c(0.0, np.zeros(2), np.diag([1.0, above])), 2).rank_m == 2


@pytest.mark.parametrize(
    ("c", "K", "message"),
    [
        (np.ones(4), 1, r"len\(c\) = 4"),
        (np.ones(3), 0, "n_hidden = 0"),
        (np.array([1, np.inf, 1]), 1, "expected finite numbers"),
    ],
    ids=["length", "no units", "infinite"],
)
def test_refused(c, K, message):
    with pytest.raises(ValueError, match=message):
        attainable(c, K)
