"""The signs of v that given coefficients need: found, necessary, and sufficient with directions."""

import numpy as np
import pytest

from analysis import (
    Theta,
    c_theta,
    fit_closed_form,
    join_c,
    phi,
    recover_theta,
    signs_needed,
    split_c,
)
from analysis.claims.random_cases import random_theta, symmetric


@pytest.mark.parametrize(
    ("lam", "signs"),
    [
        ((-2.0, -1e-9, 0.0, 3.0), (2, 1)),
        ((1e-7, 2e-7, 0.0, 0.0), (0, 2)),
        ((0.0, 0.0, 0.0, 0.0), (0, 0)),
        ((-1e8, -1e8, -1.0, -2.0), (4, 0)),
    ],
    ids=["both", "small", "zero", "negative"],
)
def test_signs_are_the_opposite_of_the_eigenvalues(lam, signs):
    M, Q = symmetric(np.array(lam), np.random.default_rng(0))
    c = join_c(0.5, Q @ np.ones(4), M)
    assert signs_needed(c) == signs
    assert signs_needed(-c) == signs[::-1]


@pytest.mark.parametrize("seed", range(20))
def test_every_network_has_the_signs_that_its_coefficients_need(seed):
    rng = np.random.default_rng(seed)
    theta = random_theta(4, int(rng.integers(1, 7)), rng)
    needed = signs_needed(c_theta(theta))
    assert (theta.v > 0).sum() >= needed.positive
    assert (theta.v < 0).sum() >= needed.negative


def test_recovered_networks_spend_no_sign_that_is_not_needed():
    M, Q = symmetric(np.array([-1.0, -0.5, 2.0]), np.random.default_rng(1))
    v = recover_theta(join_c(0.1, Q @ np.ones(3), M), 3).theta.v
    assert ((v > 0).sum(), (v < 0).sum()) == signs_needed(join_c(0.1, np.zeros(3), M))


def test_a_missing_sign_costs_loss_however_the_rest_is_chosen():
    """One input, a valley to fit, and a v that can only make hills: the best is a straight line."""
    x = np.linspace(-1, 1, 9)[:, None]
    y = x[:, 0] ** 2
    fit = fit_closed_form(x, y)
    assert signs_needed(fit.c_hat) == (0, 1)
    line = phi(x)[:, :2]
    best_line = np.linalg.lstsq(line, y, rcond=None)[1][0] / 2
    rng = np.random.default_rng(0)
    for _ in range(200):
        theta = random_theta(1, 2, rng)
        hills = Theta(theta.W, theta.b, np.abs(theta.v), theta.v0)
        gap = phi(x) @ c_theta(hills) - y
        assert gap @ gap / 2 >= best_line > 0.1 > fit.loss


@pytest.mark.parametrize("seed", range(10))
def test_a_network_without_the_signs_is_as_far_above_as_the_theorem_says(seed):
    """L >= L_hat + sigma_P(Phi)^2 lambda^2 / 4, also for the best weights found for such a v."""
    rng = np.random.default_rng(seed)
    X = rng.normal(size=(30, 2))
    y = X[:, 0] ** 2 - X[:, 1] ** 2 + 0.3 * rng.normal(size=30)
    fit = fit_closed_form(X, y)
    lam = np.linalg.eigvalsh(split_c(fit.c_hat)[2])
    assert signs_needed(fit.c_hat) == (1, 1)
    least = np.linalg.svd(phi(X), compute_uv=False)[-1] ** 2 * np.abs(lam).min() ** 2 / 4
    best = recover_theta(fit.c_hat, 2).theta
    for k in range(40):
        near = best._replace(W=best.W + 10.0 ** (-k / 8) * rng.normal(size=(2, 2)))
        for sign in (1.0, -1.0):
            theta = near._replace(v=sign * np.abs(near.v))
            gap = phi(X) @ c_theta(theta) - y
            assert gap @ gap / 2 >= fit.loss + least
    # The missing eigenvalue at zero and nothing else moved: not far above the bound.
    values, Q = np.linalg.eigh(split_c(fit.c_hat)[2])
    i = np.argmin(np.abs(values))
    missing = values[i] * np.outer(Q[:, i], Q[:, i])
    gap = phi(X) @ (fit.c_hat - join_c(0.0, np.zeros(2), (missing + missing.T) / 2)) - y
    assert least <= gap @ gap / 2 - fit.loss < 100 * least
