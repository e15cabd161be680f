"""The mistakes one makes in question 3, each of which the checks have to reject.

Every test shows the right code passing and the wrong code failing the same check, by a wide margin.
"""

import numpy as np
import pytest

from analysis import Theta, a_theta, achieved, c_theta, fit_closed_form, join_c, phi, recover_theta
from analysis.claims.printed_solution import as_printed
from analysis.features import pairs
from analysis.network import activation
from analysis.spectrum import norm


@pytest.fixture
def rng():
    return np.random.default_rng(7)


@pytest.fixture
def theta(rng):
    return Theta(rng.normal(size=(4, 3)), rng.normal(size=4), rng.normal(size=4), 0.5)


def _hidden_gap(theta, x, features):
    h = activation(x @ theta.W.T + theta.b)
    return np.abs(h - features @ a_theta(theta).T).max()


def test_phi_without_the_factor_2(rng, theta):
    x = rng.normal(size=(20, 3))
    halved = phi(x)
    halved[:, 7:] /= 2
    assert _hidden_gap(theta, x, phi(x)) < 1e-13
    assert _hidden_gap(theta, x, halved) > 0.1


def test_phi_with_pairs_in_column_order(rng):
    """(1,2), (1,3), (2,3), (1,4) instead of row order: the first difference is at D = 4."""
    D = 4
    theta = Theta(rng.normal(size=(4, D)), rng.normal(size=4), rng.normal(size=4), 0.5)
    x = rng.normal(size=(20, D))
    k, j = np.tril_indices(D, -1)
    swapped = phi(x)
    swapped[:, 1 + 2 * D :] = 2 * x[:, j] * x[:, k]
    assert sorted(zip(j, k, strict=True)) == sorted(zip(*pairs(D), strict=True))
    assert _hidden_gap(theta, x, phi(x)) < 1e-13
    assert _hidden_gap(theta, x, swapped) > 0.1


def test_coefficients_stacked_as_vech(rng):
    """The assignment's (4) stacks the lower triangle; its (2) has the squares first."""
    M = rng.normal(size=(3, 3))
    M += M.T
    c = join_c(0.0, np.zeros(3), M)
    stacked = np.concatenate([np.zeros(4), M[np.tril_indices(3)]])
    x = rng.normal(size=(20, 3))
    assert np.allclose(phi(x) @ c, np.sum(x @ M * x, axis=1))
    assert not np.allclose(phi(x) @ stacked, np.sum(x @ M * x, axis=1), atol=0.1)


def test_output_weights_with_the_printed_sign(rng):
    M = rng.normal(size=(3, 3))
    c = join_c(1.0, rng.normal(size=3), M + M.T + 6 * np.eye(3))
    sign_fixed = recover_theta(c, 3, method="assignment").theta
    assert achieved(sign_fixed, c) < 1e-13
    assert achieved(as_printed(c), c) == pytest.approx(2 * norm(c[4:]), rel=1e-12)


def test_as_printed_has_minus_m_and_all_else_right(rng):
    M = rng.normal(size=(3, 3))
    c = join_c(1.0, rng.normal(size=3), M + M.T + 6 * np.eye(3))
    found = c_theta(as_printed(c))
    np.testing.assert_allclose(found, np.concatenate([c[:4], -c[4:]]), rtol=1e-12, atol=1e-12)


def test_sign_of_the_quadratic_part(theta):
    right = c_theta(theta)
    wrong = right.copy()
    wrong[4:] *= -1
    assert achieved(theta, right) < 1e-14 * norm(right) * 10
    assert achieved(theta, wrong) > norm(right[4:])


def test_perturbation_without_repairing_v0():
    """M is moved by delta, b and v follow, but v0 is still that of lambda without the move."""
    c = join_c(0.5, np.array([1.0, 1.0]), np.diag([1.0, 0.0]))
    delta = 1e-6
    found = recover_theta(c, 2, method="assignment", delta=delta)
    W, b, v, _ = found.theta
    kept = v < -0.5  # the unit with lambda = 1; the other has v = -delta
    stale = Theta(W, b, v, 0.5 - float((b * (1 - b) * v)[kept].sum()))
    assert found.achieved < 2 * delta
    assert achieved(stale, c) > 1e5


def test_perturbation_without_repairing_b():
    """M is moved, b still belongs to a larger delta: the linear part is lost."""
    c = join_c(0.5, np.array([1.0, 1.0]), np.diag([1.0, 0.0]))
    found = recover_theta(c, 2, method="assignment", delta=1e-6)
    W, b, v, v0 = found.theta
    stale = Theta(W, np.where(v < -0.5, b, b / 2), v, v0)
    assert achieved(stale, c) > 0.4


def test_normal_equations_in_place_of_the_svd(rng):
    """Inputs of size 1 around 30: the condition number squared eats every digit."""
    X = 30 + rng.normal(size=(200, 3))
    c = rng.normal(size=10)
    Phi, y = phi(X), phi(X) @ c
    by_normal_equations = np.linalg.solve(Phi.T @ Phi, Phi.T @ y)
    by_svd = fit_closed_form(X, y).c_hat
    assert norm(by_svd - c) < 1e-6 * norm(c)
    assert norm(by_normal_equations - c) > 100 * norm(by_svd - c)


def test_normal_equations_on_a_sphere(rng):
    """Rank deficient: pinv has a shortest solution, the inverse of Phi'Phi has nothing to say."""
    X = rng.normal(size=(60, 2))
    X /= np.linalg.norm(X, axis=1, keepdims=True)
    y = X[:, 0] + rng.normal(size=60)
    fit = fit_closed_form(X, y)
    Gram = phi(X).T @ phi(X)
    assert fit.minimum_norm
    assert norm(fit.c_hat) < 10
    assert np.linalg.cond(Gram) > 1e14


def test_unit_rows_at_a_negligible_delta():
    """The same delta, 1e-16: scaled rows keep c, unit rows lose it."""
    c = join_c(0.3, np.array([1.0, 0.7]), np.diag([1.0, 0.0]))
    assert recover_theta(c, 2, delta=1e-16).achieved < 1e-15
    assert recover_theta(c, 2, method="assignment", delta=1e-16).achieved > 1e-3
