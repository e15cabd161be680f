"""Steps, batches, epochs and evaluation: pure, traced once, the same under every transformation."""

from functools import partial

import chex
import jax
import jax.numpy as jnp
import numpy as np
import pytest
from jax import lax
from oracles.pictures import pictures

from jaxmodels.batches import scan_batches
from jaxmodels.evaluation import Split, evaluate
from jaxmodels.losses import cross_entropy
from jaxmodels.models import Architecture, network
from jaxmodels.optimizers import Hyperparameters
from jaxmodels.training import CompiledSpec, TrainState, epoch_key, run_epoch, start, train_step

PIXELS, LABELS = pictures(n=30)
SPLIT = Split(jnp.asarray(PIXELS), jnp.asarray(LABELS, jnp.int32))
SETTING = CompiledSpec(Architecture("mlp", 12, 6, 5, 1, "relu"), "sgd", 8)
HYPER = Hyperparameters(*map(jnp.float32, (0.05, 0.9, 0.01, 0.2)))
BATCH = Split(SPLIT.pixels[:8], SPLIT.labels[:8])

first_state = jax.jit(start, static_argnums=0)
epoch = jax.jit(run_epoch, static_argnums=0)
STATE = first_state(SETTING, HYPER, jnp.uint32(1))


def two_steps(mode: str, hyper: Hyperparameters = HYPER):
    """Parameters after two equal train steps, and their losses, under a transformation."""

    def step(carry, key):
        params, opt_state, loss = train_step(SETTING, hyper, *carry, BATCH, key)
        return (params, opt_state), loss

    keys = jax.random.split(jax.random.key(3), 2)
    carry = (STATE.params, STATE.opt_state)
    if mode == "scan":
        carry, losses = jax.jit(partial(lax.scan, step))(carry, keys)
        return carry[0], losses
    losses = []
    for key in keys:
        if mode == "jit":
            carry, loss = jax.jit(step)(carry, key)
        elif mode == "vmap":
            two = jax.tree.map(lambda leaf: jnp.stack([leaf, leaf]), (carry, key))
            carry, loss = jax.tree.map(lambda leaf: leaf[1], jax.jit(jax.vmap(step))(*two))
        else:
            carry, loss = step(carry, key)
        losses.append(loss)
    return carry[0], jnp.stack(losses)


@pytest.fixture(scope="module")
def plainly_stepped():
    return two_steps("without jit")


@pytest.mark.parametrize("mode", ["jit", "vmap", "scan"])
def test_the_step_is_the_same_under(mode: str, plainly_stepped) -> None:
    chex.assert_trees_all_close(two_steps(mode), plainly_stepped, rtol=1e-5, atol=1e-6)


def test_another_step_is_told_apart(plainly_stepped) -> None:
    other = two_steps("jit", HYPER._replace(learning_rate=jnp.float32(0.0505)))
    with pytest.raises(AssertionError):
        chex.assert_trees_all_close(other, plainly_stepped, rtol=1e-5, atol=1e-6)


def test_the_epoch_is_traced_once_per_shape() -> None:
    chex.clear_trace_counter()
    once = jax.jit(chex.assert_max_traces(lambda *a: run_epoch(SETTING, *a), n=1))
    for rate in (0.1, 0.2, 0.3):
        once.trace(HYPER._replace(learning_rate=jnp.float32(rate)), STATE, SPLIT, SPLIT)
    smaller = Split(SPLIT.pixels[:29], SPLIT.labels[:29])
    with pytest.raises(AssertionError, match="traced > 1 times"):
        once.trace(HYPER, STATE, smaller, SPLIT)


@pytest.mark.parametrize(
    ("model", "optimizer"),
    [("logistic_regression", "plain_sgd"), ("mlp", "sgd"), ("mlp", "adam")],
)
def test_loss_falls_on_learnable_pictures(model: str, optimizer: str) -> None:
    spec = CompiledSpec(Architecture(model, 12, 6, 16, 1), optimizer, 8)
    rate = 0.03 if optimizer == "adam" else 0.2
    hyper = Hyperparameters(*map(jnp.float32, (rate, 0.5, 0.0, 0.1)))
    state, losses = first_state(spec, hyper, jnp.uint32(0)), []
    with jax.numpy_dtype_promotion("standard"):  # Optax's Adam wants it
        for _ in range(40):
            state, metrics = epoch(spec, hyper, state, SPLIT, SPLIT)
            losses.append(float(metrics.train_loss))
    assert losses[-1] < 0.5 * losses[0]
    assert int(metrics.val_correct) > 0.8 * len(LABELS)
    assert all(a.dtype == jnp.float32 for a in jax.tree.leaves(state.params))


def test_a_run_is_a_function_of_its_seed() -> None:
    def run(seed: int) -> TrainState:
        state = first_state(SETTING, HYPER, jnp.uint32(seed))
        for _ in range(2):
            state, _ = epoch(SETTING, HYPER, state, SPLIT, SPLIT)
        return state

    first = run(7)
    other = run(8)
    again = run(7)
    chex.assert_trees_all_equal(first, again)
    for a, b in zip(jax.tree.leaves(first.params), jax.tree.leaves(other.params), strict=True):
        assert not np.array_equal(a, b)


def test_the_state_is_all_that_the_next_epoch_needs() -> None:
    """Through NumPy and back, as a checkpoint takes it, and on: bit for bit the same."""
    state, _ = epoch(SETTING, HYPER, STATE, SPLIT, SPLIT)
    assert all(isinstance(leaf, jax.Array) for leaf in jax.tree.leaves(state))
    straight, _ = epoch(SETTING, HYPER, state, SPLIT, SPLIT)
    restored = jax.tree.map(lambda leaf: jnp.asarray(np.asarray(leaf).copy()), state)
    resumed, _ = epoch(SETTING, HYPER, restored, SPLIT, SPLIT)
    chex.assert_trees_all_equal(straight, resumed)
    reset = restored._replace(
        opt_state=jax.tree.map(lambda leaf: jnp.zeros_like(leaf), restored.opt_state)
    )
    forgetful, _ = epoch(SETTING, HYPER, reset, SPLIT, SPLIT)
    with pytest.raises(AssertionError):
        chex.assert_trees_all_close(forgetful, straight, rtol=1e-5)


def test_keys_differ_by_seed_and_epoch() -> None:
    keys = [
        jax.random.key_data(epoch_key(jnp.uint32(seed), jnp.asarray(number))).tobytes()
        for seed in (0, 1, 2**32 - 1)
        for number in range(3)
    ]
    assert len(set(keys)) == 9


def gathered(n: int, size: int) -> list[tuple[int, list[int]]]:
    """Numbers and examples of the batches that `scan_batches` makes."""

    @jax.jit
    def run(order):
        return scan_batches(lambda c, *batch: (c + 1, batch), 0, order, size)

    count, parts = run(jnp.arange(n)[::-1])
    batches = [
        (int(number), examples.tolist())
        for numbers, rows in parts
        for number, examples in zip(numbers, rows, strict=True)
    ]
    assert int(count) == len(batches)
    return batches


@pytest.mark.parametrize(
    ("n", "size"), [(1, 1), (6, 3), (7, 3), (8, 3), (5, 5), (5, 9), (4, 1)], ids=str
)
def test_batches_take_every_example_once_in_order(n: int, size: int) -> None:
    batches = gathered(n, size)
    assert [number for number, _ in batches] == list(range(-(-n // size)))
    assert [i for _, examples in batches for i in examples] == list(range(n))[::-1]
    assert [len(examples) for _, examples in batches[:-1]] == [size] * (len(batches) - 1)


def whole_split() -> tuple[float, list[int]]:
    """The evaluation's definition: one product over all examples."""
    logits = network(SETTING.architecture).logits(STATE.params, SPLIT.pixels, None)
    return float(cross_entropy(logits, SPLIT.labels).mean()), np.asarray(logits).argmax(1).tolist()


@pytest.mark.parametrize("chunk", [7, 10, 1000])
def test_evaluation_is_over_every_example_whatever_the_chunk(chunk: int) -> None:
    loss, predicted = whole_split()
    found = jax.jit(partial(evaluate, network(SETTING.architecture), chunk=chunk))(
        STATE.params, SPLIT
    )
    assert float(found.loss) == pytest.approx(loss, rel=1e-5)
    assert found.predicted.tolist() == predicted
    assert int(found.correct) == int((found.predicted == SPLIT.labels).sum())


def test_evaluation_that_drops_its_last_chunk_is_told_apart() -> None:
    loss, _ = whole_split()
    dropped = evaluate(
        network(SETTING.architecture), STATE.params, Split(SPLIT.pixels[:28], SPLIT.labels[:28])
    )
    assert float(dropped.loss) != pytest.approx(loss, rel=1e-5)


def test_validation_has_no_dropout_and_comes_after_the_epoch() -> None:
    state, metrics = epoch(SETTING, HYPER, STATE, SPLIT, SPLIT)
    after = evaluate(network(SETTING.architecture), state.params, SPLIT)
    before = evaluate(network(SETTING.architecture), STATE.params, SPLIT)
    assert float(metrics.val_loss) == pytest.approx(float(after.loss), rel=1e-5)
    assert float(metrics.val_loss) != pytest.approx(float(before.loss), rel=1e-3)
    assert int(metrics.val_correct) == int(after.correct)
