"""How far runs of question 2 have come, and how their checkpoints hold that."""

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

import jax
import jax.numpy as jnp
import numpy as np

from experiments.process_group.peers import Peers
from experiments.runs.checkpoint import Checkpoint, Checkpoints
from experiments.runs.finished import same
from experiments.runs.json_files import Record
from jaxmodels.training import TrainState


class Column(NamedTuple):
    """One run's part of what a group of runs has come to.

    Attributes:
        leaves: the arrays of its `TrainState`, in the tree's order.
        epochs: what `metrics.jsonl` holds.
        seconds: spent on training the whole group, over all its processes.
    """

    leaves: list[np.ndarray]
    epochs: list[Record]
    seconds: float


def pack(about: Record, beside: list[str], column: Column) -> tuple[Record, dict[str, np.ndarray]]:
    """Header and arrays of one run's checkpoint.

    Args:
        about: the run's description.
        beside: what `Programs.beside` gives.
        column: how far it has come.
    """
    header = {
        "about": about,
        "beside": beside,
        "epochs": column.epochs,
        "seconds": column.seconds,
    }
    return header, {f"leaf.{i}": leaf for i, leaf in enumerate(column.leaves)}


def take(states: TrainState, i: int) -> list[np.ndarray]:
    """One column of states that are the host's, as a checkpoint holds it."""
    return [np.asarray(leaf)[i] for leaf in jax.tree.leaves(states)]


def join(columns: Sequence[Column], like: TrainState) -> TrainState:
    """The states on the device whose columns these are."""
    tree = jax.tree.structure(like)
    stacked = zip(*(column.leaves for column in columns), strict=True)
    # A copy: the epoch's program takes the memory that it is given for its own.
    return jax.tree.unflatten(tree, [jnp.array(np.stack(leaves), copy=True) for leaves in stacked])


def newest(
    runs: Sequence[tuple[Checkpoints, Record]],
    beside: list[str],
    like: TrainState,
    say: Callable[[str], None],
) -> list[Column] | None:
    """The newest state of which every one of the runs has a usable checkpoint, None without one.

    Args:
        runs: their checkpoints and descriptions, in the order of the columns.
        beside: what `Programs.beside` gives.
        like: states of all columns, for the arrays' shapes.
        say: gets a line about each checkpoint that is passed over.
    """
    epochs = set(runs[0][0].epochs()).intersection(*(held.epochs() for held, _ in runs))
    for epoch in sorted(epochs, reverse=True):
        columns = []
        for held, about in runs:
            try:
                columns.append(held.read(epoch, _unpack(about, beside, like)))
            except (OSError, ValueError) as error:
                say(f"{held.path / str(epoch)}.checkpoint: not used, {error}")
                break
        else:
            return columns
    return None


def share(found: list[Column] | None, peers: Peers) -> list[Column] | None:
    """What process 0 has found, in every process; the others read no checkpoints."""
    if peers.count == 1:
        return found
    held = found or []
    told: list[Record] = [
        {"epochs": c.epochs, "seconds": c.seconds, "leaves": len(c.leaves)} for c in held
    ]
    agreed = peers.agree(told)
    if not agreed:
        return None
    arrays = peers.agree_arrays(
        {f"{i}.{j}": leaf for i, c in enumerate(held) for j, leaf in enumerate(c.leaves)}
    )
    return [
        Column([arrays[f"{i}.{j}"] for j in range(c["leaves"])], c["epochs"], c["seconds"])
        for i, c in enumerate(agreed)
    ]


def _unpack(about: Record, beside: list[str], like: TrainState) -> Callable[[Checkpoint], Column]:
    expected = [(leaf.shape[1:], leaf.dtype) for leaf in jax.tree.leaves(like)]

    def read(checkpoint: Checkpoint) -> Column:
        header, arrays = checkpoint.header, checkpoint.arrays
        if not same(header["about"], about):
            raise ValueError("it is another run's")
        if header["beside"] != beside:
            raise ValueError("it was trained beside other runs, which changes its last bits")
        leaves: list[Any] = [arrays[f"leaf.{i}"] for i in range(len(arrays))]
        if [(leaf.shape, leaf.dtype) for leaf in leaves] != expected:
            raise ValueError("its arrays have other shapes")
        return Column(leaves, header["epochs"], header["seconds"])

    return read
