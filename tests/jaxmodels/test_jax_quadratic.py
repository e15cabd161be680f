"""Question 3's network in JAX: against NumPy, against differences, many starts against one."""

from typing import Any

import jax
import jax.flatten_util
import jax.numpy as jnp
import numpy as np
import pytest
from jaxtyping import TypeCheckError

from analysis import Theta, forward
from jaxmodels.models import Params
from jaxmodels.optimizers import Hyperparameters
from jaxmodels.quadratic import (
    ACTIVATIONS,
    Data,
    Shallow,
    descend,
    descent_step,
    many_starts,
    regressor,
    squared_loss,
    start,
)
from jaxmodels.training import TrainState, epoch_key

D, K, N = 2, 3, 7
HYPER = Hyperparameters(0.1, 0.0, 0.0, 0.0)
SHAPE = Shallow(D, K)
PLAIN = {
    "quadratic": lambda z: z - z**2,
    "relu": lambda z: z * (z > 0),
    "tanh": lambda z: (np.exp(z) - np.exp(-z)) / (np.exp(z) + np.exp(-z)),
    "sigmoid": lambda z: 1 / (1 + np.exp(-z)),
}


@pytest.fixture(autouse=True)
def _double():
    with jax.enable_x64(True):
        yield


@pytest.fixture
def data() -> Data:
    rng = np.random.default_rng(0)
    return Data(jnp.asarray(rng.normal(size=(N, D))), jnp.asarray(rng.normal(size=N)))


@pytest.fixture
def params() -> Params:
    return start(SHAPE, HYPER, jnp.uint32(3)).params


@pytest.fixture(scope="module")
def drawn() -> TrainState:
    """The starts of seeds 0, 1, 2, .."""
    with jax.enable_x64(True):
        return many_starts(SHAPE, HYPER, jnp.arange(200, dtype=jnp.uint32))


def some(tree: Any, index: int | slice) -> Any:
    return jax.tree.map(lambda leaf: leaf[index], tree)


def theta_of(params: Params) -> Theta:
    hidden, output = params["hidden"], params["output"]
    return Theta(
        np.asarray(hidden["weight"]),
        np.asarray(hidden["bias"]),
        np.asarray(output["weight"][0]),
        float(output["bias"][0]),
    )


def test_the_network_is_that_of_the_analysis(params, data):
    outputs = np.asarray(regressor(SHAPE).outputs(params, data.X))
    theta, X = theta_of(params), np.asarray(data.X)
    np.testing.assert_allclose(outputs, forward(theta, X), rtol=0, atol=1e-14)
    for wrong in (theta._replace(v=-theta.v), theta._replace(b=1.01 * theta.b)):
        assert np.abs(outputs - forward(wrong, X)).max() > 1e-4


@pytest.mark.parametrize("name", ACTIVATIONS)
def test_every_activation_is_its_textbook_line(name, params, data):
    W, b, v, v0 = theta_of(params)
    outputs = regressor(Shallow(D, K, name)).outputs(params, data.X)
    by_hand = [v @ PLAIN[name](W @ x + b) + v0 for x in np.asarray(data.X)]
    np.testing.assert_allclose(outputs, by_hand, rtol=0, atol=1e-14)


def gradient_by_hand(params: Params, data: Data, slope_sign: float = -1.0) -> Params:
    """L = 1/2 |r|^2: each r_n times the network's derivatives, g'(z) = 1 - 2z."""
    W, b, v, v0 = theta_of(params)
    X, y = np.asarray(data.X), np.asarray(data.y)
    z = X @ W.T + b
    h, slope = z - z**2, 1 + slope_sign * 2 * z
    r = h @ v + v0 - y
    back = r[:, None] * v * slope
    return {
        "hidden": {"weight": back.T @ X, "bias": back.sum(axis=0)},
        "output": {"weight": (r @ h)[None], "bias": r.sum(keepdims=True)},
    }


def largest_gap(a: Params, b: Params) -> float:
    gaps = jax.tree.map(lambda p, q: float(np.abs(np.asarray(p) - np.asarray(q)).max()), a, b)
    return max(jax.tree.leaves(gaps))


def test_gradient_equals_the_formula_and_rejects_a_flipped_sign(params, data):
    gradient = jax.grad(lambda p: squared_loss(SHAPE, p, data))(params)
    assert largest_gap(gradient, gradient_by_hand(params, data)) < 1e-13
    assert largest_gap(gradient, gradient_by_hand(params, data, slope_sign=1.0)) > 0.1


def test_gradient_equals_central_differences_in_every_coordinate(params, data):
    flat, build = jax.flatten_util.ravel_pytree(params)
    loss = jax.jit(lambda p: squared_loss(SHAPE, build(p), data))
    h = 1e-5
    differences = [
        float(loss(flat.at[i].add(h)) - loss(flat.at[i].add(-h))) / (2 * h)
        for i in range(len(flat))
    ]
    gradient = np.asarray(jax.grad(loss)(flat))
    np.testing.assert_allclose(gradient, differences, rtol=0, atol=1e-8)
    assert np.abs(1.01 * gradient - differences).max() > 1e-3


def test_loss_is_half_the_sum_of_squares(params, data):
    gap = forward(theta_of(params), np.asarray(data.X)) - np.asarray(data.y)
    assert float(squared_loss(SHAPE, params, data)) == pytest.approx(gap @ gap / 2, rel=1e-14)


def test_a_step_goes_down_the_gradient_of_the_mean(params, data):
    state = start(SHAPE, HYPER, jnp.uint32(3))
    after = descent_step(SHAPE, HYPER, state, data)
    gradient = gradient_by_hand(params, data)
    expected = jax.tree.map(lambda p, g: np.asarray(p) - 0.1 * g / N, params, gradient)
    assert largest_gap(after.params, expected) < 1e-15
    assert int(after.epoch) == 1


def test_first_weights_are_pytorchs(drawn):
    for layer, n_in in (("hidden", D), ("output", K)):
        for part in ("weight", "bias"):
            values = np.asarray(drawn.params[layer][part])
            bound = n_in**-0.5
            assert 0.98 * bound < np.abs(values).max() <= bound
            assert abs(values.mean()) < 0.1 * bound
            assert len(np.unique(values)) == values.size


def test_first_weights_are_the_same_for_every_activation(params, drawn):
    assert largest_gap(params, some(drawn.params, 3)) == 0
    for name in ACTIVATIONS:
        assert largest_gap(start(Shallow(D, K, name), HYPER, jnp.uint32(3)).params, params) == 0


def test_many_starts_are_each_start_alone(drawn, data):
    gaps = jnp.asarray([0, 4, 20])
    together = descend(SHAPE, HYPER, some(drawn, slice(3)), data, gaps)
    for i in range(3):
        alone = descend(SHAPE, HYPER, some(drawn, slice(i, i + 1)), data, gaps)
        assert largest_gap(some(together, i), some(alone, 0)) < 1e-14
    assert largest_gap(some(together, 0), some(together, 1)) > 0.01


def test_looks_are_after_as_many_steps_as_asked(drawn, data):
    looks = descend(SHAPE, HYPER, some(drawn, slice(4, 5)), data, jnp.asarray([0, 1, 3]))
    state, step = some(drawn, 4), jax.jit(lambda now: descent_step(SHAPE, HYPER, now, data))
    for done in range(5):
        for look, after in enumerate((0, 1, 4)):
            gap = largest_gap(some(some(looks, 0), look), state.params)
            assert (gap < 1e-15) == (after == done)
        state = step(state)


@pytest.mark.parametrize("name", ["quadratic", "tanh"])
def test_loss_falls(name, drawn, data):
    shape = Shallow(D, K, name)
    looks = descend(shape, HYPER, some(drawn, slice(4)), data, jnp.asarray([0, 1, 50]))
    loss = jax.vmap(jax.vmap(lambda params: squared_loss(shape, params, data)))
    assert (np.diff(loss(looks), axis=1) < 0).all()


def test_single_precision_is_kept(params, data):
    with jax.enable_x64(False):
        state = jax.eval_shape(lambda seed: start(SHAPE, HYPER, seed), jnp.uint32(3))
        small = jax.tree.map(lambda leaf: jnp.asarray(leaf, jnp.float32), data)
        state = jax.eval_shape(lambda now: descent_step(SHAPE, HYPER, now, small), state)
    assert {leaf.dtype for leaf in jax.tree.leaves(state.params)} == {np.dtype("float32")}


@pytest.mark.parametrize("X", [np.ones(D), np.ones((N, D), int)], ids=["one axis", "whole numbers"])
def test_wrong_arrays_are_caught(X, params):
    with pytest.raises(TypeCheckError):
        regressor(SHAPE).outputs(params, jnp.asarray(X))


@pytest.mark.parametrize(
    ("name", "value", "message"),
    [
        ("n_inputs", 0, "n_inputs = 0: expected a whole number of at least 1"),
        ("n_hidden", -1, "n_hidden = -1: expected a whole number of at least 1"),
        ("n_hidden", True, "n_hidden = True: expected a whole number of at least 1"),
        ("activation", "swish", "'swish': expected one of quadratic, relu, tanh, sigmoid"),
    ],
    ids=["D", "K", "bool", "activation"],
)
def test_refused(name, value, message):
    shape = Shallow(D, K)
    object.__setattr__(shape, name, value)  # past the test run's own check of types
    with pytest.raises(ValueError, match=message):
        shape.__post_init__()


def test_the_first_weights_come_from_the_key_of_epoch_0() -> None:
    seed = jnp.asarray(5, jnp.uint32)
    found = start(SHAPE, HYPER, seed).params
    expected, later = (
        regressor(SHAPE).initial(epoch_key(seed, jnp.asarray(epoch))) for epoch in (0, 1)
    )
    for one, other in zip(jax.tree.leaves(found), jax.tree.leaves(expected), strict=True):
        np.testing.assert_array_equal(one, other)
    pairs = zip(jax.tree.leaves(found), jax.tree.leaves(later), strict=True)
    assert any((one != other).any() for one, other in pairs)
