"""The two models: formula, initial values, dropout, gradient."""

import math

import chex
import jax
import jax.numpy as jnp
import numpy as np
import pytest
from flax import nnx
from oracles.pictures import pictures

from jaxmodels.losses import cross_entropy, predict
from jaxmodels.models import Architecture, Dropout, Params, apply_dropout, named_arrays, network
from scratch import logistic_regression
from scratch.features import features_with_bias
from scratch.softmax import cross_entropy as scratch_cross_entropy

PIXELS, LABELS = pictures(n=9)
LOGISTIC = Architecture("logistic_regression", 12, 6)
MLP = Architecture("mlp", 12, 6, hidden_size=7, layers=3, activation="relu")
WIDE = Architecture("mlp", 900, 6, hidden_size=400, layers=2)
KEY = jax.random.key(0)

ACTIVATIONS = {"relu": lambda z: np.maximum(z, 0), "tanh": np.tanh}


def numpy_scores(params: Params, pixels: np.ndarray, activation: str, scale: float) -> np.ndarray:
    h = pixels / scale
    for i in sorted(params.get("hidden", {})):
        layer = params["hidden"][i]
        h = ACTIVATIONS[activation](h @ np.asarray(layer["weight"]).T + np.asarray(layer["bias"]))
    return h @ np.asarray(params["output"]["weight"]).T + np.asarray(params["output"]["bias"])


@pytest.mark.parametrize(
    "architecture",
    [
        LOGISTIC,
        MLP,
        Architecture("mlp", 12, 6, 5, 1, "tanh"),
        Architecture("mlp", 12, 6, 5, 2, "tanh"),
    ],
    ids=lambda a: f"{a.model}-{a.layers}-{a.activation}",
)
def test_scores_are_the_formulas(architecture: Architecture) -> None:
    net = network(architecture)
    params = net.initial(KEY)
    logits = net.logits(params, jnp.asarray(PIXELS), None)
    chex.assert_shape(logits, (9, 6))
    chex.assert_type(logits, jnp.float32)
    expected = numpy_scores(params, PIXELS, architecture.activation, 256)
    np.testing.assert_allclose(logits, expected, rtol=1e-5, atol=1e-6)
    wrong = numpy_scores(params, PIXELS, architecture.activation, 255)
    assert not np.allclose(logits, wrong, rtol=1e-5, atol=1e-6)


def test_parameters_are_named_as_in_pytorch() -> None:
    arrays = named_arrays(network(MLP).initial(KEY))
    assert {name: array.shape for name, array in arrays.items()} == {
        "hidden.0.weight": (7, 12),
        "hidden.0.bias": (7,),
        "hidden.1.weight": (7, 7),
        "hidden.1.bias": (7,),
        "hidden.2.weight": (7, 7),
        "hidden.2.bias": (7,),
        "output.weight": (6, 7),
        "output.bias": (6,),
    }


def assert_pytorchs_initial_values(arrays: dict[str, jax.Array]) -> None:
    """Uniform in +-1 / sqrt(fan_in), weights and biases, each drawn for itself."""
    for name, array in arrays.items():
        layer = name.rpartition(".")[0]
        bound = 1 / math.sqrt(arrays[f"{layer}.weight"].shape[1])
        assert np.abs(array).max() <= bound
        if array.size > 300:
            assert np.abs(array).max() > 0.98 * bound
            assert np.mean(array) == pytest.approx(0, abs=4 * bound / math.sqrt(3 * array.size))
            assert np.std(array) == pytest.approx(bound / math.sqrt(3), rel=0.05)
        assert len(np.unique(array)) > 0.9 * array.size
    firsts = [float(array.ravel()[0]) / np.abs(array).max() for array in arrays.values()]
    assert len(set(firsts)) == len(firsts)


def flax_default() -> dict[str, jax.Array]:
    rngs = nnx.Rngs(0)
    layers = {"hidden.0": nnx.Linear(900, 400, rngs=rngs), "output": nnx.Linear(400, 6, rngs=rngs)}
    arrays = {}
    for name, layer in layers.items():
        arrays[f"{name}.weight"], arrays[f"{name}.bias"] = layer.kernel[...].T, layer.bias[...]
    return arrays


def altered(name: str, change) -> dict[str, jax.Array]:
    arrays = named_arrays(network(WIDE).initial(KEY))
    return arrays | {name: change(arrays)}


WRONG_INITIAL_VALUES = {
    "Flax's default": flax_default,
    "biases zero": lambda: altered("hidden.0.bias", lambda a: 0 * a["hidden.0.bias"]),
    "bound by fan-out": lambda: altered("hidden.0.weight", lambda a: a["hidden.0.weight"] * 1.5),
    "half the bound": lambda: altered("hidden.0.weight", lambda a: a["hidden.0.weight"] / 2),
    "bias bound by its own size": lambda: altered("output.bias", lambda a: a["output.bias"] * 9),
    "one column for all": lambda: altered(
        "hidden.1.weight", lambda a: jnp.tile(a["hidden.1.weight"][:, :1], (1, 400))
    ),
}


def test_initial_values_are_pytorchs() -> None:
    for seed in range(3):
        assert_pytorchs_initial_values(named_arrays(network(WIDE).initial(jax.random.key(seed))))


@pytest.mark.parametrize("make", WRONG_INITIAL_VALUES.values(), ids=WRONG_INITIAL_VALUES)
def test_rejects_other_initial_values(make) -> None:
    with pytest.raises(AssertionError):
        assert_pytorchs_initial_values(make())


def assert_inverted_dropout(dropped: np.ndarray, rate: float) -> None:
    """Of ones: zeros with the rate's probability, a mean of 1, a variance of p / (1 - p)."""
    n = dropped.size
    deviation = math.sqrt(rate * (1 - rate) / n)
    assert np.mean(dropped == 0) == pytest.approx(rate, abs=5 * deviation)
    assert np.mean(dropped) == pytest.approx(1, abs=5 * deviation / (1 - rate) + 1e-6)
    assert np.var(dropped) == pytest.approx(rate / (1 - rate), rel=0.05, abs=1e-6)


RATES = [0.0, 0.01, 0.25, 0.5, 0.9]


def test_dropout_scales_and_its_rate_may_vary_in_one_program() -> None:
    rates, ones = jnp.asarray(RATES), jnp.ones((300, 400))
    keys = jax.random.split(KEY, len(RATES))
    dropped = jax.jit(jax.vmap(apply_dropout, in_axes=(None, 0, 0)))(ones, rates, keys)
    for rate, sample in zip(RATES, np.asarray(dropped), strict=True):
        assert_inverted_dropout(sample, rate)


WRONG_DROPOUTS = {
    "not scaled": lambda kept, _: kept * 1.0,
    "rate and keep swapped": lambda kept, rate: (1 - kept) / rate,
    "scaled by the rate": lambda kept, rate: kept / rate,
    "scaled twice": lambda kept, rate: kept / (1 - rate) ** 2,
    "columns dropped whole": lambda kept, rate: np.tile(kept[:1], (300, 1)) / (1 - rate),
    "nothing dropped": lambda kept, _: np.ones_like(kept),
}


@pytest.mark.parametrize("wrong", WRONG_DROPOUTS.values(), ids=WRONG_DROPOUTS)
def test_rejects_other_dropouts(wrong) -> None:
    kept = (np.random.default_rng(3).random((300, 400)) >= 0.3).astype(float)
    assert_inverted_dropout(kept / 0.7, 0.3)
    with pytest.raises(AssertionError):
        assert_inverted_dropout(wrong(kept, 0.3), 0.3)


def test_dropout_is_off_without_being_asked_for() -> None:
    net, pixels = network(MLP), jnp.asarray(PIXELS)
    params = net.initial(KEY)
    off = net.logits(params, pixels, None)
    chex.assert_trees_all_equal(off, net.logits(params, pixels, None))
    zero = net.logits(params, pixels, Dropout(jnp.float32(0), KEY))
    chex.assert_trees_all_close(off, zero, rtol=1e-6)
    on = net.logits(params, pixels, Dropout(jnp.float32(0.5), KEY))
    assert not np.allclose(on, off, rtol=1e-2)


def test_logistic_regression_has_nothing_to_drop() -> None:
    net, pixels = network(LOGISTIC), jnp.asarray(PIXELS)
    params = net.initial(KEY)
    on = net.logits(params, pixels, Dropout(jnp.float32(0.5), KEY))
    chex.assert_trees_all_equal(on, net.logits(params, pixels, None))


def gradient_of_one(weights: np.ndarray, example: int) -> np.ndarray:
    """The loss's gradient in `scratch/`'s layout `[c, d + 1]`, in float64."""
    params = {
        "output": {"weight": jnp.asarray(weights[:, :-1]), "bias": jnp.asarray(weights[:, -1])}
    }

    def loss(p: Params) -> jax.Array:
        logits = network(LOGISTIC).logits(p, jnp.asarray(PIXELS[example : example + 1]), None)
        return cross_entropy(logits, jnp.asarray(LABELS[example : example + 1])).mean()

    output = jax.grad(loss)(params)["output"]
    return np.column_stack([output["weight"], output["bias"]])


@pytest.mark.parametrize("factor", [1.0, -1.0, 1.01], ids=["same", "sign flipped", "1 % off"])
def test_logistic_regressions_gradient_is_scratchs(factor: float) -> None:
    weights = np.random.default_rng(4).normal(size=(6, 13))
    with jax.enable_x64(True):
        for example in range(5):
            ours = gradient_of_one(weights, example)
            assert ours.dtype == np.float64
            x = features_with_bias(PIXELS[example])
            theirs = factor * logistic_regression.gradient(weights, x, int(LABELS[example]), 0.0)
            assert np.allclose(ours, theirs, rtol=1e-10, atol=1e-13) == (factor == 1)


@pytest.mark.parametrize("size", [1.0, 30.0, 1e4], ids=["usual", "large", "huge"])
def test_cross_entropy_is_scratchs_whatever_the_scores(size: float) -> None:
    logits = size * np.random.default_rng(5).normal(size=(8, 6)).astype(np.float32)
    labels = np.arange(8) % 6
    ours = cross_entropy(jnp.asarray(logits), jnp.asarray(labels))
    chex.assert_shape(ours, (8,))
    theirs = [
        scratch_cross_entropy(s.astype(float), int(y)) for s, y in zip(logits, labels, strict=True)
    ]
    np.testing.assert_allclose(ours, theirs, rtol=1e-5, atol=1e-6 * size)


def test_ties_go_to_the_lowest_class() -> None:
    assert predict(jnp.asarray([[1.0, 3.0, 3.0], [2.0, 2.0, 2.0]])).tolist() == [1, 0]
