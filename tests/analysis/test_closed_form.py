"""The global minimum in closed form: question 3.4."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from quadratic_cases import repeatable

from analysis import fit_closed_form, forward, n_features, phi, predict, recover_theta
from analysis.spectrum import EPS, norm


@repeatable
@given(st.integers(1, 4), st.integers(1, 60), st.integers(0, 2**32 - 1))
def test_is_the_pseudo_inverse(D, N, seed):
    rng = np.random.default_rng(seed)
    X, y = rng.normal(size=(N, D)), rng.normal(size=N)
    fit = fit_closed_form(X, y)
    condition = np.linalg.cond(phi(X))
    expected = np.linalg.pinv(phi(X)) @ y
    if condition < 1e10:
        assert norm(fit.c_hat - expected) <= 1e-13 * condition**2 * (norm(expected) + norm(y))
    assert fit.rank <= min(N, n_features(D))
    assert fit.minimum_norm == (fit.rank < n_features(D))
    assert fit.loss == pytest.approx(
        np.sum((predict(fit.c_hat, X) - y) ** 2) / 2, rel=1e-9, abs=1e-18
    )


@repeatable
@given(st.integers(1, 3), st.integers(0, 2**32 - 1))
def test_no_other_c_is_better(D, seed):
    rng = np.random.default_rng(seed)
    X, y = rng.normal(size=(3 * n_features(D), D)), rng.normal(size=3 * n_features(D))
    fit = fit_closed_form(X, y)
    for step in (1.0, 1e-3, 1e-6):
        other = fit.c_hat + step * rng.normal(size=fit.c_hat.size)
        assert norm(predict(other, X) - y) >= fit.residual


@pytest.mark.parametrize("scale", [1e-8, 1.0, 1e8], ids=str)
@pytest.mark.parametrize("D", [1, 2, 3])
def test_size_of_the_inputs_does_not_pass_for_rank(D, scale):
    rng = np.random.default_rng(D)
    X, y = rng.normal(size=(40, D)), rng.normal(size=40)
    plain, scaled = fit_closed_form(X, y), fit_closed_form(scale * X, y)
    assert scaled.rank == plain.rank == n_features(D)
    assert scaled.residual == pytest.approx(plain.residual, rel=1e-12)


@pytest.mark.parametrize("scale", [1e-8, 1.0, 1e8], ids=str)
@pytest.mark.parametrize("N", [1, 2, 5])
def test_fewer_data_than_features_are_interpolated(N, scale):
    rng = np.random.default_rng(N)
    X, y = scale * rng.normal(size=(N, 3)), rng.normal(size=N)
    fit = fit_closed_form(X, y)
    assert (fit.rank, fit.minimum_norm) == (N, True)
    assert fit.residual < 1e-14


@pytest.mark.parametrize("seed", range(10))
def test_inputs_of_very_different_size_are_interpolated(seed):
    rng = np.random.default_rng(seed)
    X, y = rng.normal(size=(5, 2)) * [1e5, 1e-3], rng.normal(size=5)
    fit = fit_closed_form(X, y)
    assert (fit.rank, fit.minimum_norm) == (5, True)
    assert fit.residual < 1e-12 * norm(y)


@pytest.mark.parametrize(
    ("s", "rank"),
    [
        ((4.0, 32 * EPS, 32 * EPS), 1),
        ((4.0, 33 * EPS, 32 * EPS), 2),
        ((4.0, 33 * EPS, 33 * EPS), 3),
        ((0.25, 2 * EPS, EPS), 1),
        ((0.25, 3 * EPS, 2 * EPS), 2),
    ],
    ids=str,
)
def test_singular_values_up_to_max_n_p_eps_times_the_largest_are_zero(s, rank, monkeypatch):
    """N = 8 inputs, P = 3 features; the singular values are put in the place of the right ones."""
    svd = np.linalg.svd

    def with_other_values(*args, **options):
        U, _, Vt = svd(*args, **options)
        return U, np.array(s), Vt

    monkeypatch.setattr(np.linalg, "svd", with_other_values)
    X = np.random.default_rng(0).normal(size=(8, 1))
    assert fit_closed_form(X, np.ones(8)).rank == rank


OFFSETS = (0.0, -3.0, 1e3, 1e7, 1e8, -1e12, 1e15)


@pytest.mark.parametrize("offset", OFFSETS, ids=str)
def test_offset_inputs_have_the_same_minimum(offset):
    """x = offset + (0 .. 7): a straight shift, so that 8.3601190 is the minimum of all of them."""
    X, y = offset + np.arange(8.0)[:, None], np.array([1.0, -1, 2, 0, 3, 1, -2, 1])
    fit = fit_closed_form(X, y)
    assert (fit.rank, fit.minimum_norm) == (3, False)
    assert fit.loss == pytest.approx(8.360119047619047, rel=1e-13)
    curve = fit_closed_form(np.arange(8.0)[:, None], y).c_hat
    # M does not change, l = l_0 - 2 M offset.
    assert fit.c_hat[2] == pytest.approx(curve[2], rel=1e-13)
    assert fit.c_hat[1] == pytest.approx(curve[1] - 2 * curve[2] * offset, rel=1e-12)


@pytest.mark.parametrize("D", [1, 2, 3])
def test_offset_inputs_keep_their_function_as_far_as_float64_adds_it_up(D):
    rng = np.random.default_rng(D)
    X, y = rng.normal(size=(40, D)), rng.normal(size=40)
    for offset in (30.0, 1e4, 1e6):
        fit = fit_closed_form(X + offset, y)
        gap = norm(predict(fit.c_hat, X + offset) - y) - fit.residual
        assert abs(gap) <= 100 * EPS * offset**2 * norm(y)


def test_offset_inputs_on_a_circle_have_the_solution_of_least_norm():
    t = np.random.default_rng(0).uniform(0, 6, 50)
    X = np.column_stack([40 + np.cos(t), np.sin(t) - 70])
    fit = fit_closed_form(X, np.cos(3 * t))
    assert (fit.rank, fit.minimum_norm) == (5, True)
    # (x - 40)^2 + (y + 70)^2 - 1 vanishes on the circle.
    free = np.array([40.0**2 + 70.0**2 - 1, -80.0, 140.0, 1.0, 1.0, 0.0])
    assert abs(free @ fit.c_hat) < 1e-9 * norm(free) * norm(fit.c_hat)
    gap = norm(predict(fit.c_hat, X) - np.cos(3 * t))
    assert gap == pytest.approx(fit.residual, rel=1e-8)


def test_a_constant_input_is_no_reason_to_fail():
    fit = fit_closed_form(np.full((3, 1), 5.0), np.array([1.0, 2.0, 6.0]))
    assert (fit.rank, fit.minimum_norm) == (1, True)
    np.testing.assert_allclose(fit.c_hat, 3 * np.array([1, 5, 25]) / (1 + 25 + 625), rtol=1e-13)


@pytest.mark.parametrize("size", [1e-300, 1e160, 1e300], ids=str)
def test_targets_of_any_size(size):
    X, y = np.arange(8.0)[:, None], size * np.array([1.0, -1, 2, 0, 3, 1, -2, 1])
    fit = fit_closed_form(X, y)
    assert fit.residual == pytest.approx(np.sqrt(2 * 8.360119047619047) * size, rel=1e-12)
    assert fit.loss == (0.0 if size < 1 else np.inf)


def test_loss_is_right_up_to_the_largest_float64():
    fit = fit_closed_form(np.ones((2, 1)), np.array([1e154, -1e154]))
    assert fit.loss == pytest.approx(1e308, rel=1e-12)


QUADRICS = {
    "circle": lambda t: np.column_stack([np.cos(t), np.sin(t)]),
    "ellipse off centre": lambda t: np.column_stack([3 + 2 * np.cos(t), 1 - np.sin(t)]),
    "parabola": lambda t: np.column_stack([t, t**2]),
    "two lines": lambda t: np.column_stack([t, np.where(t > 3, t, -t)]),
}


@pytest.mark.parametrize("quadric", QUADRICS)
def test_inputs_on_a_quadric_leave_one_direction_free(quadric):
    rng = np.random.default_rng(0)
    X = QUADRICS[quadric](rng.uniform(0.1, 6, 500))
    y = rng.normal(size=500)
    fit = fit_closed_form(X, y)
    assert (fit.rank, fit.minimum_norm) == (5, True)
    free = np.linalg.svd(phi(X))[2][-1]
    assert abs(free @ fit.c_hat) < 1e-10 * norm(fit.c_hat)
    moved = fit.c_hat + free
    assert norm(predict(moved, X) - y) == pytest.approx(fit.residual)
    assert norm(moved) > norm(fit.c_hat)


@pytest.mark.parametrize("D", [1, 2, 5])
def test_network_reaches_the_minimum(D):
    rng = np.random.default_rng(D)
    X = rng.normal(size=(60, D))
    y = np.cos(X.sum(axis=1))
    fit = fit_closed_form(X, y)
    for K in (D, D + 1, D + 4):
        theta = recover_theta(fit.c_hat, K).theta
        assert norm(forward(theta, X) - y) == pytest.approx(fit.residual, rel=1e-12)


def test_a_network_is_found_again():
    rng = np.random.default_rng(0)
    X = rng.normal(size=(40, 3))
    c = rng.normal(size=10)
    fit = fit_closed_form(X, phi(X) @ c)
    assert norm(fit.c_hat - c) < 1e-12
    assert fit.residual < 1e-12


@pytest.mark.parametrize(
    ("X", "y", "message"),
    [
        (np.ones((0, 2)), np.ones(0), "X has 0 rows"),
        (np.ones((3, 2)) * 1j, np.ones(3), "X is complex"),
        (np.array([[np.nan]]), np.ones(1), r"X\[0, 0\] = nan"),
        (np.ones((1, 1)), np.array([np.inf]), r"y\[0\] = inf"),
        (np.array([[1e160]]), np.ones(1), "rescale the inputs"),
        (1e160 * np.array([[1.0], [1.001], [1.002]]), np.ones(3), "rescale the inputs"),
        (np.array([[1e-310], [0.0]]), np.array([1.0, 2.0]), "as small as 1e-310 .* rescale"),
        (np.array([[1], [-2], [3]]) * 1e-160, np.array([1.0, -1, 5]), "as small as 1e-160"),
    ],
    ids=[
        "no data",
        "complex",
        "nan",
        "infinite target",
        "squares overflow",
        "squares of centred inputs do not overflow",
        "shortest overflows",
        "only one overflows",
    ],
)
def test_refused(X, y, message):
    with pytest.raises(ValueError, match=message):
        fit_closed_form(X, y)


def test_unequal_lengths_are_caught_by_the_annotations():
    with pytest.raises(Exception, match=r"(?i)type-check"):
        fit_closed_form(np.ones((3, 2)), np.ones(4))
