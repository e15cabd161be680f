"""The L1 solver's iterates, stopping rule, gap, bias and step bound, each by its definition."""

import math

import numpy as np
import pytest

from scratch import lasso

RNG = np.random.default_rng(7)
# Classes of 12, 7 and 4 and features with means: with equal shares a wrong bias would go unseen.
LABELS = RNG.permutation(np.repeat([0, 1, 2], [12, 7, 4]))
N, D, C = len(LABELS), 5, 3
X = 0.5 * (RNG.normal(size=(N, D)) + (LABELS[:, None] == np.arange(D) % C) + 0.2)
ONE_HOT = np.eye(C)[LABELS]
SHARES = ONE_HOT.mean(axis=0)
PENALTY = 0.05
ONES = np.column_stack([X, np.ones(N)])
CURVATURE = float(np.linalg.eigvalsh(ONES.T @ ONES)[-1]) / (2 * N)
START = lasso.zero_weights(X, LABELS, C)
MOST = 60
TENS = range(0, MOST + 1, 10)


def softmax(W: np.ndarray, b: np.ndarray) -> np.ndarray:
    e = np.exp(X @ W.T + b)
    return e / e.sum(axis=1, keepdims=True)


def scaled_bias(W: np.ndarray, b: np.ndarray) -> np.ndarray:
    """The best bias by iterative scaling, its mean that of `b`."""
    mean = b.mean()
    for _ in range(100):
        b = b + np.log(SHARES / softmax(W, b).mean(axis=0))
    return b - b.mean() + mean


def objective(W: np.ndarray, penalty: float) -> float:
    """F with the best bias."""
    p = softmax(W, scaled_bias(W, START.b))
    return float(-np.log((p * ONE_HOT).sum(axis=1)).mean() + penalty * np.abs(W).sum())


def gap(W: np.ndarray, penalty: float) -> float:
    """F less the entropy of p, pulled to the labels until it is feasible for the dual."""
    residual = softmax(W, scaled_bias(W, START.b)) - ONE_HOT
    slope = np.abs(residual.T @ X / N).max()
    q = ONE_HOT + residual * (1 if slope <= penalty else penalty / slope)
    entropy = -sum(v * math.log(v) for v in q.ravel().tolist() if v > 0) / N
    return objective(W, penalty) - entropy


def iterates(
    most: int, *, momentum: bool = True, restart: bool = True
) -> tuple[list[np.ndarray], list[int]]:
    """`[W b]` after each step of the definition from zero, and the steps that restarted."""
    now = ahead = np.column_stack([START.W, START.b])
    t, found, restarts = 1.0, [now], []
    for k in range(most):
        slope = (softmax(ahead[:, :-1], ahead[:, -1]) - ONE_HOT).T @ ONES / N
        new = ahead - slope / CURVATURE
        shrunk = np.abs(new[:, :-1]) - PENALTY / CURVATURE
        new[:, :-1] = np.where(shrunk > 0, np.copysign(shrunk, new[:, :-1]), 0)
        if restart and ((ahead - new) * (new - now)).sum() > 0:
            t = 1.0
            restarts.append(k)
        larger = 0.5 + math.sqrt(0.25 + t * t)
        ahead = new + ((t - 1) / larger * (new - now) if momentum else 0)
        now, t = new, larger
        found.append(now)
    return found, restarts


PATH, RESTARTS = iterates(MOST)
LOOKS = {k: (objective(PATH[k][:, :-1], PENALTY), gap(PATH[k][:, :-1], PENALTY)) for k in TENS}


def fit(most: int, enough: float = 0.0) -> lasso.Solution:
    return lasso.fit(X, LABELS, PENALTY, START, CURVATURE, most, enough)


@pytest.mark.parametrize("most", [1, 2, 3, 7, 10, 19, 35, MOST])
def test_iterates_are_those_of_the_definition(most: int) -> None:
    solution = fit(most)
    W, b = PATH[most][:, :-1], PATH[most][:, -1]
    assert solution.iterations == most
    np.testing.assert_allclose(solution.weights.W, W, rtol=0, atol=1e-11)
    np.testing.assert_allclose(solution.weights.b, scaled_bias(W, b), rtol=0, atol=1e-10)
    assert solution.objective == pytest.approx(objective(W, PENALTY), rel=1e-11)
    assert solution.gap == pytest.approx(gap(W, PENALTY), rel=1e-6, abs=1e-12)


def test_other_iterates_are_rejected() -> None:
    assert len(RESTARTS) >= 2
    for wrong in ({"momentum": False}, {"restart": False}):
        other = iterates(MOST, **wrong)[0][MOST][:, :-1]
        assert np.abs(fit(MOST).weights.W - other).max() > 1e-8


@pytest.mark.parametrize("enough", [0.3, 0.1, 0.01, 1e-3, 1e-4, 5e-5])
def test_stops_at_the_first_look_that_finds_the_gap_small_enough(enough: float) -> None:
    first = next(k for k, (F, above) in LOOKS.items() if above <= enough * F)
    solution = fit(MOST, enough)
    assert solution.iterations == first > 0
    assert (solution.objective, solution.gap) == pytest.approx(LOOKS[first], rel=1e-6)


def test_a_gap_of_just_enough_is_enough() -> None:
    # Without a penalty the dual's only feasible point is the labels, and the gap is F itself.
    solution = lasso.fit(X, LABELS, 0.0, START, CURVATURE, 20, 1.0)
    assert solution.iterations == 0
    assert solution.gap == solution.objective


def test_a_warm_start_needs_no_iterations() -> None:
    cold = fit(1000, 1e-9)
    warm = lasso.fit(X, LABELS, PENALTY, cold.weights, CURVATURE, 1000, 2e-9)
    assert (cold.iterations > 10, warm.iterations) == (True, 0)
    np.testing.assert_array_equal(warm.weights.W, cold.weights.W)
    near = lasso.fit(X, LABELS, 0.98 * PENALTY, cold.weights, CURVATURE, 1000, 1e-6)
    far = lasso.fit(X, LABELS, 0.98 * PENALTY, START, CURVATURE, 1000, 1e-6)
    assert near.iterations < far.iterations
    assert near.objective == pytest.approx(far.objective, rel=2e-6)


def test_only_a_positive_product_restarts() -> None:
    # Slopes whose products vanish in float64 are not uphill, and the steps grow.
    x, labels = np.array([[1e-170], [-1e-170]]), np.array([0, 1])
    start = lasso.zero_weights(x, labels, 2)
    W = [lasso.fit(x, labels, 0.0, start, 0.5, most, 0.0).weights.W for most in (1, 9)]
    assert W[0][0, 0] == pytest.approx(1e-170)
    assert W[1][0, 0] > 10 * W[0][0, 0]


@pytest.mark.parametrize("penalty", [0.0, 1e-3, PENALTY, 0.1, 10.0])
def test_gap_is_its_definition_and_bounds_the_distance(penalty: float) -> None:
    points = [START.W, PATH[3][:, :-1], PATH[-1][:, :-1], RNG.normal(size=(C, D))]
    solved = lasso.fit(X, LABELS, penalty, START, CURVATURE, 100, 0.0).weights.W
    best = min(objective(W, penalty) for W in [solved, *points])
    for W in points:
        found = lasso.duality_gap(lasso.Weights(W, START.b), X, LABELS, penalty)
        expected = objective(W, penalty), gap(W, penalty)
        np.testing.assert_allclose(found, expected, rtol=1e-9, atol=1e-11)
        assert found[1] >= found[0] - best - 1e-12


def test_features_of_zeros_leave_no_gap() -> None:
    found = lasso.duality_gap(START, np.zeros_like(X), LABELS, PENALTY)
    entropy = -(SHARES * np.log(SHARES)).sum()
    np.testing.assert_allclose(found, (entropy, 0), rtol=0, atol=1e-14)


def test_zero_weights_and_lambda_max_are_their_formulas() -> None:
    np.testing.assert_allclose(np.exp(START.b), SHARES, rtol=1e-15)
    largest = np.abs((SHARES - ONE_HOT).T @ X / N).max()
    assert lasso.lambda_max(X, LABELS, C) == pytest.approx(largest, rel=1e-13)


@pytest.mark.parametrize("shift", [0.0, 1000.0], ids=["from zero", "from a thousand"])
def test_best_bias_makes_the_mean_probabilities_the_shares(shift: float) -> None:
    W = 3 * PATH[-1][:, :-1]
    b = lasso.best_bias(lasso.Weights(W, np.full(C, shift)), X, LABELS)
    np.testing.assert_allclose(b, scaled_bias(W, np.zeros(C)) + shift, rtol=0, atol=1e-11)
    assert np.abs(softmax(W, 1.01 * (b - shift)).mean(axis=0) - SHARES).max() > 1e-4


def test_best_bias_takes_few_steps_none_at_the_best_and_twenty_at_most(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    steps, inverse = [], np.linalg.pinv

    def counted(*args: object, **options: object) -> np.ndarray:
        steps.append(inverse(*args, **options))
        return steps[-1] * size

    monkeypatch.setattr(np.linalg, "pinv", counted)
    W, size = PATH[-1][:, :-1], 1
    b = lasso.best_bias(lasso.Weights(W, np.zeros(C)), X, LABELS)
    assert 2 <= len(steps) <= 7  # Newton's method squares the error
    steps.clear()
    lasso.best_bias(lasso.Weights(W, b), X, LABELS)
    assert not steps
    size = 0  # steps that lead nowhere
    lasso.best_bias(lasso.Weights(W, np.zeros(C)), X, LABELS)
    assert len(steps) == 20


@pytest.mark.parametrize("iterations", [0, 1, 2, 7])
def test_bound_is_power_iteration_on_the_features_and_one(iterations: int) -> None:
    v, square = np.append(np.random.RandomState(0).normal(size=D), 1.0), 0.0
    for _ in range(iterations):
        u = ONES @ v / np.linalg.norm(v)
        v, square = ONES.T @ u, u @ u
    assert lasso.lipschitz(X, iterations) == pytest.approx(1.02 * square / (2 * N), rel=1e-12)


def test_fifty_power_iterations_reach_the_largest_eigenvalue() -> None:
    assert CURVATURE <= lasso.lipschitz(X) <= (1.02 + 1e-9) * CURVATURE
    slow = np.diag(np.linspace(10, 11, 20))  # eigenvalues so close that every iteration counts
    bounds = [lasso.lipschitz(slow, k) for k in (49, 50, 51)]
    assert bounds[0] < lasso.lipschitz(slow) == bounds[1] < bounds[2]
