"""Question 2's epoch over data that are read as it goes; the same numbers as in memory.

The order is `jaxmodels.training.train_epoch`'s, drawn from the same key. What arrives is a block of
whole batches, which one compiled scan trains on with that function's own step, so that the host
holds a few blocks and the device one, whatever the data set's length.
"""

from functools import partial
from typing import Any, NamedTuple

import jax
import jax.numpy as jnp
import numpy as np
from jax import lax
from jaxtyping import Array, Float, Int, Key, UInt8

from experiments.data.stream import ShardReader
from jaxmodels.evaluation import CHUNK, Evaluation, Split
from jaxmodels.losses import cross_entropy, predict
from jaxmodels.models import Params, network
from jaxmodels.optimisers import Hyperparameters
from jaxmodels.training import EpochMetrics, Setting, TrainState, epoch_key, train_step

BLOCK_EXAMPLES = 4096
"""Examples per block, at most, unless a batch is larger: 28 MB."""


class _Carry(NamedTuple):
    params: Params
    opt_state: Any


def stream_epoch(
    setting: Setting,
    hyper: Hyperparameters,
    state: TrainState,
    train: ShardReader,
    val: ShardReader,
    block_examples: int = BLOCK_EXAMPLES,
) -> tuple[TrainState, EpochMetrics]:
    """`jaxmodels.training.run_epoch` for one run, from shards.

    The state given is kept. Of the data, at most `AHEAD + 2` blocks are in memory; of numbers, the
    order and the labels, 8 bytes per example.
    """
    key = epoch_key(state.seed, state.epoch + 1)
    order = np.asarray(_order(key, len(train)))
    masks = jax.random.fold_in(key, 1)
    batch = setting.batch_size
    carry, losses, number = _Carry(state.params, state.opt_state), [], 0
    for pixels, labels in train.blocks(order, batch * max(1, block_examples // batch)):
        full = len(labels) // batch
        for size, count, start in ((batch, full, 0), (len(labels) - full * batch, 1, full * batch)):
            if size and count:
                some = slice(start, start + size * count)
                carry, loss = _train_block(
                    setting,
                    hyper,
                    carry,
                    pixels[some].reshape(count, size, -1),
                    labels[some].reshape(count, size),
                    masks,
                    jnp.asarray(number, jnp.int32),
                )
                losses.append(loss)
                number += count
    stepped = TrainState(state.seed, state.epoch + 1, carry.params, carry.opt_state)
    found = stream_evaluate(setting, carry.params, val)
    return stepped, EpochMetrics(jnp.concatenate(losses).mean(), found.loss, found.correct)


def stream_evaluate(setting: Setting, params: Params, split: ShardReader) -> Evaluation:
    """`jaxmodels.evaluation.evaluate` for one run, from shards."""
    losses, guesses = [], []
    for pixels, labels in split.blocks(np.arange(len(split)), CHUNK):
        loss, guess = _scored(setting, params, Split(jnp.asarray(pixels), jnp.asarray(labels)))
        losses.append(loss)
        guesses.append(guess)
    predicted = jnp.concatenate(guesses)
    return Evaluation(
        jnp.concatenate(losses).mean(), (predicted == jnp.asarray(split.labels)).sum(), predicted
    )


@partial(jax.jit, static_argnums=1)
def _order(key: Key[Array, ""], examples: int) -> Int[Array, "n"]:
    return jax.random.permutation(jax.random.fold_in(key, 0), examples)


@partial(jax.jit, static_argnums=0)
def _train_block(
    setting: Setting,
    hyper: Hyperparameters,
    carry: _Carry,
    pixels: UInt8[Array, "m b d"],
    labels: Int[Array, "m b"],
    masks: Key[Array, ""],
    first: Int[Array, ""],
) -> tuple[_Carry, Float[Array, "m"]]:
    def step(before: _Carry, at: tuple[Any, Any, Any]) -> tuple[_Carry, Float[Array, ""]]:
        number, *batch = at
        params, opt_state, loss = train_step(
            setting, hyper, *before, Split(*batch), jax.random.fold_in(masks, number)
        )
        return _Carry(params, opt_state), loss

    numbers = first + jnp.arange(len(labels), dtype=jnp.int32)
    return lax.scan(step, carry, (numbers, pixels, labels))


@partial(jax.jit, static_argnums=0)
def _scored(setting: Setting, params: Params, chunk: Split) -> tuple[Any, Any]:
    scores = network(setting.architecture).scores(params, chunk.pixels, None)
    return cross_entropy(scores, chunk.labels), predict(scores)
