"""Question 2's variants: without a change the assignment's epoch, with one another."""

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from experiments.checking.catalogue import BY_KEY, RIGHT, variants
from experiments.checking.catalogue.jax_change import JaxChange
from experiments.checking.training.jax_jobs import FIRST, run, train_variant
from experiments.checking.training.jax_variant import (
    changed_epoch,
    changed_logits,
    drawn_params,
    evaluated_network,
    forward,
)
from experiments.checking.training.lazy_data import LazyData
from experiments.checking.verdict import judge
from experiments.configs.q2 import Q2Config
from experiments.data.dataset import Dataset
from experiments.training.q2.programs import Programs
from jaxmodels.models import Dropout, Params, network
from jaxmodels.optimizers import Hyperparameters
from jaxmodels.training import run_epoch, start

pytestmark = pytest.mark.usefixtures("quick_to_compile")

CONFIG = Q2Config("mlp", 2, 16, 6)


@pytest.fixture(scope="module")
def programs(tiny_data: Dataset) -> Programs:
    return Programs(tiny_data)


@pytest.fixture(scope="module")
def val_loss(programs: Programs) -> Callable[[Callable[..., Any]], float]:
    """The loss on the validation split after an epoch of a function such as `run_epoch`."""
    hyper = Hyperparameters(*(jnp.float32(x) for x in (0.05, 0.0, 0.0, 0.3)))
    state = start(programs.spec([CONFIG]), hyper, jnp.uint32(42))
    train, val = programs.splits["train"], programs.splits["val"]
    return lambda epoch: float(jax.jit(epoch)(hyper, state, train, val)[1].val_loss)


@pytest.fixture(scope="module")
def right(programs: Programs, val_loss: Callable[[Callable[..., Any]], float]) -> float:
    return val_loss(partial(run_epoch, programs.spec([CONFIG])))


# Class scores, evaluation, a batch's loss and the batches: one key for each place of a change.
@pytest.mark.parametrize(
    "key",
    [
        "right",
        "softmax before the loss",
        "dropout always on",
        "summed batch",
        "short batch dropped",
    ],
)
def test_only_a_change_changes_the_epoch(
    key: str, programs: Programs, val_loss: Callable[[Callable[..., Any]], float], right: float
) -> None:
    change = BY_KEY[key].jax or JaxChange()
    found = val_loss(partial(changed_epoch, programs.spec([CONFIG]), change))
    assert (abs(found - right) < 1e-6) == (key == "right")


# From the right class scores of features `pixels * factor / 256`, in NumPy.
LOGITS = {
    "right": (1, lambda s: s),
    "softmax before the loss": (1, lambda s: np.exp(s) / np.exp(s).sum(1, keepdims=True)),
    "sigmoid before the loss": (1, lambda s: 1 / (1 + np.exp(-s))),
    "ReLU after the output": (1, lambda s: s.clip(0)),
    "features over 255": (256 / 255, lambda s: s),
    "pixels not scaled": (256, lambda s: s),
}


@pytest.mark.parametrize("model", ["mlp", "logistic_regression"])
@pytest.mark.parametrize("key", LOGITS)
def test_class_scores_change_as_they_say(key: str, model: str, programs: Programs) -> None:
    spec = programs.spec([replace(CONFIG, model=model)])
    params = network(spec.architecture).initial(jax.random.key(0))
    params = drawn_params(0.3, params, jax.random.key(1))  # scores of both signs, without biases
    pixels = programs.splits["train"].pixels[:5]
    factor, output = LOGITS[key]
    found = changed_logits(spec, BY_KEY[key].jax or JaxChange())(params, pixels, None)
    expected = output(_scores(params, factor * np.asarray(pixels, float) / 256))
    right = _scores(params, np.asarray(pixels, float) / 256)
    # Single precision: sums of large terms of both signs are off by so much of the largest.
    close = partial(np.allclose, rtol=1e-4, atol=1e-5 * np.abs(expected).max())
    assert close(found, expected)
    assert close(found, right) == (key == "right")


def _scores(params: Params, x: np.ndarray) -> np.ndarray:
    arrays = jax.tree.map(np.asarray, params)
    for layer in arrays.get("hidden", {}).values():
        x = (x @ layer["weight"].T + layer["bias"]).clip(0)
    return x @ arrays["output"]["weight"].T + arrays["output"]["bias"]


# Of a network of one unit per layer, h2 = m1 + 1 and s = m2 h2 with masks m in {0, 2}.
@pytest.mark.parametrize(
    ("key", "trained", "evaluated"),
    [
        ("right", {0, 2, 6}, {2}),
        ("first layer kept", {0, 4}, {2}),
        ("output dropped", {0, 4, 12}, {2}),
        ("dropout always on", {0, 2, 6}, {0, 2, 6}),
    ],
)
def test_dropout_acts_where_it_says(
    key: str, trained: set[int], evaluated: set[int], programs: Programs
) -> None:
    spec = programs.spec([replace(CONFIG, hidden_size=1)])
    params = network(spec.architecture).initial(jax.random.key(0))
    params = jax.tree.map(lambda leaf: jnp.full_like(leaf, leaf.ndim == 2), params)
    n_pixels = params["hidden"][0]["weight"].shape[1]
    params["hidden"][0]["weight"] *= 256 / 255 / n_pixels
    params["hidden"][1]["bias"] += 1
    pixels = jnp.full((200, n_pixels), 255, jnp.uint8)
    change = BY_KEY[key].jax or JaxChange()
    dropout = Dropout(jnp.float32(0.5), jax.random.key(1))
    found = changed_logits(spec, change)(params, pixels, dropout)
    assert set(np.round(found).ravel().tolist()) == trained
    hyper = Hyperparameters(*(jnp.float32(x) for x in (0.05, 0.0, 0.0, 0.5)))
    found = evaluated_network(spec, change, hyper).logits(params, pixels, None)
    assert set(np.round(found).ravel().tolist()) == evaluated


def test_dropout_elsewhere_is_the_network_s_own_forward_pass(programs: Programs) -> None:
    spec = programs.spec([CONFIG])
    net = network(spec.architecture)
    params = net.initial(jax.random.key(0))
    pixels = programs.splits["train"].pixels[:5]
    dropout = Dropout(0.5, jax.random.key(1))
    for how in (None, dropout):
        expected = net.logits(params, pixels, how)
        found = forward("relu", JaxChange(), params, pixels, how)
        assert jnp.allclose(found, expected, atol=1e-5)
    assert not jnp.allclose(net.logits(params, pixels, None), expected, atol=1e-5)


def test_each_variant_changes_something() -> None:
    for part in ("2.1", "2.2c"):
        config = Q2Config("mlp", batch_size=1024, momentum=0.9, l2_decay=0.01)
        for variant in variants(part):
            change = variant.jax or JaxChange()
            alike = (change.config(config), change) == (config, JaxChange())
            assert alike == variant.right


def test_first_weights_are_drawn_as_they_say(programs: Programs) -> None:
    spec = programs.spec([CONFIG])
    params = network(spec.architecture).initial(jax.random.key(0))
    n = programs.splits["train"].pixels.shape[1]
    for key, deviation in (("Flax's weights", n**-0.5), ("randn weights", 1.0)):
        drawn = drawn_params(BY_KEY[key].jax.draw, params, jax.random.key(42))
        assert jax.tree.map(jnp.shape, drawn) == jax.tree.map(jnp.shape, params)
        for layer in (drawn["hidden"][0], drawn["output"]):
            assert not layer["bias"].any()
        weights = drawn["hidden"][0]["weight"]
        assert float(weights.std()) == pytest.approx(deviation, rel=0.01)
        assert float(jnp.abs(weights.mean())) < 0.01 * deviation


def test_drawn_weights_are_trained(programs: Programs) -> None:
    shown = {
        key: train_variant(BY_KEY[key], CONFIG, programs) for key in ("right", "randn weights")
    }
    assert set(shown["right"][-1]) == {"loss", "val_loss", "val", "train", "test"}
    assert shown["right"][1]["loss"] != shown["randn weights"][1]["loss"]


def test_stops_where_the_seeds_are_enough_and_keeps_what_it_trained(tiny_data: Dataset) -> None:
    lazy = LazyData(None)
    lazy.data = tiny_data
    said: list[str] = []
    for _ in range(2):
        waves = run("2.2a", CONFIG, lazy, 10.0, lambda known: len(known) > 5, said.append)
        results = [result for wave in waves for result in wave]
        assert [r.variant for r in results] == [*FIRST, BY_KEY["dropout off"]]
    assert len(said) == 1  # the second time nothing was trained
    assert judge({}, results).kind == "unlike"
    assert results[0].variant is RIGHT
