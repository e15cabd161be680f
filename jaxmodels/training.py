"""The training loop of question 2: state in, state out, an epoch one compiled program.

Nothing here reads a clock, prints, or talks to the host. All randomness comes from the run's seed
by `fold_in`, so the state after any epoch is all that the next one needs:

    key = key(seed),  epoch's = fold_in(key, epoch),  epoch 0 draws the first parameters
    order:  fold_in(epoch's, 0)
    masks:  fold_in(fold_in(epoch's, 1), step), then a `fold_in` per layer
"""

from dataclasses import dataclass
from typing import Any, NamedTuple

import jax
import jax.numpy as jnp
import optax
from jaxtyping import Array, Float, Int, Key, UInt32

from jaxmodels.batches import scan_batches
from jaxmodels.evaluation import Split, evaluate
from jaxmodels.losses import cross_entropy
from jaxmodels.models import Architecture, Dropout, Params, network
from jaxmodels.optimizers import Hyperparameters, OptimizerName, optimizer


@dataclass(frozen=True)
class CompiledSpec:
    """What a compiled program is made for; all else about a run is data.

    Attributes:
        architecture: the model.
        optimizer: "sgd", "plain_sgd" (the same without momentum) or "adam".
        batch_size: examples per step.
    """

    architecture: Architecture
    optimizer: OptimizerName = "sgd"
    batch_size: int = 64


class TrainState(NamedTuple):
    """All that the next epoch depends on besides setting, hyperparameters and data; arrays only.

    Attributes:
        seed: the run's.
        epoch: how many epochs are done.
        params: the model's parameters.
        opt_state: the optimizer's memory.
    """

    seed: UInt32[Array, "..."]
    epoch: Int[Array, "..."]
    params: Params
    opt_state: Any


class EpochMetrics(NamedTuple):
    """What an epoch reports.

    Attributes:
        train_loss: unweighted mean of the batches' mean losses, each before its step, with dropout
            on; a short last batch counts as much as any, as in the assignment. In nats.
        val_loss: mean loss over the validation split after the epoch, dropout off, in nats.
        val_correct: validation examples predicted rightly after the epoch.
    """

    train_loss: Float[Array, "..."]
    val_loss: Float[Array, "..."]
    val_correct: Int[Array, "..."]


def start(spec: CompiledSpec, hyper: Hyperparameters, seed: UInt32[Array, ""]) -> TrainState:
    """The state before the first epoch."""
    params = network(spec.architecture).initial(epoch_key(seed, jnp.asarray(0)))
    opt_state = optimizer(spec.optimizer, hyper).init(params)
    return TrainState(seed, jnp.asarray(0, jnp.int32), params, opt_state)


def epoch_key(seed: UInt32[Array, ""], epoch: Int[Array, ""]) -> Key[Array, ""]:
    """The key from which an epoch draws; epoch 0 is the initialisation."""
    return jax.random.fold_in(jax.random.key(seed, impl="threefry2x32"), epoch)


def train_step(
    spec: CompiledSpec,
    hyper: Hyperparameters,
    params: Params,
    opt_state: Any,
    batch: Split,
    key: Key[Array, ""],
) -> tuple[Params, Any, Float[Array, ""]]:
    """One step of the optimizer down the gradient of the batch's mean cross-entropy.

    Args:
        spec: model and optimizer.
        hyper: their numbers, scalars.
        params: before the step.
        opt_state: before the step.
        batch: the examples.
        key: of the dropout masks.

    Returns:
        Parameters and optimizer state after the step, and the batch's mean loss before it.
    """
    net = network(spec.architecture)

    def mean_loss(p: Params) -> Float[Array, ""]:
        logits = net.logits(p, batch.pixels, Dropout(hyper.dropout, key))
        return cross_entropy(logits, batch.labels).mean()

    loss, gradient = jax.value_and_grad(mean_loss)(params)
    updates, opt_state = optimizer(spec.optimizer, hyper).update(gradient, opt_state, params)
    return optax.apply_updates(params, updates), opt_state, loss


def train_epoch(
    spec: CompiledSpec, hyper: Hyperparameters, state: TrainState, train: Split
) -> tuple[TrainState, Float[Array, ""]]:
    """One pass over the training split in a fresh random order.

    Returns:
        The state after the epoch, and the mean of the batches' mean losses.
    """
    key = epoch_key(state.seed, state.epoch + 1)
    order = jax.random.permutation(jax.random.fold_in(key, 0), len(train.labels))
    masks = jax.random.fold_in(key, 1)

    def step(
        carry: tuple[Params, Any], number: Int[Array, ""], examples: Int[Array, "b"]
    ) -> tuple[tuple[Params, Any], Float[Array, ""]]:
        batch = Split(train.pixels[examples], train.labels[examples])
        params, opt_state, loss = train_step(
            spec, hyper, *carry, batch, jax.random.fold_in(masks, number)
        )
        return (params, opt_state), loss

    carry = (state.params, state.opt_state)
    (params, opt_state), losses = scan_batches(step, carry, order, spec.batch_size)
    stepped = TrainState(state.seed, state.epoch + 1, params, opt_state)
    return stepped, jnp.concatenate(losses).mean()


def run_epoch(
    spec: CompiledSpec, hyper: Hyperparameters, state: TrainState, train: Split, val: Split
) -> tuple[TrainState, EpochMetrics]:
    """One epoch of training and the validation after it, for one run."""
    state, train_loss = train_epoch(spec, hyper, state, train)
    found = evaluate(network(spec.architecture), state.params, val)
    return state, EpochMetrics(train_loss, found.loss, found.correct)
