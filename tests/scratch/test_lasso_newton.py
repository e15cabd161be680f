"""The L1 solver's quadratic model: its Hessian against two witnesses, its minimum by conditions."""

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from scratch import lasso_newton

RNG = np.random.default_rng(5)
N, D, C = 700, 6, 3  # more examples than one block has
PIXELS = RNG.integers(0, 256, (N, D)).astype(np.uint8)
MEAN = PIXELS.mean(axis=0) / 256
WEIGHTS = 2 * RNG.normal(size=(C, D + 1))
X = np.column_stack([PIXELS / 256 - MEAN, np.ones(N)])


def softmax(W: np.ndarray) -> np.ndarray:
    e = np.exp(X @ W.T)
    return e / e.sum(axis=1, keepdims=True)


@pytest.mark.parametrize("ridge", [lasso_newton.RIDGE, 0.5], ids=["as it is", "to be seen"])
def test_hessian_is_that_of_the_loss(ridge: float, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lasso_newton, "RIDGE", ridge)
    k, j = np.nonzero((RNG.random((C, D + 1)) < 0.6) | (np.arange(D + 1) == D))
    ours = lasso_newton.model_hessian(PIXELS, MEAN, softmax(WEIGHTS), k, j)
    with jax.enable_x64(True):
        # The loss without its linear part, which has no Hessian.
        whole = np.asarray(
            jax.jit(jax.hessian(lambda W: jax.nn.logsumexp(X @ W.T, axis=1).mean()))(
                jnp.asarray(WEIGHTS)
            )
        )
    witness = whole[k[:, None], j[:, None], k, j]
    held = np.outer(j == D, j == D) + ridge * np.eye(len(k))
    np.testing.assert_allclose(ours, witness + held, rtol=0, atol=3e-7)
    one_class = k[:, None] == k
    for wrong in (np.where(one_class, witness, 0), np.where(one_class, witness, -witness)):
        assert np.abs(wrong - witness).max() > 1e-3


def model(n_weights: int, condition: float) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """A Hessian of this condition number, a gradient, a start; the last two are biases."""
    Q = np.linalg.qr(RNG.normal(size=(n_weights, n_weights)))[0]
    hessian = (Q * np.geomspace(1 / condition, 1, n_weights)) @ Q.T
    return (hessian + hessian.T) / 2, RNG.normal(size=n_weights), RNG.normal(size=n_weights)


def violation(
    H: np.ndarray, g: np.ndarray, w: np.ndarray, v: np.ndarray, penalties: np.ndarray
) -> float:
    r = g + H @ (v - w)
    at_zero = np.maximum(np.abs(r) - penalties, 0)
    return float(np.where(v == 0, at_zero, np.abs(r + penalties * np.sign(v))).max())


@pytest.mark.parametrize("condition", [1.0, 1e2, 1e4])
@pytest.mark.parametrize("penalty", [1e-3, 0.3, 1.0, 100.0])
def test_minimum_meets_its_conditions(condition: float, penalty: float) -> None:
    H, g, w = model(30, condition)
    penalties = np.full(30, penalty)
    penalties[-2:] = 0
    v = lasso_newton.model_minimum(H, g, w, penalties, 1e-9)
    assert violation(H, g, w, v, penalties) < 2e-9
    assert violation(H, g, w, w, penalties) > 1e-3
    assert violation(H, g, w, 1.01 * v, penalties) > 1e-6
    assert (penalty < 100) == bool(v[:-2].any())


@pytest.mark.parametrize("condition", [1.0, 1e2, 1e4])
def test_few_rounds_suffice(condition: float, monkeypatch: pytest.MonkeyPatch) -> None:
    """It stops as soon as the conditions are met, here far from its most rounds."""
    H, g, w = model(30, condition)
    rounds, sweep = [], lasso_newton._sweep
    monkeypatch.setattr(lasso_newton, "_sweep", lambda *a: rounds.append(a) or sweep(*a))
    lasso_newton.model_minimum(H, g, w, np.full(30, 0.1), 1e-9)
    assert 0 < len(rounds) < 20


@pytest.mark.parametrize("part", ["_sweep", "_solve"])
def test_either_part_alone_falls_short(part: str, monkeypatch: pytest.MonkeyPatch) -> None:
    # Sweeps creep where weights hang together; solves do not know which weights are zero.
    H, g, w = model(30, 1e5)
    penalties = np.full(30, 0.3)
    monkeypatch.setattr(lasso_newton, part, lambda *_: None)
    v = lasso_newton.model_minimum(H, g, w, penalties, 1e-9)
    assert violation(H, g, w, v, penalties) > 1e-6


class Case:
    """A model of four weights, two of them biases, and what its definition makes of it."""

    def __init__(self, number: int) -> None:
        self.H, self.g, self.w = model(4, 10.0)
        self.w *= 3
        self.penalties = np.array([0.5, 0.5, 0.0, 0.0])
        self.w[[1, 3][number % 2]] *= number % 3 > 0  # a weight that is zero, or a bias

    def gradient(self, v: np.ndarray) -> np.ndarray:
        return self.g + self.H @ (v - self.w)

    def value(self, v: np.ndarray) -> float:
        quadratic = self.g @ (v - self.w) + (v - self.w) @ self.H @ (v - self.w) / 2
        return float(quadratic + self.penalties @ np.abs(v))

    def solved(self) -> tuple[np.ndarray, int, np.ndarray]:
        """The weights after `_solve`, how often the way was halved, and what crossed zero."""
        w, penalties = self.w, self.penalties
        on = np.flatnonzero((w != 0) | (penalties == 0))
        wanted = -(self.g + penalties * np.sign(w))[on]
        way = np.zeros(4)
        way[on] = np.linalg.lstsq(self.H[np.ix_(on, on)], wanted, rcond=None)[0]
        for halvings in range(20):
            new = w + way / 2**halvings
            kept = np.where((new * w < 0) & (penalties > 0), 0.0, new)
            if self.value(kept) < self.value(w) or (kept == new).all():
                return kept, halvings, new * w < 0
        return w, 20, new * w < 0

    def swept(self) -> tuple[np.ndarray, int]:
        """The weights after `_sweep`, and the number of sweeps."""
        v, sweeps, before = self.w.copy(), 0, None
        while sweeps < 10 and not np.array_equal(before, v != 0):
            sweeps += 1
            before = v != 0
            for i in np.flatnonzero(before | (np.abs(self.gradient(v)) > self.penalties)):
                ways = [0.0]  # or the root of the derivative on either side of zero
                for sign in (-1.0, 1.0):
                    root = v[i] - (self.gradient(v)[i] + sign * self.penalties[i]) / self.H[i, i]
                    ways += [root] if root * sign > 0 else []
                v[i] = min(ways, key=lambda x: self.value(np.where(np.arange(4) == i, x, v)))
        return v, sweeps


def test_a_solve_is_the_first_fraction_of_the_way_that_falls() -> None:
    halved, weights, biases = 0, 0, 0
    for case in map(Case, range(400)):
        v, r = case.w.copy(), case.g.copy()
        lasso_newton._solve(case.H, v, r, case.penalties)
        expected, halvings, crossed = case.solved()
        np.testing.assert_allclose(v, expected, rtol=0, atol=1e-12)
        np.testing.assert_allclose(r, case.gradient(v), rtol=0, atol=1e-12)
        halved += halvings > 0
        weights, biases = weights + crossed[:2].any(), biases + crossed[2:].any()
    assert min(halved, weights, biases) > 10


def test_sweeps_minimise_over_one_weight_after_another() -> None:
    several = 0
    for case in map(Case, range(200)):
        v, r = case.w.copy(), case.g.copy()
        lasso_newton._sweep(case.H, v, r, case.penalties)
        expected, sweeps = case.swept()
        np.testing.assert_allclose(v, expected, rtol=0, atol=1e-12)
        np.testing.assert_allclose(r, case.gradient(v), rtol=0, atol=1e-12)
        several += sweeps > 1
    assert 10 < several < 190


def test_a_solve_keeps_signs_and_never_raises_the_model() -> None:
    crossings = 0
    for _ in range(200):
        H, g, w = model(4, 10.0)
        w *= 3
        penalties = np.full(4, 0.5)
        v, r = w.copy(), g.copy()
        lasso_newton._solve(H, v, r, penalties)
        value = g @ (v - w) + (v - w) @ H @ (v - w) / 2 + 0.5 * np.abs(v).sum()
        assert value <= 0.5 * np.abs(w).sum() + 1e-12
        assert (v * w >= 0).all()
        np.testing.assert_allclose(r, g + H @ (v - w), rtol=0, atol=1e-9)
        crossings += bool((v == 0).any())
    assert 0 < crossings < 200
