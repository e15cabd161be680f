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
        (np.array([[1e-310], [0.0]]), np.array([1.0, 2.0]), "as small as 1e-310: .* rescale"),
        (np.array([[1], [-2], [3]]) * 1e-160, np.array([1.0, -1, 5]), "as small as 1e-160"),
    ],
    ids=[
        "no data",
        "complex",
        "nan",
        "infinite target",
        "squares overflow",
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
