"""L1-penalised logistic regression: gradient, threshold, optimality, and the gap's promise."""

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from oracles.differences import central_differences

from scratch import lasso

RNG = np.random.default_rng(11)
N, D, C = 60, 8, 3
LABELS = np.arange(N) % C
X = RNG.normal(size=(N, D)) + (LABELS[:, None] == np.arange(D) % C)
X -= X.mean(axis=0)
WEIGHTS = lasso.Weights(RNG.normal(size=(C, D)), RNG.normal(size=C))
PENALTY = 0.05


def solve(penalty: float, most: int = 5000) -> lasso.Solution:
    start = lasso.zero_weights(X, LABELS, C)
    return lasso.fit(X, LABELS, penalty, start, lasso.lipschitz(X, 200), most, 1e-12)


def subgradient_violation(weights: lasso.Weights, penalty: float) -> float:
    """How far 0 is from the subdifferential of F, over all entries."""
    _, slope = lasso.loss_and_gradient(weights, X, LABELS)
    W = weights.W
    at_zero = np.maximum(np.abs(slope.W) - penalty, 0)
    elsewhere = np.abs(slope.W + penalty * np.sign(W))
    return float(max(np.where(W == 0, at_zero, elsewhere).max(), np.abs(slope.b).max()))


def test_gradient_has_two_witnesses() -> None:
    _, ours = lasso.loss_and_gradient(WEIGHTS, X, LABELS)

    def loss(arrays: list) -> jax.Array:
        s = X @ arrays[0].T + arrays[1]
        return -jnp.take_along_axis(jax.nn.log_softmax(s), LABELS[:, None], 1).mean()

    with jax.enable_x64(True):
        witness = [np.asarray(g) for g in jax.grad(loss)([jnp.asarray(w) for w in WEIGHTS])]
    differences = central_differences(
        lambda arrays: lasso.loss_and_gradient(lasso.Weights(*arrays), X, LABELS)[0], list(WEIGHTS)
    )
    for a, b, d in zip(ours, witness, differences, strict=True):
        np.testing.assert_allclose(a, b, rtol=0, atol=1e-14)
        np.testing.assert_allclose(a, d, rtol=0, atol=1e-8)
        for factor in (-1.0, 1.01):
            assert np.abs(factor * a - b).max() > 1e-5


@pytest.mark.parametrize("tau", [0.0, 0.3, 2.0])
def test_soft_threshold_minimises(tau: float) -> None:
    w = np.array([-1.5, -0.3, -0.1, 0.0, 0.2, 0.3, 1.0])
    v = lasso.soft_threshold(w, tau)
    grid = np.linspace(-2, 2, 4001)
    objective = (grid - w[:, None]) ** 2 / 2 + tau * np.abs(grid)
    np.testing.assert_allclose(v, grid[objective.argmin(axis=1)], atol=1.001e-3)
    assert (v[np.abs(w) <= tau] == 0).all()


def test_solution_is_optimal_and_has_exact_zeros() -> None:
    solution = solve(PENALTY)
    assert subgradient_violation(solution.weights, PENALTY) < 1e-6
    zeros = int((solution.weights.W == 0).sum())
    assert 0 < zeros < C * D
    assert subgradient_violation(WEIGHTS, PENALTY) > 0.01
    assert subgradient_violation(solution.weights, 1.1 * PENALTY) > 1e-3


@pytest.mark.parametrize(
    "wrong",
    [
        lambda w, tau: w - tau * np.sign(w),  # a subgradient step: hops over zero
        lambda w, tau: w / (1 + tau),  # the proximal map of L2
        lambda w, tau: np.sign(w) * np.maximum(np.abs(w) - 2 * tau, 0),
    ],
    ids=["subgradient", "L2", "twice tau"],
)
def test_a_wrong_threshold_is_rejected(wrong, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lasso, "soft_threshold", wrong)
    assert subgradient_violation(solve(PENALTY, 500).weights, PENALTY) > 1e-3


def test_lambda_max_is_where_weights_vanish() -> None:
    largest = lasso.lambda_max(X, LABELS, C)
    assert not solve(1.0001 * largest).weights.W.any()
    assert solve(0.98 * largest).weights.W.any()


def test_gap_bounds_the_distance_to_the_minimum() -> None:
    minimum = solve(PENALTY).objective
    for most in (1, 5, 20):
        early = solve(PENALTY, most)
        assert early.iterations == most
        assert early.gap >= early.objective - minimum - 1e-12
        assert early.objective - minimum > 1e-7  # so the bound has something to bound
    assert solve(PENALTY).gap < 1e-8


def test_bound_on_curvature() -> None:
    largest = np.linalg.norm(np.column_stack([X, np.ones(N)]), 2) ** 2 / (2 * N)
    assert largest <= lasso.lipschitz(X, 200) <= 1.03 * largest
    assert lasso.lipschitz(X, 200) > 1.01 * lasso.lipschitz(X[:, :4], 200)


def test_float32_stays_float32() -> None:
    x = X.astype(np.float32)
    start = lasso.zero_weights(x, LABELS, C)
    solution = lasso.fit(x, LABELS, PENALTY, start, lasso.lipschitz(x), 30, 1e-4)
    assert {array.dtype for array in solution.weights} == {np.dtype(np.float32)}


@pytest.mark.parametrize(("penalty", "curvature"), [(-1.0, 1.0), (float("nan"), 1.0), (0.1, 0.0)])
def test_refuses(penalty: float, curvature: float) -> None:
    with pytest.raises(ValueError, match="expected at least 0 and above 0"):
        lasso.fit(X, LABELS, penalty, WEIGHTS, curvature, 5, 1e-3)


def test_refuses_a_class_without_examples() -> None:
    with pytest.raises(ValueError, match="no example of class 3"):
        lasso.zero_weights(X, LABELS, C + 1)
