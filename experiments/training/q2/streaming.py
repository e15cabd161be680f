"""Question 2's epoch over data that are read as it goes; the same numbers as in memory.

Order, masks and the step of a batch are those of `jaxmodels.training`. What arrives is a block of
whole batches, which one compiled scan trains on, so that the host holds a few blocks and the device
one, whatever the data set's length. Over a mesh of devices each batch is spread.
"""

from functools import partial
from typing import Any, NamedTuple, TypeVar

import jax
import jax.numpy as jnp
import numpy as np
from jax import lax
from jax.sharding import Mesh, NamedSharding
from jaxtyping import Array, Float, Int, UInt8

from experiments.data.shards.reader import ShardReader
from experiments.training.q2.blocks import read_batches
from jaxmodels.evaluation import CHUNK, Evaluation, Split
from jaxmodels.losses import cross_entropy, predict
from jaxmodels.models import Params, network
from jaxmodels.optimizers import Hyperparameters
from jaxmodels.sharding import axes_spec, mesh_of, replicate
from jaxmodels.training import (
    Carry,
    CompiledSpec,
    EpochMetrics,
    TrainState,
    epoch_key,
    epoch_order,
    epoch_step,
)

MAX_BLOCK_EXAMPLES = 4096
"""Examples per block and process, at most, unless its share of a batch is larger: 28 MB."""

Tree = TypeVar("Tree")

_order = jax.jit(epoch_order, static_argnums=1)


class _BlockStart(NamedTuple):
    """Which batches a block holds: the run's seed, the epoch, the first batch's number."""

    seed: Any
    epoch: Any
    first: Any


def stream_epoch(
    spec: CompiledSpec,
    hyper: Hyperparameters,
    state: TrainState,
    train: ShardReader,
    val: ShardReader,
    block_examples: int = MAX_BLOCK_EXAMPLES,
    mesh: Mesh | None = None,
) -> tuple[TrainState, EpochMetrics]:
    """Train one run for an epoch and validate it, as `jaxmodels.training.run_epoch`, from shards.

    The state given is kept. Of the data, at most `AHEAD + 2` blocks are in memory; of numbers, the
    order and the labels, 8 bytes per example. With a mesh, parameters come back on all its devices.
    """
    seed, epoch = np.asarray(state.seed), np.asarray(state.epoch) + 1
    order = np.asarray(_order(epoch_key(jnp.asarray(seed), jnp.asarray(epoch)), len(train)))
    carry: Carry = _on_all(mesh, (state.params, state.opt_state))
    hyper = _on_all(mesh, hyper)
    losses, number = [], 0
    for pixels, labels in read_batches(train, order, spec.batch_size, block_examples, mesh):
        start = _BlockStart(seed, epoch, np.int32(number))
        carry, loss = _train_block(spec, mesh, hyper, carry, pixels, labels, start)
        losses.append(loss)
        number += len(labels)
        _let_catch_up(losses)
    stepped = TrainState(jnp.asarray(seed), jnp.asarray(epoch, jnp.int32), *carry)
    found = stream_evaluate(spec, stepped.params, val, mesh)
    return stepped, EpochMetrics(jnp.concatenate(losses).mean(), found.loss, found.correct)


def stream_evaluate(
    spec: CompiledSpec, params: Params, split: ShardReader, mesh: Mesh | None = None
) -> Evaluation:
    """Evaluate one run, as `jaxmodels.evaluation.evaluate`, from shards."""
    params = _on_all(mesh, params)
    losses, guesses = [], []
    for pixels, labels in read_batches(split, np.arange(len(split)), CHUNK, CHUNK, mesh):
        loss, guess = _evaluate_chunk(spec, mesh, params, pixels, labels)
        losses.append(loss)
        guesses.append(guess)
        _let_catch_up(losses)
    predicted = np.asarray(jnp.concatenate(guesses))
    correct = np.count_nonzero(predicted == split.labels)
    return Evaluation(jnp.concatenate(losses).mean(), jnp.asarray(correct), jnp.asarray(predicted))


def _let_catch_up(results: list[Any]) -> None:
    """Wait for the last but one: JAX would take dozens of blocks, with their images, ahead."""
    if len(results) > 1:
        results[-2].block_until_ready()


def _on_all(mesh: Mesh | None, tree: Tree) -> Tree:
    """Have the same on every device of the mesh; what lies there already stays."""
    return tree if mesh is None or mesh_of(tree) == mesh else replicate(tree, mesh)


def _whole(mesh: Mesh | None, tree: Tree) -> Tree:
    """Ask, inside a program, for the same on every device: each process then can read it."""
    if mesh is None:
        return tree
    whole = NamedSharding(mesh, axes_spec())
    kept: Tree = lax.with_sharding_constraint(tree, whole)  # type: ignore[no-untyped-call]
    return kept


@partial(jax.jit, static_argnums=(0, 1))
def _train_block(
    spec: CompiledSpec,
    mesh: Mesh | None,
    hyper: Hyperparameters,
    carry: Carry,
    pixels: UInt8[Array, "m b d"],
    labels: Int[Array, "m b"],
    start: _BlockStart,
) -> tuple[Carry, Float[Array, "m"]]:
    key = epoch_key(start.seed, start.epoch)
    step = epoch_step(spec, hyper, key, lambda images: Split(*images))
    numbers = start.first + jnp.arange(len(labels), dtype=jnp.int32)

    def numbered(before: Carry, batch: tuple[Any, Any, Any]) -> tuple[Carry, Float[Array, ""]]:
        number, *images = batch
        return step(before, number, images)

    return _whole(mesh, lax.scan(numbered, carry, (numbers, pixels, labels)))


@partial(jax.jit, static_argnums=(0, 1))
def _evaluate_chunk(
    spec: CompiledSpec,
    mesh: Mesh | None,
    params: Params,
    pixels: UInt8[Array, "1 b d"],
    labels: Int[Array, "1 b"],
) -> tuple[Float[Array, "b"], Int[Array, "b"]]:
    logits = network(spec.architecture).logits(params, pixels[0], None)
    return _whole(mesh, (cross_entropy(logits, labels[0]), predict(logits)))
