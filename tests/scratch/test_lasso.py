"""L1-penalised logistic regression: its solution, its certificate, and each part's definition."""

import tracemalloc

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from oracles.differences import central_differences
from oracles.plain_lasso import PlainLasso

from scratch import lasso, lasso_newton

RNG = np.random.default_rng(11)
C = 3


def problem(n: int, d: int) -> tuple[np.ndarray, np.ndarray]:
    """Pixels and labels; classes differ in size and in the brightness of some pixels."""
    labels = RNG.permutation(np.arange(n) % 7 % C)
    bright = 40 * (labels[:, None] == np.arange(d) % (C + 2))
    return (RNG.integers(0, 200, (n, d)) + bright).astype(np.uint8), labels


def with_twins(n: int, d: int) -> tuple[np.ndarray, np.ndarray]:
    """Every pixel twice, and one that is always black: the Hessian is singular."""
    pixels, labels = problem(n, d)
    return np.column_stack([pixels, pixels, np.zeros(n, np.uint8)]), labels


CASES = {
    "many examples": problem(60, 8),
    "many pixels": problem(25, 60),
    "twins": with_twins(40, 6),
}
PIXELS, LABELS = CASES["many examples"]
PLAIN = PlainLasso(PIXELS, LABELS, C)
ONE_HOT = PLAIN.one_hot
START, LARGEST = lasso.zero_weights(PIXELS, LABELS, C)
PENALTY = LARGEST / 5
SOLVED = lasso.fit(PIXELS, LABELS, PENALTY, START, 1e-12)
WEIGHTS = RNG.normal(size=START.shape)


def violation_after(most: int = 50) -> float:
    return PLAIN.violation(lasso.fit(PIXELS, LABELS, PENALTY, START, 1e-12, most).weights, PENALTY)


@pytest.mark.parametrize("share", [0.7, 0.2, 0.05])
@pytest.mark.parametrize("case", CASES)
def test_solution_is_that_of_plain_proximal_gradient(case: str, share: float) -> None:
    pixels, labels = CASES[case]
    plain = PlainLasso(pixels, labels, C)
    start, largest = lasso.zero_weights(pixels, labels, C)
    penalty = share * largest
    solution = lasso.fit(pixels, labels, penalty, start, 1e-11)
    W, b = solution.weights[:, :-1], solution.weights[:, -1]
    witness = plain.ista(penalty)
    minimum = plain.objective(witness, plain.best_bias(witness), penalty)
    assert solution.gap <= 1e-11 * solution.objective
    assert solution.iterations < 20
    assert solution.objective == pytest.approx(minimum, abs=2e-10)
    assert solution.objective == pytest.approx(plain.objective(W, b, penalty), rel=1e-13)
    assert plain.violation(solution.weights, penalty) < 1e-5 * penalty
    assert 0 < np.count_nonzero(W) < W.size
    if case != "twins":  # whose solution is not unique
        np.testing.assert_allclose(W, witness, rtol=0, atol=1e-3 * np.abs(witness).max())


def test_conditions_reject_other_weights() -> None:
    assert violation_after() < 1e-8
    assert PLAIN.violation(WEIGHTS, PENALTY) > 0.01
    assert PLAIN.violation(SOLVED.weights, 1.01 * PENALTY) > 0.005 * PENALTY
    assert PLAIN.violation(SOLVED.weights * 1.01, PENALTY) > 1e-3 * PENALTY


WRONG = {
    "gradient 1 % off": (lasso, "gradient", lambda r, x: 1.01 * GRADIENT(r, x)),
    "bias penalised": (lasso, "l1_norm", lambda W: float(np.abs(W).sum())),
    "no zero joins": (lasso, "working_set", lambda W, _slope, _penalty: (W != 0) | BIASES),
    "steps too long": (
        lasso, "model_minimum", lambda H, g, w, *a: 3 * MINIMUM(H, g, w, *a) - 2 * w,
    ),
    "uphill": (lasso, "model_minimum", lambda H, g, w, *a: 2 * w - MINIMUM(H, g, w, *a)),
    "model of another lambda": (
        lasso, "model_minimum", lambda H, g, w, p, t: MINIMUM(H, g, w, 0.9 * p, t),
    ),
    "no mixed terms": (
        lasso, "model_hessian", lambda *a: np.diag(np.diag(HESSIAN(*a))),
    ),
    "bias left alone": (lasso, "best_bias", lambda s, _one_hot: np.full(s.shape[1], 0.01)),
}  # fmt: skip
GRADIENT, HESSIAN, MINIMUM = lasso.gradient, lasso.model_hessian, lasso.model_minimum
BIASES = np.arange(START.shape[1]) == START.shape[1] - 1


@pytest.mark.parametrize("wrong", WRONG)
def test_wrong_code_is_rejected(wrong: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(*WRONG[wrong])
    assert violation_after(most=8) > 1e-4 * PENALTY


def test_gradient_has_two_witnesses() -> None:
    W, b = WEIGHTS[:, :-1], WEIGHTS[:, -1]
    ours = lasso.gradient(PLAIN.softmax(W, b) - ONE_HOT, PIXELS)

    def loss(weights: jax.Array) -> jax.Array:
        s = (PIXELS / 256) @ weights[:, :-1].T + weights[:, -1]
        return -jnp.take_along_axis(jax.nn.log_softmax(s), LABELS[:, None], 1).mean()

    with jax.enable_x64(True):
        witness = np.asarray(jax.grad(loss)(jnp.asarray(WEIGHTS)))
    differences = central_differences(
        lambda arrays: lasso.loss(lasso.scores(arrays[0], PIXELS), ONE_HOT), [WEIGHTS]
    )[0]
    np.testing.assert_allclose(ours, witness, rtol=0, atol=1e-14)
    np.testing.assert_allclose(ours, differences, rtol=0, atol=1e-8)
    assert np.abs(1.01 * ours - witness).max() > 1e-4


@pytest.mark.parametrize("share", [0.02, 0.2, 0.9, 2.0])
def test_gap_is_its_definition_and_bounds_the_distance(share: float) -> None:
    penalty = share * LARGEST
    best = lasso.fit(PIXELS, LABELS, penalty, START, 1e-12)
    for W in (START, WEIGHTS, 5 * WEIGHTS, SOLVED.weights):
        found = lasso.fit(PIXELS, LABELS, penalty, W, 0.0, most=0)
        assert found.iterations == 0
        np.testing.assert_array_equal(found.weights[:, :-1], W[:, :-1])
        assert found.gap == pytest.approx(PLAIN.gap(W[:, :-1], penalty), rel=1e-6, abs=1e-12)
        assert found.gap >= found.objective - best.objective - 1e-12


def test_a_probability_of_zero_has_no_entropy() -> None:
    """Certain and wrong, with the classes' shares met: q is p, whose entropy is 0."""
    one_hot = np.eye(C)[np.arange(6) % C]
    certain = np.roll(one_hot, 1, axis=0)
    slope = np.zeros((C, 5))
    assert lasso.duality_gap(1.5, certain, one_hot, slope, 1.0) == 1.5


def test_a_model_is_solved_in_a_round_or_two(monkeypatch: pytest.MonkeyPatch) -> None:
    """Not to its last digits, for which it would go on to its most rounds."""
    rounds, sweep = [], lasso_newton._sweep
    monkeypatch.setattr(lasso_newton, "_sweep", lambda *a: rounds.append(a) or sweep(*a))
    iterations = lasso.fit(PIXELS, LABELS, PENALTY, START, 1e-12).iterations
    assert iterations <= len(rounds) <= 2 * iterations


def test_every_step_lowers_the_objective_also_from_far_away() -> None:
    steps = [lasso.fit(PIXELS, LABELS, PENALTY, 5 * WEIGHTS, 1e-10, most) for most in range(15)]
    objectives = [step.objective for step in steps[: steps[-1].iterations + 1]]
    assert 5 < len(objectives) < 15
    assert (np.diff(objectives) < 0).all()
    assert steps[-1].objective == pytest.approx(SOLVED.objective, rel=1e-10)


def test_no_gap_is_certified_without_the_best_bias(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lasso, "best_bias", lambda s, _one_hot: np.full(s.shape[1], 0.01))
    assert lasso.fit(PIXELS, LABELS, PENALTY, WEIGHTS, 1e-3, most=0).gap == np.inf


def test_stops_as_soon_as_the_gap_is_small_enough() -> None:
    gaps = [lasso.fit(PIXELS, LABELS, PENALTY, START, 0.0, most) for most in range(8)]
    for enough in (0.3, 0.01, 1e-4, 1e-6):
        first = next(s for s in gaps if s.gap <= enough * s.objective)
        assert lasso.fit(PIXELS, LABELS, PENALTY, START, enough).iterations == first.iterations > 0
    again = lasso.fit(PIXELS, LABELS, PENALTY, SOLVED.weights, 2e-12)
    assert again.iterations == 0
    np.testing.assert_allclose(again.weights, SOLVED.weights, rtol=0, atol=1e-12)


def test_the_start_is_left_as_it_is() -> None:
    before = START.copy()
    lasso.fit(PIXELS, LABELS, PENALTY, START, 1e-6)
    np.testing.assert_array_equal(START, before)


def test_lambda_max_is_where_weights_vanish() -> None:
    for share, zero in ((1.0001, True), (0.99, False)):
        solution = lasso.fit(PIXELS, LABELS, share * LARGEST, START, 1e-9)
        assert (not solution.weights[:, :-1].any()) == zero
    np.testing.assert_allclose(np.exp(START[:, -1]), ONE_HOT.mean(axis=0), rtol=1e-15)


@pytest.mark.parametrize("nonzeros", [0, 2, 300])
def test_working_set_is_the_nonzeros_and_the_worst_zeros(nonzeros: int) -> None:
    d, penalty = 400, 0.5
    W = np.zeros((C, d + 1))
    W.flat[RNG.choice(C * (d + 1), nonzeros, replace=False)] = 1.0
    W[:, -2], W[:, -1] = float(nonzeros > 0), 0.0  # the last pixel counts, the bias does not
    slope = RNG.uniform(-1, 1, W.shape)
    chosen = lasso.working_set(W, slope, penalty)
    inner, zeros = chosen[:, :-1], W[:, :-1] == 0
    size = np.abs(slope[:, :-1])
    joined = inner & zeros
    assert chosen[:, -1].all()
    assert inner[~zeros].all()
    assert joined.sum() == max(64, (~zeros).sum() // 2)
    assert size[joined].min() > max(penalty, size[zeros & ~inner].max())
    assert not lasso.working_set(W, 0.49 * slope, penalty)[:, :-1][zeros].any()


@pytest.mark.parametrize("scale", [1.0, 5.0], ids=["near", "far"])
def test_best_bias_makes_the_mean_probabilities_the_shares(scale: float) -> None:
    W = scale * WEIGHTS[:, :-1]
    s = PIXELS / 256 @ W.T + scale * np.arange(C)
    b = lasso.best_bias(s, ONE_HOT)
    np.testing.assert_allclose(
        np.exp(lasso.log_softmax(s + b)).mean(axis=0), ONE_HOT.mean(axis=0), rtol=0, atol=1e-13
    )
    other = np.exp(lasso.log_softmax(s + 1.01 * b)).mean(axis=0)
    assert np.abs(other - ONE_HOT.mean(axis=0)).max() > 1e-5


def test_best_bias_takes_newtons_few_steps(monkeypatch: pytest.MonkeyPatch) -> None:
    looked, log_softmax = [], lasso.log_softmax
    monkeypatch.setattr(lasso, "log_softmax", lambda s: looked.append(s) or log_softmax(s))
    lasso.best_bias(PIXELS / 256 @ WEIGHTS[:, :-1].T, ONE_HOT)
    assert 2 < len(looked) < 10


def test_scores_may_be_as_large_as_floats_are() -> None:
    found = lasso.log_softmax(np.array([[0.0, 1e300, 1e300], [-1e300, 0.0, -1e300]]))
    half = np.log(0.5)
    np.testing.assert_allclose(found, [[-1e300, half, half], [-1e300, 0, -1e300]], rtol=1e-15)


@pytest.mark.parametrize("first", range(PIXELS.shape[1]))
def test_the_order_of_pixels_changes_nothing(first: int) -> None:
    """Each pixel is once the last before the bias."""
    pixels = np.roll(PIXELS, first, axis=1)
    weights = np.column_stack([np.roll(WEIGHTS[:, :-1], first, axis=1), WEIGHTS[:, -1]])
    assert lasso.zero_weights(pixels, LABELS, C)[1] == pytest.approx(LARGEST, rel=1e-14)
    ours = lasso.fit(pixels, LABELS, PENALTY, weights, 0.0, most=0)
    usual = lasso.fit(PIXELS, LABELS, PENALTY, WEIGHTS, 0.0, most=0)
    assert ours.gap == pytest.approx(usual.gap, rel=1e-12)


@pytest.mark.parametrize("length", [0.3, 0.9, 1.7, 1.9, 2.1, 2.3, 3.0, 9.0])
def test_the_step_is_halved_until_the_objective_falls_enough(
    length: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Along a parabola, 1.8 times the way to its minimum falls by a tenth of the slope."""
    near = lasso.fit(PIXELS, LABELS, PENALTY, START, 1e-3)
    step = lasso.fit(PIXELS, LABELS, PENALTY, near.weights, 0.0, most=1).weights - near.weights
    monkeypatch.setattr(
        lasso, "model_minimum", lambda H, g, w, *a: w + length * (MINIMUM(H, g, w, *a) - w)
    )
    ours = lasso.fit(PIXELS, LABELS, PENALTY, near.weights, 0.0, most=1)
    assert ours.objective < near.objective
    size = length / 2 ** max(0, np.ceil(np.log2(length / 1.8)))
    moved = (ours.weights - near.weights)[:, :-1]
    np.testing.assert_allclose(moved, size * step[:, :-1], rtol=1e-9)


def test_no_copy_of_all_pixels_is_made_as_floats(monkeypatch: pytest.MonkeyPatch) -> None:
    pixels, labels = problem(4000, 1000)
    start, largest = lasso.zero_weights(pixels, labels, C)

    def peak() -> int:
        tracemalloc.start()
        try:
            lasso.fit(pixels, labels, 0.8 * largest, start, 1e-3)
            return tracemalloc.get_traced_memory()[1]
        finally:
            tracemalloc.stop()

    assert peak() < 3 * pixels.nbytes
    monkeypatch.setattr(lasso, "row_blocks", lambda _pixels: [slice(None)])
    assert peak() > 8 * pixels.nbytes


@pytest.mark.parametrize("penalty", [-1.0, 0.0, float("nan")])
def test_refuses(penalty: float) -> None:
    with pytest.raises(ValueError, match="expected a positive number"):
        lasso.fit(PIXELS, LABELS, penalty, START, 1e-3)


def test_refuses_a_class_without_examples() -> None:
    with pytest.raises(ValueError, match="no example of class 3"):
        lasso.zero_weights(PIXELS, LABELS, C + 1)
