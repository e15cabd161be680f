"""A pass over examples in batches as one scan, the short last batch included."""

from collections.abc import Callable
from typing import TypeVar

import jax
import jax.numpy as jnp
from jax import lax
from jaxtyping import Array, Int

Carry = TypeVar("Carry")
Out = TypeVar("Out")


def scan_batches(
    step: Callable[[Carry, Int[Array, ""], Int[Array, "b"]], tuple[Carry, Out]],
    carry: Carry,
    order: Int[Array, "n"],
    batch_size: int,
) -> tuple[Carry, list[Out]]:
    """Call `step(carry, number, examples)` for each batch of `order`, in order.

    Compiled once for all full batches and once more for the last one if it is shorter. Nothing is
    dropped and nothing padded.

    Args:
        step: takes the carry, the batch's number from 0 and the examples in it.
        carry: handed from batch to batch.
        order: the examples.
        batch_size: examples per batch; more than there are gives one batch of them all.

    Returns:
        The last carry, and what the steps gave: stacked over the full batches, then the same of the
        short batch, stacked to a length of 1. Either part is left out if there is no such batch.
    """
    full, rest = divmod(len(order), batch_size)
    outs: list[Out] = []
    if full:
        numbered = (jnp.arange(full), order[: full * batch_size].reshape(full, batch_size))
        carry, out = lax.scan(lambda c, batch: step(c, *batch), carry, numbered)
        outs.append(out)
    if rest:
        carry, out = step(carry, jnp.asarray(full), order[full * batch_size :])
        outs.append(jax.tree.map(lambda leaf: leaf[None], out))
    return carry, outs
