"""Question 3's page on the landscape of the loss: its numbers, its minimum, its decay, computed."""

import numpy as np
import pytest
from quadratic_cases import one_unit
from question3_page import PAGE

from analysis import (
    Theta,
    c_theta,
    decay,
    fit_closed_form,
    forward,
    join_c,
    least_decay,
    min_decay_network,
    phi,
    signs_needed,
    split_c,
    with_activation,
)


def losses_on_three_points(y, columns):
    """Half the squared residual of the best fit by the first features of one input."""
    x = np.array([-1.0, 0.0, 1.0])[:, None]
    gap = phi(x)[:, :columns] @ np.linalg.lstsq(phi(x)[:, :columns], y, rcond=None)[0] - y
    return gap @ gap / 2


def test_numbers_of_the_landscape():
    x = np.array([-1.0, 0.0, 1.0])
    assert losses_on_three_points(x**2, 2) == pytest.approx(1 / 3)
    assert (x**2).mean() == pytest.approx(2 / 3)
    assert losses_on_three_points(x**2 + x, 2) == pytest.approx(1 / 3)
    assert losses_on_three_points(x**2 + x, 1) == pytest.approx(4 / 3)
    assert forward(one_unit(1, 1, -1, 0), x[:, None]).tolist() == (x**2 + x).tolist()
    for text in (r"output is $\frac23$", r"$L = \frac13$", r"L \ge \frac43$"):
        assert text in PAGE


@pytest.mark.parametrize("n_hidden", [1, 2, 5])
def test_local_minimum_that_is_not_global(n_hidden):
    x = np.array([-1.0, 0.0, 1.0])[:, None]
    y, K, rng = x[:, 0] ** 2, n_hidden, np.random.default_rng(n_hidden)
    at = np.concatenate([np.zeros(K), np.full(K, 0.5), np.ones(K), [2 / 3 - K / 4]])

    def loss(theta):
        found = Theta(theta[:K, None], theta[K : 2 * K], theta[2 * K : 3 * K], theta[-1])
        return np.sum((forward(found, x) - y) ** 2) / 2

    assert loss(at) == pytest.approx(1 / 3)
    for size in np.repeat([1e-6, 1e-3, 0.1, 0.9], 200):
        near = at + size * rng.uniform(-1, 1, len(at))
        assert loss(near) >= 1 / 3 - 1e-12
    far = np.where(np.arange(len(at)) < K, 0.3, at)
    far[2 * K : 3 * K] = -1.0
    far[-1] = 2 / 3 + K / 4
    assert loss(far) < 1 / 3 - 1e-3


def test_one_decayed_eigenvalue():
    """Below 2^(5/4) s^(3/4) the minimizer is 0, above it at least half of that."""
    s, grid = 0.3, np.linspace(-4, 4, 80_001)
    penalty = 3 * 2 ** (-2 / 3) * s * np.abs(grid) ** (2 / 3)
    threshold = 2 ** (5 / 4) * s ** (3 / 4)

    def minimizer(wanted):
        return grid[np.argmin((grid - wanted) ** 2 / 2 + penalty)]

    assert minimizer(0.999 * threshold) == pytest.approx(0, abs=1e-12)
    assert minimizer(1.001 * threshold) == pytest.approx(threshold / 2, rel=5e-3)
    assert threshold / 2 == pytest.approx(2 ** (1 / 4) * s ** (3 / 4))
    for text in (r"$\lvert\lambda\rvert \le 2^{5/4} \omega^{3/4}$", r"$2^{1/4} \omega^{3/4}$"):
        assert text in PAGE


@pytest.mark.parametrize("seed", range(10))
def test_loss_without_the_signs(seed):
    """Theorem 9 with two missing signs: better than with the nearest eigenvalue alone."""
    rng = np.random.default_rng(seed)
    X = rng.normal(size=(60, 3))
    y = -((X * [1.0, 0.9, 0.8]) ** 2).sum(axis=1) + 0.1 * rng.normal(size=60)
    fit = fit_closed_form(X, y)
    lam = np.linalg.eigvalsh(split_c(fit.c_hat)[2])
    assert signs_needed(fit.c_hat) == (3, 0)
    sigma = np.linalg.svd(phi(X), compute_uv=False)[-1]
    for positive in range(3):
        missing = np.sort(np.abs(lam))[: 3 - positive]
        bound = sigma**2 * (missing**2).sum() / 4
        for size in (0.0, 0.01, 0.1, 1.0):
            # The eigenvectors that are left, shaken, and the rest with v < 0.
            values, Q = np.linalg.eigh(split_c(fit.c_hat)[2])
            W = Q.T + size * rng.normal(size=(3, 3))
            v = np.where(np.arange(3) < positive, -values, -size)
            c = c_theta(Theta(W, np.full(3, 0.5), v, 0.0))
            linear = phi(X)[:, :4]
            rest = y - phi(X)[:, 4:] @ c[4:]
            gap = linear @ np.linalg.lstsq(linear, rest, rcond=None)[0] - rest
            assert gap @ gap / 2 >= fit.loss + bound * (1 - 1e-9)


@pytest.mark.parametrize("alpha", [0.1, -1.0, 8.0])
def test_decay_with_another_activation(alpha):
    """(13) over |alpha|^(2/3): reached by lengths of their own, and never undercut."""
    rng = np.random.default_rng(1)
    A = rng.normal(size=(3, 3))
    c = join_c(0.3, (A + A.T) @ rng.normal(size=3), A + A.T)
    least = least_decay(c) / abs(alpha) ** (2 / 3)
    theta = min_decay_network(c, 3)
    same = with_activation(theta, alpha, 0.4, 0.2)
    lengths = np.geomspace(0.1, 10, 2001)
    costs = [
        decay(same._replace(W=same.W * a, v=same.v / a**2)) for a in lengths
    ]  # of M, which the lengths leave alone
    assert min(costs) == pytest.approx(least, rel=1e-5)
    assert abs(alpha) == 1 or min(costs) != pytest.approx(least_decay(c), rel=0.1)
    assert r"divided by $\lvert\alpha_2\rvert^{2/3}$" in PAGE
