"""The training loop of question 2: state in, state out, an epoch one compiled program.

Nothing here reads a clock, prints, or talks to the host. All randomness comes from the run's seed
by `fold_in`, so the state after any epoch is all that the next one needs:

    key = key(seed),  epoch's = fold_in(key, epoch),  epoch 0 draws the first parameters
    order:  fold_in(epoch's, 0)
    masks:  fold_in(fold_in(epoch's, 1), step), then a `fold_in` per layer
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, NamedTuple

import jax
import jax.numpy as jnp
import optax
from jaxtyping import Array, Float, Int, Key, UInt32

from jaxmodels.batches import scan_batches
from jaxmodels.evaluation import Place, Split, evaluate, where_they_are
from jaxmodels.losses import cross_entropy
from jaxmodels.models import Architecture, Dropout, Network, Params, network
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


class EpochRules(NamedTuple):
    """How an epoch is trained; the defaults are the assignment's, on one device.

    Attributes:
        place: puts the examples of a batch on the devices that share it, inside the program.
        network: the model, if another one than the setting's.
        batch_loss: makes one number of the losses of a batch's examples.
        drop_last: whether a short last batch is left out.
    """

    place: Place = where_they_are
    network: Network | None = None
    batch_loss: Callable[[Float[Array, "b"]], Float[Array, ""]] = jnp.mean
    drop_last: bool = False


AS_ASSIGNED = EpochRules()

Carry = tuple[Params, Any]
"""What goes from step to step: parameters and the optimizer's memory."""


def start(spec: CompiledSpec, hyper: Hyperparameters, seed: UInt32[Array, ""]) -> TrainState:
    """Return the state before the first epoch."""
    params = network(spec.architecture).initial(epoch_key(seed, jnp.asarray(0)))
    opt_state = optimizer(spec.optimizer, hyper).init(params)
    return TrainState(seed, jnp.asarray(0, jnp.int32), params, opt_state)


def epoch_key(seed: UInt32[Array, ""], epoch: Int[Array, ""]) -> Key[Array, ""]:
    """Return the key from which an epoch draws; epoch 0 is the initialization."""
    return jax.random.fold_in(jax.random.key(seed, impl="threefry2x32"), epoch)


def epoch_order(key: Key[Array, ""], n: int) -> Int[Array, "n"]:
    """Draw the order of `n` examples in the epoch of this key."""
    return jax.random.permutation(jax.random.fold_in(key, 0), n)


def train_step(
    spec: CompiledSpec,
    hyper: Hyperparameters,
    params: Params,
    opt_state: Any,
    batch: Split,
    key: Key[Array, ""],
    rules: EpochRules = AS_ASSIGNED,
) -> tuple[Params, Any, Float[Array, ""]]:
    """Take one step of the optimizer down the gradient of the batch's mean cross-entropy.

    Args:
        spec: model and optimizer.
        hyper: their numbers, scalars.
        params: before the step.
        opt_state: before the step.
        batch: the examples.
        key: of the dropout masks.
        rules: what is done otherwise.

    Returns:
        Parameters and optimizer state after the step, and the batch's mean loss before it.
    """
    net = rules.network or network(spec.architecture)

    def loss_of(p: Params) -> Float[Array, ""]:
        logits = net.logits(p, batch.pixels, Dropout(hyper.dropout, key))
        return rules.batch_loss(cross_entropy(logits, batch.labels))

    loss, gradient = jax.value_and_grad(loss_of)(params)
    updates, opt_state = optimizer(spec.optimizer, hyper).update(gradient, opt_state, params)
    return optax.apply_updates(params, updates), opt_state, loss


def epoch_step(
    spec: CompiledSpec,
    hyper: Hyperparameters,
    key: Key[Array, ""],
    read: Callable[[Any], Split],
    rules: EpochRules = AS_ASSIGNED,
) -> Callable[[Carry, Int[Array, ""], Any], tuple[Carry, Float[Array, ""]]]:
    """Make the body of every epoch: `step(carry, number, item) -> carry, loss`, to be scanned.

    Args:
        spec: model and optimizer.
        hyper: their numbers, scalars.
        key: the epoch's; batch `number` draws its masks from it, wherever its images come from.
        read: gives the batch that an item of the scan stands for: the numbers of examples in
            memory, or the images themselves where they are streamed.
        rules: what is done otherwise.
    """
    masks = jax.random.fold_in(key, 1)

    def step(carry: Carry, number: Int[Array, ""], item: Any) -> tuple[Carry, Float[Array, ""]]:
        mask_key = jax.random.fold_in(masks, number)
        params, opt_state, loss = train_step(spec, hyper, *carry, read(item), mask_key, rules)
        return (params, opt_state), loss

    return step


def train_epoch(
    spec: CompiledSpec,
    hyper: Hyperparameters,
    state: TrainState,
    train: Split,
    rules: EpochRules = AS_ASSIGNED,
) -> tuple[TrainState, Float[Array, ""]]:
    """Pass once over the training split in a fresh random order.

    Returns:
        The state after the epoch, and the mean of the batches' losses.
    """
    key = epoch_key(state.seed, state.epoch + 1)
    order = epoch_order(key, len(train.labels))
    if rules.drop_last:
        order = order[: len(order) - len(order) % spec.batch_size]

    def read(examples: Int[Array, "b"]) -> Split:
        # The numbers are placed before the images are looked up, so that each device looks up its
        # own share of a batch and not all of it.
        examples = rules.place(examples)
        return Split(rules.place(train.pixels[examples]), rules.place(train.labels[examples]))

    step = epoch_step(spec, hyper, key, read, rules)
    carry = (state.params, state.opt_state)
    (params, opt_state), losses = scan_batches(step, carry, order, spec.batch_size)
    stepped = TrainState(state.seed, state.epoch + 1, params, opt_state)
    return stepped, jnp.concatenate(losses).mean()


def run_epoch(
    spec: CompiledSpec,
    hyper: Hyperparameters,
    state: TrainState,
    train: Split,
    val: Split,
    rules: EpochRules = AS_ASSIGNED,
) -> tuple[TrainState, EpochMetrics]:
    """Train one run for an epoch and validate it afterwards."""
    state, train_loss = train_epoch(spec, hyper, state, train, rules)
    net = rules.network or network(spec.architecture)
    found = evaluate(net, state.params, val, place=rules.place)
    return state, EpochMetrics(train_loss, found.loss, found.correct)
