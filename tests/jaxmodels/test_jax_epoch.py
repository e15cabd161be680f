"""Whole epochs against NumPy's, right and wrong: weights and losses, number for number."""

import chex
import jax
import jax.numpy as jnp
import numpy as np
import pytest
from oracles.pictures import pictures
from oracles.plain_batches import LOSS_MISTAKES, MISTAKES, Layers, Numbers, train

from jaxmodels.evaluation import Split
from jaxmodels.models import Architecture
from jaxmodels.optimizers import Hyperparameters
from jaxmodels.training import CompiledSpec, TrainState, epoch_key, start, train_epoch
from scratch.mlp import MLPParams
from scratch.mlp import initial as scratch_initial
from scratch.models import mlp_model

OPTIMISED = True  # what is compared here is what is shipped
PIXELS, LABELS = pictures(n=22)
TRAIN = Split(jnp.asarray(PIXELS), jnp.asarray(LABELS, jnp.int32))
EPOCHS, HIDDEN, SEED = 3, 5, 7
NUMBERS = Numbers(rate=0.3, momentum=0.8, decay=0.05, dropout=0.4, batch_size=8)
SETTING = CompiledSpec(
    Architecture("mlp", 12, 6, HIDDEN, 2, "tanh"), "sgd", batch_size=NUMBERS.batch_size
)
HYPER = Hyperparameters(
    *(
        jnp.float32(number)
        for number in (NUMBERS.rate, NUMBERS.momentum, NUMBERS.decay, NUMBERS.dropout)
    )
)

first_state = jax.jit(start, static_argnums=0)
epoch = jax.jit(train_epoch, static_argnums=0)


def order_of(seed: int, number: int, n: int) -> np.ndarray:
    """The documented order of an epoch."""
    key = jax.random.fold_in(epoch_key(jnp.uint32(seed), jnp.asarray(number)), 0)
    return np.asarray(jax.random.permutation(key, n))


def masks_of(number: int) -> list[list[np.ndarray]]:
    """The documented masks of an epoch, by step and layer."""
    masks = jax.random.fold_in(epoch_key(jnp.uint32(SEED), jnp.asarray(number)), 1)
    by_step = []
    for step, begin in enumerate(range(0, len(LABELS), NUMBERS.batch_size)):
        size = min(NUMBERS.batch_size, len(LABELS) - begin)
        key = jax.random.fold_in(masks, step)
        by_step.append(
            [
                np.asarray(
                    jax.random.bernoulli(
                        jax.random.fold_in(key, i), 1 - HYPER.dropout, (HIDDEN, size)
                    )
                ).T
                for i in range(2)
            ]
        )
    return by_step


def layers_of(state: TrainState) -> Layers:
    params = state.params
    each = [*(params["hidden"][i] for i in sorted(params["hidden"])), params["output"]]
    return [(np.asarray(layer["weight"]), np.asarray(layer["bias"])) for layer in each]


@pytest.fixture(scope="module")
def trained() -> tuple[Layers, Layers, list[float]]:
    """First weights, last weights and losses of `jaxmodels`."""
    with jax.numpy_rank_promotion("raise"), jax.numpy_dtype_promotion("strict"):
        state = first_state(SETTING, HYPER, jnp.uint32(SEED))
        first, losses = layers_of(state), []
        for _ in range(EPOCHS):
            state, loss = epoch(SETTING, HYPER, state, TRAIN)
            losses.append(float(loss))
    assert int(state.epoch) == EPOCHS
    return first, layers_of(state), losses


@pytest.fixture(scope="module")
def draws() -> tuple[list[np.ndarray], list[list[list[np.ndarray]]]]:
    numbers = range(1, EPOCHS + 1)
    return [order_of(SEED, e, len(LABELS)) for e in numbers], [masks_of(e) for e in numbers]


def assert_same(
    ours: Layers, losses: list[float], theirs: Layers, their_losses: list[float]
) -> None:
    np.testing.assert_allclose(losses, their_losses, rtol=1e-5)
    for ours_, theirs_ in zip(ours, theirs, strict=True):
        chex.assert_trees_all_close(ours_, theirs_, rtol=1e-4, atol=1e-5)


def test_equals_numpys_loop(trained, draws) -> None:
    first, last, losses = trained
    assert_same(last, losses, *train(first, PIXELS, LABELS, *draws, NUMBERS))


@pytest.mark.parametrize("mistake", MISTAKES)
def test_rejects_the_mistake(mistake: str, trained, draws) -> None:
    first, last, _ = trained
    theirs, _ = train(first, PIXELS, LABELS, *draws, NUMBERS, mistake)
    with pytest.raises(AssertionError):
        assert_same(last, [], theirs, [])


@pytest.mark.parametrize("mistake", LOSS_MISTAKES)
def test_rejects_the_mistaken_loss(mistake: str, trained, draws) -> None:
    first, last, losses = trained
    theirs, their_losses = train(first, PIXELS, LABELS, *draws, NUMBERS, mistake)
    assert_same(last, [], theirs, [])
    with pytest.raises(AssertionError):
        assert_same([], losses, [], their_losses)


def test_every_epoch_has_an_order_of_its_own(draws) -> None:
    orders, masks = draws
    for order in orders:
        assert sorted(order) == list(range(len(LABELS)))
    assert len({tuple(order) for order in orders}) == EPOCHS
    drawn = {mask[:6].tobytes() for by_step in masks for layers in by_step for mask in layers}
    assert len(drawn) == EPOCHS * 3 * 2


def one_by_one(rate: float) -> MLPParams:
    """An epoch at batch size 1 from `scratch/`'s weights, by `jaxmodels`, in float64."""
    first = scratch_initial(np.random.RandomState(3), 12, 4, 6)
    params = {
        "hidden": {0: {"weight": jnp.asarray(first.W1), "bias": jnp.asarray(first.b1)}},
        "output": {"weight": jnp.asarray(first.W2), "bias": jnp.asarray(first.b2)},
    }
    spec = CompiledSpec(Architecture("mlp", 12, 6, 4, 1, "relu"), batch_size=1)
    hyper = Hyperparameters(jnp.asarray(rate), *(jnp.asarray(0.0) for _ in range(3)))
    state = first_state(spec, hyper, jnp.uint32(SEED))
    assert jax.tree.structure(state.params) == jax.tree.structure(params)
    state = state._replace(
        params=params, opt_state=jax.tree.map(lambda a: a.astype(float), state.opt_state)
    )
    state, loss = epoch(spec, hyper, state, TRAIN)
    hidden, output = state.params["hidden"][0], state.params["output"]
    return MLPParams(hidden["weight"], hidden["bias"], output["weight"], output["bias"]), loss


@pytest.mark.parametrize(("rate", "same"), [(0.02, True), (0.0202, False)], ids=["same", "1 % off"])
def test_one_epoch_at_batch_size_1_equals_scratch(rate: float, same: bool) -> None:
    first = scratch_initial(np.random.RandomState(3), 12, 4, 6)
    with jax.enable_x64(True), jax.numpy_dtype_promotion("standard"):
        (ours, loss), order = one_by_one(rate), order_of(SEED, 1, len(LABELS))
        theirs, their_loss = mlp_model(6, 4, 0.02).epoch_per_example(first, PIXELS, LABELS, order)
        close = [
            np.allclose(a, b, rtol=1e-10, atol=1e-12) for a, b in zip(ours, theirs, strict=True)
        ]
        assert all(close) == same
        assert np.isclose(float(loss), their_loss, rtol=1e-10) == same
