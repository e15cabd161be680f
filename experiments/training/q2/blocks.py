"""Blocks of whole batches on the devices, read from shards as the training goes.

Each process reads only what its own devices train on.
"""

from collections.abc import Iterator
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
from jax.sharding import Mesh, NamedSharding

from experiments.data.shards.reader import Block, ShardReader
from jaxmodels.sharding import DATA, axes_spec


def read_batches(
    reader: ShardReader, order: np.ndarray, batch: int, block_examples: int, mesh: Mesh | None
) -> Iterator[tuple[Any, Any]]:
    """Yield the batches of an order on the devices, several at a time: `[m, b, d]`, `[m, b]`.

    The short last batch comes alone. A batch that the mesh does not divide is given to all devices
    whole.
    """
    full, rest = divmod(len(order), batch)
    spread = mesh if mesh is not None and batch % mesh.shape[DATA] == 0 else None
    own = _own_examples(spread, batch)
    mine = order[: full * batch].reshape(full, batch)[:, own]
    size = mine.shape[1]
    for block in reader.blocks(mine.reshape(-1), size * max(1, block_examples // size)):
        yield _place(block, size, mesh, spread, batch)
    if rest:
        for block in reader.blocks(order[full * batch :], rest):
            yield _place(block, rest, mesh, None, rest)


def _own_examples(spread: Mesh | None, batch: int) -> slice:
    """Return which examples of each batch the devices of this process train on."""
    if spread is None:
        return slice(None)
    share = batch // spread.shape[DATA]
    # A process's devices stand in a row on the mesh, so its share of a batch is one piece.
    here = [
        place
        for place, device in enumerate(spread.devices.flat)
        if device.process_index == jax.process_index()
    ]
    return slice(here[0] * share, (here[-1] + 1) * share)


def _place(
    block: Block, size: int, mesh: Mesh | None, spread: Mesh | None, batch: int
) -> tuple[Any, Any]:
    pixels, labels = block
    count = len(labels) // size
    shaped = (pixels.reshape(count, size, -1), labels.reshape(count, size))
    if mesh is None:
        return jnp.asarray(shaped[0]), jnp.asarray(shaped[1])
    sharding = NamedSharding(mesh, axes_spec() if spread is None else axes_spec(None, DATA))

    def place(part: Any) -> Any:
        shape = (count, batch, *part.shape[2:])
        return jax.make_array_from_process_local_data(sharding, part, shape)  # type: ignore[no-untyped-call]

    return place(shaped[0]), place(shaped[1])
