"""Question 2's epoch over data that are read as it goes; the same numbers as in memory.

The order is `jaxmodels.training.train_epoch`'s, drawn from the same key. What arrives is a block of
whole batches, which one compiled scan trains on with that function's own step, so that the host
holds a few blocks and the device one, whatever the data set's length. Over a mesh of devices each
batch is spread, and each process reads only what its own devices train on.
"""

from collections.abc import Iterator
from functools import partial
from typing import Any, NamedTuple, TypeVar

import jax
import jax.numpy as jnp
import numpy as np
from jax import lax
from jax.sharding import Mesh, NamedSharding, PartitionSpec
from jaxtyping import Array, Float, Int, Key, UInt8

from experiments.data.shards.reader import Block, ShardReader
from jaxmodels.evaluation import CHUNK, Evaluation
from jaxmodels.evaluation import Split as DeviceSplit
from jaxmodels.losses import cross_entropy, predict
from jaxmodels.models import Params, network
from jaxmodels.optimizers import Hyperparameters
from jaxmodels.sharding import DATA, replicate
from jaxmodels.training import CompiledSpec, EpochMetrics, TrainState, epoch_key, train_step

BLOCK_EXAMPLES = 4096
"""Examples per block and process, at most, unless its share of a batch is larger: 28 MB."""

Tree = TypeVar("Tree")


class _Carry(NamedTuple):
    params: Params
    opt_state: Any


class _At(NamedTuple):
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
    block_examples: int = BLOCK_EXAMPLES,
    mesh: Mesh | None = None,
) -> tuple[TrainState, EpochMetrics]:
    """`jaxmodels.training.run_epoch` for one run, from shards.

    The state given is kept. Of the data, at most `AHEAD + 2` blocks are in memory; of numbers, the
    order and the labels, 8 bytes per example. With a mesh, parameters come back on all its devices.
    """
    seed, epoch = np.asarray(state.seed), np.asarray(state.epoch) + 1
    order = np.asarray(_order(epoch_key(jnp.asarray(seed), jnp.asarray(epoch)), len(train)))
    carry = _on_all(mesh, _Carry(state.params, state.opt_state))
    hyper = _on_all(mesh, hyper)
    losses, number = [], 0
    for pixels, labels in _batches(train, order, spec.batch_size, block_examples, mesh):
        at = _At(seed, epoch, np.int32(number))
        carry, loss = _train_block(spec, mesh, hyper, carry, pixels, labels, at)
        losses.append(loss)
        number += len(labels)
        _let_catch_up(losses)
    stepped = TrainState(
        jnp.asarray(seed), jnp.asarray(epoch, jnp.int32), carry.params, carry.opt_state
    )
    found = stream_evaluate(spec, carry.params, val, mesh)
    return stepped, EpochMetrics(jnp.concatenate(losses).mean(), found.loss, found.correct)


def stream_evaluate(
    spec: CompiledSpec, params: Params, split: ShardReader, mesh: Mesh | None = None
) -> Evaluation:
    """`jaxmodels.evaluation.evaluate` for one run, from shards."""
    params = _on_all(mesh, params)
    losses, guesses = [], []
    for pixels, labels in _batches(split, np.arange(len(split)), CHUNK, CHUNK, mesh):
        loss, guess = _scored(spec, mesh, params, pixels, labels)
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


def _batches(
    reader: ShardReader,
    order: np.ndarray,
    batch: int,
    block_examples: int,
    mesh: Mesh | None,
) -> Iterator[tuple[Any, Any]]:
    """The batches of an order on the devices, several at a time: `[m, b, d]`, `[m, b]`.

    The short last batch comes alone. What the mesh does not divide is given to all devices whole.
    """
    full, rest = divmod(len(order), batch)
    spread = mesh if mesh is not None and batch % mesh.shape[DATA] == 0 else None
    own = _own_share(spread, batch)
    mine = order[: full * batch].reshape(full, batch)[:, own]
    size = mine.shape[1]
    for block in reader.blocks(mine.reshape(-1), size * max(1, block_examples // size)):
        yield _placed(block, size, mesh, spread, batch)
    if rest:
        for block in reader.blocks(order[full * batch :], rest):
            yield _placed(block, rest, mesh, None, rest)


def _own_share(spread: Mesh | None, batch: int) -> slice:
    """Which examples of each batch the devices of this process train on."""
    if spread is None:
        return slice(None)
    share = batch // spread.shape[DATA]
    here = [
        place
        for place, device in enumerate(spread.devices.flat)
        if device.process_index == jax.process_index()
    ]
    return slice(here[0] * share, (here[-1] + 1) * share)


def _placed(
    block: Block, size: int, mesh: Mesh | None, spread: Mesh | None, batch: int
) -> tuple[Any, Any]:
    pixels, labels = block
    count = len(labels) // size
    shaped = (pixels.reshape(count, size, -1), labels.reshape(count, size))
    if mesh is None:
        return jnp.asarray(shaped[0]), jnp.asarray(shaped[1])
    axes = (None, DATA) if spread is not None else ()
    sharding = NamedSharding(mesh, PartitionSpec(*axes))  # type: ignore[no-untyped-call]

    def place(part: Any) -> Any:
        shape = (count, batch, *part.shape[2:])
        return jax.make_array_from_process_local_data(sharding, part, shape)  # type: ignore[no-untyped-call]

    return place(shaped[0]), place(shaped[1])


def _on_all(mesh: Mesh | None, tree: Tree) -> Tree:
    """The same on every device of the mesh; what lies there already stays."""
    if mesh is None:
        return tree
    there = getattr(jax.tree.leaves(tree)[0], "sharding", None)
    placed = isinstance(there, NamedSharding) and there.mesh == mesh
    return tree if placed else replicate(tree, mesh)


def _whole(mesh: Mesh | None, tree: Tree) -> Tree:
    """Ask, inside a program, for the same on every device."""
    if mesh is None:
        return tree
    whole = NamedSharding(mesh, PartitionSpec())  # type: ignore[no-untyped-call]
    kept: Tree = lax.with_sharding_constraint(tree, whole)  # type: ignore[no-untyped-call]
    return kept


@partial(jax.jit, static_argnums=1)
def _order(key: Key[Array, ""], examples: int) -> Int[Array, "n"]:
    return jax.random.permutation(jax.random.fold_in(key, 0), examples)


@partial(jax.jit, static_argnums=(0, 1))
def _train_block(
    spec: CompiledSpec,
    mesh: Mesh | None,
    hyper: Hyperparameters,
    carry: _Carry,
    pixels: UInt8[Array, "m b d"],
    labels: Int[Array, "m b"],
    at: _At,
) -> tuple[_Carry, Float[Array, "m"]]:
    masks = jax.random.fold_in(epoch_key(at.seed, at.epoch), 1)

    def step(before: _Carry, batch: tuple[Any, Any, Any]) -> tuple[_Carry, Float[Array, ""]]:
        number, *examples = batch
        params, opt_state, loss = train_step(
            spec, hyper, *before, DeviceSplit(*examples), jax.random.fold_in(masks, number)
        )
        return _Carry(params, opt_state), loss

    numbers = at.first + jnp.arange(len(labels), dtype=jnp.int32)
    return _whole(mesh, lax.scan(step, carry, (numbers, pixels, labels)))


@partial(jax.jit, static_argnums=(0, 1))
def _scored(
    spec: CompiledSpec,
    mesh: Mesh | None,
    params: Params,
    pixels: UInt8[Array, "1 b d"],
    labels: Int[Array, "1 b"],
) -> tuple[Float[Array, "b"], Int[Array, "b"]]:
    logits = network(spec.architecture).logits(params, pixels[0], None)
    return _whole(mesh, (cross_entropy(logits, labels[0]), predict(logits)))
