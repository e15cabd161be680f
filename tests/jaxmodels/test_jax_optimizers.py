"""Optax's optimizers against PyTorch's documented rules in NumPy, and a step worked by hand."""

import inspect
from collections.abc import Callable

import jax
import jax.numpy as jnp
import numpy as np
import optax
import pytest

from jaxmodels.optimizers import Hyperparameters, OptimizerName, optimizer

RNG = np.random.default_rng(0)
START = {"weight": RNG.normal(size=(3, 4)), "bias": RNG.normal(size=3)}
GRADIENTS = [{k: RNG.normal(size=v.shape) for k, v in START.items()} for _ in range(4)]
RATE = 0.1

Tree = dict[str, np.ndarray]
Rule = Callable[[np.ndarray, np.ndarray, dict[str, np.ndarray], int, str], np.ndarray]


def ours(name: OptimizerName, momentum: float, decay: float, rate: float = RATE) -> Tree:
    """Four steps, compiled, every hyperparameter data."""

    @jax.jit
    def step(hyper, params, state, gradient):
        updates, state = optimizer(name, hyper).update(gradient, state, params)
        return optax.apply_updates(params, updates), state

    # Optax's Adam raises a Python float to an integer power.
    promotion = "standard" if name == "adam" else "strict"
    with jax.enable_x64(True), jax.numpy_dtype_promotion(promotion):
        hyper = Hyperparameters(*(jnp.asarray(v) for v in (rate, momentum, decay, 0.0)))
        params = jax.tree.map(jnp.asarray, START)
        state = optimizer(name, hyper).init(params)
        for gradient in GRADIENTS:
            params, state = step(hyper, params, state, jax.tree.map(jnp.asarray, gradient))
        return jax.tree.map(np.asarray, params)


def sgd(momentum: float, decay: float, mistake: str = "") -> Tree:
    """`torch.optim.SGD`'s documentation, entry by entry."""
    result = {}
    for name, p in START.items():
        m = None
        for gradient in GRADIENTS:
            shrink = decay * p * {"2 lambda": 2, "minus lambda": -1}.get(mistake, 1)
            if mistake == "biases not decayed" and name == "bias":
                shrink = 0 * p
            g = gradient[name] + (0 if "decoupled" in mistake else shrink)
            damp = 1 - momentum if mistake == "dampened" else 1
            m = g if m is None else momentum * m + damp * g
            direction = g + momentum * m if mistake == "nesterov" else m
            p = p - RATE * (direction + (shrink if "decoupled" in mistake else 0))
        result[name] = p
    return result


def adam(decay: float, mistake: str = "") -> Tree:
    """Kingma and Ba, algorithm 1, the decay in the gradient."""
    result = {}
    for name, p in START.items():
        m, v = 0 * p, 0 * p
        for t, gradient in enumerate(GRADIENTS, 1):
            g = gradient[name] + (0 if "decoupled" in mistake else decay * p)
            m, v = 0.9 * m + 0.1 * g, 0.999 * v + 0.001 * g**2
            corrected = (1, 1) if "bias" in mistake else (1 - 0.9**t, 1 - 0.999**t)
            step = m / corrected[0] / (np.sqrt(v / corrected[1]) + 1e-8)
            p = p - RATE * (step + (decay * p if "decoupled" in mistake else 0))
        result[name] = p
    return result


def same(a: Tree, b: Tree) -> bool:
    return all(np.allclose(a[name], b[name], rtol=1e-12, atol=1e-14) for name in START)


@pytest.mark.parametrize("decay", [0.0, 0.3])
@pytest.mark.parametrize("momentum", [0.0, 0.9])
def test_sgd_is_pytorchs(momentum: float, decay: float) -> None:
    assert same(ours("sgd", momentum, decay), sgd(momentum, decay))


@pytest.mark.parametrize("decay", [0.0, 0.3])
def test_plain_sgd_is_sgd_without_momentum(decay: float) -> None:
    plain = ours("plain_sgd", 0.0, decay)
    assert same(plain, sgd(0.0, decay))
    assert not same(plain, sgd(0.1, decay))


@pytest.mark.parametrize("decay", [0.0, 0.3])
def test_adam_is_pytorchs(decay: float) -> None:
    assert same(ours("adam", 0.0, decay), adam(decay))


@pytest.mark.parametrize(
    "mistake",
    ["2 lambda", "minus lambda", "biases not decayed", "decoupled", "dampened", "nesterov"],
)
def test_rejects_another_sgd(mistake: str) -> None:
    assert not same(ours("sgd", 0.9, 0.3), sgd(0.9, 0.3, mistake))


@pytest.mark.parametrize("mistake", ["decoupled", "bias not corrected"])
def test_rejects_another_adam(mistake: str) -> None:
    assert not same(ours("adam", 0.0, 0.3), adam(0.3, mistake))


def test_rejects_another_learning_rate() -> None:
    assert not same(ours("sgd", 0.9, 0.3, rate=1.01 * RATE), sgd(0.9, 0.3))


def test_adam_has_no_momentum() -> None:
    assert same(ours("adam", 0.9, 0.3), ours("adam", 0.0, 0.3))


def test_two_steps_by_hand() -> None:
    """p = 2, rate 0.5, momentum 0.5, decay 0.25, gradients 1 and then -1.

    g = 1 + 0.25 * 2 = 1.5         m = 1.5                       p = 2 - 0.75 = 1.25
    g = -1 + 0.25 * 1.25 = -0.6875 m = 0.75 - 0.6875 = 0.0625    p = 1.25 - 0.03125 = 1.21875
    """
    hyper = Hyperparameters(*map(jnp.float32, (0.5, 0.5, 0.25, 0.0)))
    rule, p = optimizer("sgd", hyper), jnp.float32(2)
    state = rule.init(p)
    seen = []
    for gradient in (1.0, -1.0):
        update, state = rule.update(jnp.float32(gradient), state, p)
        p = optax.apply_updates(p, update)
        seen.append(float(p))
    assert seen == [1.25, 1.21875]


def test_an_unknown_name_is_refused() -> None:
    """Not taken for the last one in the list; below the types that the test run checks."""
    numbers = Hyperparameters(0.1, 0.0, 0.0, 0.0)
    with pytest.raises(ValueError, match="optimizer: got 'adamw', expected one of sgd"):
        inspect.unwrap(optimizer)("adamw", numbers)
