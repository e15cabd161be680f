"""Theorem 8 run end to end: from K = D + 1 units on, a path to the minimum that never rises."""

import numpy as np
import pytest
from descending_path import descending_path

from analysis import Theta, fit_closed_form, forward, split_c

pytestmark = pytest.mark.usefixtures("unchecked")


def bordered(c: np.ndarray, corner: float) -> np.ndarray:
    """B(a), the matrix [[a, l'/2], [l/2, M]]."""
    _, l, M = split_c(c)
    return np.block([[np.full((1, 1), corner), l[None] / 2], [l[:, None] / 2, M]])


def theta_of(point, B_0, target, constant_0, constant_1) -> Theta:
    """The point as a network; v0 makes c1 - a what it is on the straight line at B."""
    U, v = point
    B, line = -(U.T * v) @ U, target - B_0
    s = np.sum((B - B_0) * line) / np.sum(line**2)
    constant = constant_0 + s * (constant_1 - constant_0)
    return Theta(U[:, 1:], U[:, 0] + 0.5, v, constant - v.sum() / 4)


def walk(seed: int, n: int, *, straight: bool = False):
    """The losses along the path, the largest step of Theta, sign changes, and the least loss."""
    rng = np.random.default_rng(seed)
    D = int(rng.integers(1, 4))
    K = D + 1 + int(rng.integers(0, 3))
    X = rng.normal(size=(30, D))
    y = np.sin(2 * X.sum(axis=1)) + X[:, 0] * X[:, -1] + 0.2 * rng.normal(size=30)
    fit = fit_closed_form(X, y)
    U, v, v0 = rng.normal(size=(K, D + 1)), rng.normal(size=K), float(rng.normal())
    B_0, target = -(U.T * v) @ U, bordered(fit.c_hat, 0.3)
    points = descending_path(U, v, target, n)
    ends = v0 + v.sum() / 4, fit.c_hat[0] - 0.3
    thetas = [theta_of(point, B_0, target, *ends) for point in points]
    grid = np.linspace(0, 1, n)
    first = Theta(U[:, 1:], U[:, 0] + 0.5, v, v0)
    if straight:
        mix = [[(1 - s) * p + s * q for p, q in zip(first, thetas[-1], strict=True)] for s in grid]
        thetas = [Theta(*parts) for parts in mix]
    losses = [np.sum((forward(theta, X) - y) ** 2) / 2 for theta in [first, *thetas]]
    flat = np.array([np.concatenate([t.W.ravel(), t.b, t.v, [t.v0]]) for t in [first, *thetas]])
    changes = np.sum(np.linalg.eigvalsh(B_0) * np.linalg.eigvalsh(target) < 0)
    return np.array(losses), np.abs(np.diff(flat, axis=0)).max(), changes, fit.loss


@pytest.mark.parametrize("seed", range(25))
def test_loss_never_rises_on_the_way_to_the_minimum(seed):
    losses, _, _, least = walk(seed, 40)
    assert np.diff(losses).max() <= 1e-9 * losses[0]
    assert losses[-1] == pytest.approx(least, rel=1e-9)


def test_signs_change_on_the_way():
    assert sum(walk(seed, 10)[2] for seed in range(25)) == 17


@pytest.mark.parametrize("seed", range(3))
def test_path_is_continuous(seed):
    """Sixteen times as many points: steps at most half as large (a root has slope infinity)."""
    assert walk(seed, 320)[1] <= 0.5 * walk(seed, 20)[1]


def test_a_straight_line_between_the_weights_rises():
    """The obvious path, weights in place of coefficients, is not one: the check can fail."""
    rises = [np.diff(walk(seed, 20, straight=True)[0]).max() for seed in range(25)]
    assert max(rises) > 1e-3
