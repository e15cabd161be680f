"""Question 2 as Flax's and Optax's own documentation teaches it: the definition beside the engine.

Read this file first. A model is an object with its parameters in it, a step changes model and
optimizer in place, and a loop in Python takes the steps:

    model = FeedforwardNetwork(rngs=nnx.Rngs(42))
    for epoch in train(model, make_optimizer(model), (images, labels), (val_images, val_labels)):
        print(epoch)

`jaxmodels/training.py`, the engine, trains the same weights from the same first weights and the
same order of examples, up to rounding; a test holds the two together. docs/numpy-beside-jax.md
says where the engine departs from this file, why, and what each departure gains.
"""

import math
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

import chex
import jax
import jax.numpy as jnp
import numpy as np
import optax
from flax import nnx
from jaxtyping import Array, Float, Int, Shaped, UInt8

Features = Float[Array, "n d"]
Labels = Int[Array, "n"]
Split = tuple[UInt8[np.ndarray, "_ d"], Int[np.ndarray, "..."]]


def to_features(pixels: UInt8[np.ndarray, "n d"]) -> Features:
    """Return pixels as features, `x = pixels / 256`."""
    return jnp.asarray(pixels, jnp.float32) / 256


def linear(n_in: int, n_out: int, rngs: nnx.Rngs) -> nnx.Linear:
    """Make a linear layer, its weights and biases uniform in `+-1 / sqrt(n_in)`.

    This is PyTorch's default, which the assignment has; Flax's own is another.
    """
    bound = 1 / math.sqrt(n_in)

    def uniform(key: Any, shape: Any, dtype: Any, **_: Any) -> Array:
        return jax.random.uniform(key, shape, dtype, -bound, bound)

    return nnx.Linear(n_in, n_out, kernel_init=uniform, bias_init=uniform, rngs=rngs)


class LogisticRegression(nnx.Module):
    """Question 2.1: logits `x W + b`; the softmax is in the loss."""

    def __init__(self, n_features: int = 6912, n_classes: int = 6, *, rngs: nnx.Rngs) -> None:
        self.output = linear(n_features, n_classes, rngs)

    def __call__(self, x: Features) -> Float[Array, "n c"]:
        """Return the logits of a batch."""
        return self.output(x)


class FeedforwardNetwork(nnx.Module):
    """Question 2.2: (linear, activation, dropout) for each hidden layer, then a linear output."""

    def __init__(
        self,
        n_features: int = 6912,
        n_classes: int = 6,
        hidden_size: int = 200,
        layers: int = 2,
        activation: Callable[[Array], Array] = nnx.relu,
        dropout: float = 0.3,
        *,
        rngs: nnx.Rngs,
    ) -> None:
        sizes = [n_features] + [hidden_size] * layers
        self.hidden = nnx.List([linear(n_in, hidden_size, rngs) for n_in in sizes[:-1]])
        self.dropout = nnx.Dropout(dropout, rngs=rngs)
        self.output = linear(sizes[-1], n_classes, rngs)
        self.activation = activation

    def __call__(self, x: Features) -> Float[Array, "n c"]:
        """Return the logits of a batch."""
        for layer in self.hidden:
            x = self.dropout(self.activation(layer(x)))
        return self.output(x)


def make_optimizer(
    model: nnx.Module,
    name: str = "sgd",
    learning_rate: float = 0.002,
    momentum: float = 0.0,
    l2_decay: float = 0.0,
) -> nnx.Optimizer:
    """Make PyTorch's "sgd" or "adam" for the parameters of a model.

    `l2_decay * p` is added to the gradient of every weight and bias p before the rule sees it.
    """
    rules = {
        "sgd": optax.sgd(learning_rate, momentum=momentum),
        "adam": optax.adam(learning_rate),
    }
    decayed = optax.chain(optax.add_decayed_weights(l2_decay), rules[name])
    return nnx.Optimizer(model, decayed, wrt=nnx.Param)


def mean_loss(model: nnx.Module, x: Features, labels: Shaped[Array, "..."]) -> Float[Array, ""]:
    """Return the mean cross-entropy of a batch, in nats."""
    # The course's file holds labels `[n, 1]`; beside `[n]` predictions they make n x n answers.
    chex.assert_shape(labels, (len(x),))
    return optax.softmax_cross_entropy_with_integer_labels(model(x), labels).mean()


@nnx.jit
def train_step(
    model: nnx.Module, optimizer: nnx.Optimizer, x: Features, labels: Labels
) -> Float[Array, ""]:
    """Take one step in place, and return the mean loss of the batch before it."""
    loss, gradient = nnx.value_and_grad(mean_loss)(model, x, labels)
    optimizer.update(model, gradient)
    return loss


@nnx.jit
def evaluate(model: nnx.Module, x: Features, labels: Labels) -> tuple[Array, Array]:
    """Return the mean loss and the accuracy on a split; `model.eval()` turns dropout off before."""
    return mean_loss(model, x, labels), (model(x).argmax(axis=1) == labels).mean()


def train_epoch(
    model: nnx.Module,
    optimizer: nnx.Optimizer,
    x: Features,
    labels: Labels,
    order: Int[np.ndarray, "m"],
    batch_size: int = 64,
) -> float:
    """Take a step per batch of `order`, the short last one too; return the mean of their losses."""
    starts = range(0, len(order), batch_size)
    batches = [order[start : start + batch_size] for start in starts]
    losses = [train_step(model, optimizer, x[batch], labels[batch]) for batch in batches]
    return float(jnp.stack(losses).mean())


class Epoch(NamedTuple):
    """What an epoch reports: losses in nats, and the share of validation examples that is right."""

    train_loss: float
    val_loss: float
    val_accuracy: float


def train(
    model: nnx.Module,
    optimizer: nnx.Optimizer,
    train_split: Split,
    val_split: Split,
    epochs: int = 200,
    batch_size: int = 64,
    seed: int = 42,
) -> Iterator[Epoch]:
    """Train in a fresh random order each epoch, and yield the numbers of each."""
    rng = np.random.default_rng(seed)
    x, val_x = to_features(train_split[0]), to_features(val_split[0])
    labels, val_labels = jnp.asarray(train_split[1]), jnp.asarray(val_split[1])
    for _ in range(epochs):
        model.train()
        order = rng.permutation(len(labels))
        loss = train_epoch(model, optimizer, x, labels, order, batch_size)
        model.eval()
        yield Epoch(loss, *map(float, evaluate(model, val_x, val_labels)))
