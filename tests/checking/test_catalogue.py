"""The catalogue: one definition each, which the block engine and a single step both follow."""

import numpy as np
import pytest

from experiments.assignment import PARTS
from experiments.checking.catalogue import BY_KEY, CATALOGUE, OTHER_SEEDS, RIGHT, variants
from experiments.checking.catalogue.linear_change import LinearChange
from experiments.checking.catalogue.network_change import network_step
from experiments.checking.catalogue.variant import SCRATCH, WORDS, Variant
from experiments.checking.training.linear import step_weights
from experiments.checking.training.network import plain_loop_model
from experiments.checking.training.recipe import merged, recipe
from experiments.checking.training.train_variant import train
from experiments.configs.q1 import Q1Config
from experiments.data.dataset import CLASS_NAMES, Dataset
from scratch import mlp
from scratch.models import logistic_regression_model, mlp_model

PENALISED = Q1Config("logistic_regression", epochs=2, learning_rate=0.01, l2_penalty=0.05)
CONFIGS = {
    "1.1a": Q1Config("perceptron", epochs=2),
    "1.2a": Q1Config("logistic_regression", epochs=2, learning_rate=0.01),
    "1.2b": PENALISED,
    "1.3": Q1Config("mlp", epochs=2, learning_rate=0.01, hidden_size=7),
}
LINEAR = [(p, v) for p in ("1.1a", "1.2a", "1.2b") for v in variants(p) if v.linear]
# What is no step of its own: the mean of the weights.
LINEAR = [(p, v) for p, v in LINEAR if not v.linear.averaged]
NETWORK = [v for v in variants("1.3") if v.network]


def test_every_key_is_one_variant_s() -> None:
    assert len(BY_KEY) == len(CATALOGUE)
    assert {part for v in CATALOGUE for part in v.parts} == set(PARTS)
    assert all(v.right == (v in (RIGHT, BY_KEY["plain loop"], *OTHER_SEEDS)) for v in CATALOGUE)
    assert len({v.seed for v in (RIGHT, *OTHER_SEEDS)}) == 8


def test_every_variant_has_words_and_all_words_are_some_variant_s() -> None:
    assert all(v.says and v.theory.endswith(".") for v in CATALOGUE)
    assert "{" not in "".join(v.says for v in CATALOGUE)
    several = {"seed", "epsilon", "clamped"}
    assert WORDS.keys() == {v.key for v in CATALOGUE if not v.words} | several


@pytest.mark.parametrize(("part", "variant"), LINEAR, ids=lambda x: getattr(x, "key", x))
def test_blocks_step_as_the_linear_definition(
    part: str, variant: Variant, tiny_data: Dataset
) -> None:
    pixels, labels = tiny_data.train.pixels[:, :300], tiny_data.train.labels
    order = np.random.RandomState(3).permutation(len(labels))
    made = recipe((variant,), CONFIGS[part])
    W = made.model.initial(np.random.RandomState(0), pixels.shape[1])
    assert W.any() == variant.linear.drawn
    W = np.random.RandomState(1).normal(0.0, 0.02, W.shape)
    if variant.linear.bias == "none":
        W[:, -1] = 0.0
    expected = W
    for example in order.tolist():
        expected = step_weights(
            CONFIGS[part], variant.linear, expected, pixels[example], int(labels[example])
        )
    found, _ = made.model.epoch_in_blocks(W, pixels, labels, order)
    np.testing.assert_allclose(found, expected, rtol=1e-9, atol=1e-9)
    right = recipe((RIGHT,), CONFIGS[part]).model.epoch_in_blocks(W, pixels, labels, order)[0]
    assert np.allclose(found, right, rtol=1e-9, atol=1e-9) == variant.linear.drawn


@pytest.mark.parametrize("variant", NETWORK, ids=lambda v: v.key)
def test_blocks_step_as_the_network_s_definition(variant: Variant, tiny_data: Dataset) -> None:
    pixels, labels = tiny_data.train.pixels[:, :50], tiny_data.train.labels
    change, config = variant.network, CONFIGS["1.3"]
    order = np.random.RandomState(3).permutation(len(labels))
    made = recipe((variant,), config)
    p = made.model.initial(np.random.RandomState(42), pixels.shape[1])
    draw = np.random.RandomState(7)
    p = type(p)(*(draw.normal(0.0, 0.5, array.shape) for array in p))
    expected, losses = p, []
    for example in order.tolist():
        x = pixels[example] / 256 * change.pixel_factor
        expected, loss = network_step(change, expected, x, int(labels[example]), 0.01)
        losses.append(loss)
    with np.errstate(over="ignore", invalid="ignore"):
        found, loss = made.model.epoch_in_blocks(p, pixels, labels, order)
    assert loss == pytest.approx(np.mean(losses), rel=1e-6)
    right = p
    for example in order.tolist():
        right, _ = mlp.update(right, pixels[example] / 256, int(labels[example]), 0.01)
    for one, other in zip(found, expected, strict=True):
        np.testing.assert_allclose(one, other, rtol=1e-6, atol=1e-9)
    alike = all(np.allclose(a, b) for a, b in zip(expected, right, strict=True))
    assert alike == (not change.in_step and change.pixel_factor == 1.0)


def test_without_a_change_the_models_are_the_assignment_s(tiny_data: Dataset) -> None:
    pixels, labels = tiny_data.train.pixels, tiny_data.train.labels
    order = np.random.RandomState(3).permutation(len(labels))
    own = recipe((RIGHT,), PENALISED).model
    exact = logistic_regression_model(len(CLASS_NAMES), 0.01, 0.05)
    W = own.initial(np.random.RandomState(0), pixels.shape[1])
    expected, _ = exact.epoch_in_blocks(W, pixels, labels, order)
    np.testing.assert_array_equal(own.epoch_in_blocks(W, pixels, labels, order)[0], expected)


def test_the_network_s_plain_loop_is_the_definition_bit_for_bit(tiny_data: Dataset) -> None:
    pixels, labels = tiny_data.train.pixels, tiny_data.train.labels
    order = np.random.RandomState(3).permutation(len(labels))
    config = Q1Config("mlp", hidden_size=9)
    defined, looped = mlp_model(6, 9, 0.001), plain_loop_model(config, 6)
    params = defined.initial(np.random.RandomState(42), pixels.shape[1])
    for _ in range(2):
        expected, loss = defined.epoch_per_example(params, pixels, labels, order)
        found, same_loss = looped.epoch_in_blocks(params, pixels, labels, order)
        assert loss == same_loss
        for one, other in zip(expected, found, strict=True):
            np.testing.assert_array_equal(one, other)
        assert not np.array_equal(found.W1, params.W1)
        params = found


def test_changes_merge_unless_they_change_the_same() -> None:
    right = LinearChange()
    sigmoid, twice = BY_KEY["sigmoid"].linear, BY_KEY["2 lambda"].linear
    both = merged(right, [sigmoid, twice])
    assert (both.coefficients, both.decay) == (sigmoid.coefficients, twice.decay)
    with pytest.raises(ValueError, match="decay: got two changes"):
        merged(right, [BY_KEY["minus lambda"].linear, twice])


@pytest.mark.parametrize("key", [v.key for v in variants("1.2a") if v.order])
def test_every_order_trains_otherwise(key: str, tiny_data: Dataset) -> None:
    norms = []
    for variant in (BY_KEY[key], RIGHT):
        assert set(variant.parts) >= set(SCRATCH)
        shown = train(recipe((variant,), CONFIGS["1.2a"]), tiny_data, 2, True)
        norms.append(shown[-1].numbers["norm"])
    assert norms[0] != norms[1]


def test_one_batch_is_one_step_along_the_mean(tiny_data: Dataset) -> None:
    config = CONFIGS["1.2a"]
    shown = train(recipe((BY_KEY["one batch"],), config), tiny_data, 1, True)
    pixels, labels = tiny_data.train.pixels, tiny_data.train.labels
    x = np.column_stack([pixels / 256, np.ones(len(labels))])
    gradient = (np.full((len(labels), 6), 1 / 6) - np.eye(6)[labels]).T @ x / len(labels)
    assert shown[1].numbers["norm"] == pytest.approx(0.01 * np.linalg.norm(gradient), rel=1e-12)
