"""Every hand-written gradient has two witnesses: `jax.grad`, and central differences."""

from collections.abc import Callable

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from oracles.differences import central_differences

from scratch import logistic_regression, mlp

RNG = np.random.default_rng(5)
X = RNG.random(7)
LABEL, PENALTY = 2, 0.3
W = RNG.normal(size=(4, 7))
PARAMS = mlp.MLPParams(
    RNG.normal(size=(5, 7)), RNG.normal(size=5), RNG.normal(size=(4, 5)), RNG.normal(size=4)
)


def jax_logistic(arrays: list[jax.Array]) -> jax.Array:
    (weights,) = arrays
    return -jax.nn.log_softmax(weights @ X)[LABEL] + PENALTY / 2 * (weights**2).sum()


def jax_mlp(arrays: list[jax.Array]) -> jax.Array:
    W1, b1, W2, b2 = arrays
    return -jax.nn.log_softmax(W2 @ jax.nn.relu(W1 @ X + b1) + b2)[LABEL]


def numpy_logistic(arrays: list[np.ndarray]) -> float:
    return logistic_regression.loss(arrays[0], X, LABEL, PENALTY)


def numpy_mlp(arrays: list[np.ndarray]) -> float:
    return mlp.loss(mlp.MLPParams(*arrays), X, LABEL)


def logistic_gradient() -> list[np.ndarray]:
    return [logistic_regression.gradient(W, X, LABEL, PENALTY)]


def mlp_gradient() -> list[np.ndarray]:
    return list(mlp.backpropagate(PARAMS, X, LABEL)[1])


CASES = {
    "logistic regression": (logistic_gradient, jax_logistic, numpy_logistic, [W]),
    "mlp": (mlp_gradient, jax_mlp, numpy_mlp, list(PARAMS)),
}


def assert_close(ours: list[np.ndarray], witness: list[np.ndarray], atol: float) -> None:
    for a, b in zip(ours, witness, strict=True):
        np.testing.assert_allclose(a, b, rtol=0, atol=atol)


def by_jax(loss: Callable[[list[jax.Array]], jax.Array], arrays: list[np.ndarray]) -> list:
    with jax.enable_x64(True):
        gradient = jax.grad(loss)([jnp.asarray(a) for a in arrays])
        return [np.asarray(g) for g in gradient]


@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
def test_equals_automatic_differentiation(case) -> None:
    gradient, jax_loss, _, arrays = case
    assert_close(gradient(), by_jax(jax_loss, arrays), 1e-13)


@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
def test_equals_central_differences_in_every_coordinate(case) -> None:
    gradient, _, numpy_loss, arrays = case
    assert_close(gradient(), central_differences(numpy_loss, arrays), 1e-8)


@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
def test_losses_agree(case) -> None:
    _, jax_loss, numpy_loss, arrays = case
    with jax.enable_x64(True):
        assert numpy_loss(arrays) == pytest.approx(
            float(jax_loss([jnp.asarray(a) for a in arrays]))
        )


@pytest.mark.parametrize("factor", [-1.0, 1.01], ids=["wrong sign", "1 % off"])
@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
def test_both_witnesses_reject(case, factor: float) -> None:
    """One array of the gradient spoilt at a time is enough to be turned away."""
    gradient, jax_loss, numpy_loss, arrays = case
    for witness, atol in (
        (by_jax(jax_loss, arrays), 1e-13),
        (central_differences(numpy_loss, arrays), 1e-8),
    ):
        for which in range(len(arrays)):
            spoilt = gradient()
            spoilt[which] = factor * spoilt[which]
            with pytest.raises(AssertionError):
                assert_close(spoilt, witness, atol)


def test_zero_gradient_is_rejected() -> None:
    """A tolerance that grows with the array's size would let it pass."""
    zeros = [np.zeros_like(g) for g in mlp_gradient()]
    with pytest.raises(AssertionError):
        assert_close(zeros, by_jax(jax_mlp, list(PARAMS)), 1e-13)
