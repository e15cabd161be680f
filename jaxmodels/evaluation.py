"""A whole split without dropout: its mean loss, and what each example is taken for."""

from collections.abc import Callable
from typing import Any, NamedTuple

import jax.numpy as jnp
from jaxtyping import Array, Float, Int, UInt8

from jaxmodels.batches import scan_batches
from jaxmodels.losses import cross_entropy, predict
from jaxmodels.models import Network, Params

CHUNK = 256
"""Examples per product: 7 MB of features, so a split of any size takes no more memory than that."""

Place = Callable[[Any], Any]
"""Puts arrays `[b, ...]` on the devices that share them, inside a program."""


def where_they_are(examples: Any) -> Any:
    """Leave the examples where they are, as on a single device."""
    return examples


class Split(NamedTuple):
    """One split, on the device.

    Attributes:
        pixels: uint8 `[n, d]`.
        labels: `[n]`, class numbers.
    """

    pixels: UInt8[Array, "n d"]
    labels: Int[Array, "n"]


class Evaluation(NamedTuple):
    """What one evaluation found.

    Attributes:
        loss: mean cross-entropy over the split's examples, in nats.
        correct: how many examples are predicted rightly.
        predicted: class numbers, `[n]`.
    """

    loss: Float[Array, ""]
    correct: Int[Array, ""]
    predicted: Int[Array, "n"]


def evaluate(
    net: Network,
    params: Params,
    split: Split,
    chunk: int = CHUNK,
    place: Place = where_they_are,
) -> Evaluation:
    """Return loss, count and predictions over every example of a split, dropout off.

    The loss is the mean over examples, whatever `chunk` is; `place` spreads a chunk over devices.
    """

    def step(
        _: None, __: Int[Array, ""], examples: Int[Array, "b"]
    ) -> tuple[None, tuple[Float[Array, "b"], Int[Array, "b"]]]:
        logits = net.logits(params, place(split.pixels[examples]), None)
        return None, (cross_entropy(logits, split.labels[examples]), predict(logits))

    _, chunks = scan_batches(step, None, jnp.arange(len(split.labels)), chunk)
    losses = jnp.concatenate([loss.reshape(-1) for loss, _ in chunks])
    predicted = jnp.concatenate([guesses.reshape(-1) for _, guesses in chunks])
    return Evaluation(losses.mean(), (predicted == split.labels).sum(), predicted)
