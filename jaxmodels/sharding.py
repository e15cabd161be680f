"""A sweep over several devices: its runs on one axis of a mesh, each batch on the other.

    mesh axes:  "runs"  configurations and seeds, a block of runs per row of devices
                "data"  the examples of a batch, a share per device of the row

Nothing is exchanged between runs. Along "data" XLA inserts one sum of gradients per step: a mean
over a batch is the same number wherever its terms lie, up to the order of summation. The random
numbers are those of one device, too (JAX draws them by position, whatever the sharding).
"""

import math
from collections.abc import Callable, Sequence
from typing import Any, NamedTuple, TypeVar

import jax
import numpy as np
from jax.sharding import Mesh, NamedSharding, PartitionSpec
from jaxtyping import Array

from jaxmodels.evaluation import Place, where_they_are

Tree = TypeVar("Tree")

RUNS, DATA = "runs", "data"

MIN_EXAMPLES_PER_DEVICE = 128
"""Examples of a batch per device, below which a step waits for its sum longer than it computes."""


class Layout(NamedTuple):
    """How many devices each axis has.

    Attributes:
        runs: devices along "runs".
        data: devices along "data".
    """

    runs: int
    data: int


def choose_layout(devices: int, runs: int, batch_size: int, *, use_all: bool = False) -> Layout:
    """Choose the layout that takes the fewest rounds of runs, then the most devices per batch.

    With `r = ceil(runs / devices)` rounds, `ceil(runs / r)` rows suffice; what devices are left
    over share the batches, unless a share would fall below `MIN_EXAMPLES_PER_DEVICE`.

    Args:
        devices: how many there are.
        runs: how many are trained together.
        batch_size: examples per step.
        use_all: leave no device out, whatever the batch; processes that hold one need work. The
            rows are then the largest divisor of `devices` that is no more than `runs`.
    """
    if use_all:
        rows = max(r for r in range(1, devices + 1) if devices % r == 0 and r <= runs)
        return Layout(rows, devices // rows)
    rounds = math.ceil(runs / devices)
    rows = math.ceil(runs / rounds)
    return Layout(rows, max(1, min(devices // rows, batch_size // MIN_EXAMPLES_PER_DEVICE)))


def device_mesh(layout: Layout, devices: Sequence[jax.Device] | None = None) -> Mesh:
    """Return the mesh of that layout over the first of the devices.

    Raises:
        ValueError: there are too few.
    """
    devices = jax.devices() if devices is None else devices
    needed = layout.runs * layout.data
    if needed > len(devices):
        raise ValueError(f"layout {tuple(layout)}: got {len(devices)} devices, expected {needed}")
    grid = np.asarray(devices[:needed], dtype=object).reshape(layout)
    return Mesh(grid, (RUNS, DATA))


def shard_runs(tree: Tree, mesh: Mesh) -> Tree:
    """Place arrays `[k, ...]` over the rows of devices, the last run repeated to fill the rows."""
    rows = mesh.shape[RUNS]

    def place(leaf: Any) -> Array:
        host = np.asarray(leaf)
        # Every row of devices needs equally many runs. A copy of the last one trains as well as
        # any, without a special case in the program; `fetch_runs` drops it.
        spare = -len(host) % rows
        full = np.concatenate([host, np.repeat(host[-1:], spare, axis=0)]) if spare else host
        return _place(full, mesh, RUNS)

    return jax.tree.map(place, tree)


def replicate(tree: Tree, mesh: Mesh) -> Tree:
    """Place arrays whole on every device of the mesh."""
    return jax.tree.map(lambda leaf: _place(np.asarray(leaf), mesh), tree)


def mesh_of(tree: Any) -> Mesh | None:
    """Return the mesh that the arrays of a tree lie on, None if they are on no mesh."""
    sharding = getattr(jax.tree.leaves(tree)[0], "sharding", None)
    if isinstance(sharding, NamedSharding) and isinstance(sharding.mesh, Mesh):
        return sharding.mesh
    return None


def fetch_runs(tree: Tree, runs: int, mesh: Mesh) -> Tree:
    """Return the first `runs` runs as NumPy arrays, in every process; those that fill are dropped.

    All processes of the mesh have to call this, for the arrays travel between them.
    """
    # A process can read only what its own devices hold: the program gives all of it to all.
    gather = jax.jit(lambda arrays: arrays, out_shardings=NamedSharding(mesh, axes_spec()))
    whole = jax.device_get(gather(tree))
    return jax.tree.map(lambda leaf: leaf[:runs], whole)


def share_examples(mesh: Mesh) -> Place:
    """Return what asks, inside a program, for the leading axis of examples to lie along "data"."""
    if mesh.shape[DATA] == 1:
        return where_they_are
    # A constraint and no copy: the compiler then divides everything computed from the examples.
    return lambda examples: jax.lax.with_sharding_constraint(examples, axes_spec(DATA))  # type: ignore[no-untyped-call]


def by_rows(function: Callable[..., Any], mesh: Mesh, n_mapped: int) -> Callable[..., Any]:
    """Give each row of devices its own runs of the first `n_mapped` arguments, the others whole.

    The mesh's "runs" axis is divided by hand, so that nothing can be exchanged along it; along
    "data" the compiler divides the work.
    """

    def program(*arguments: Any) -> Any:
        specs = tuple(
            axes_spec(RUNS) if i < n_mapped else axes_spec() for i in range(len(arguments))
        )
        return jax.shard_map(
            function,
            mesh=mesh,
            in_specs=specs,
            out_specs=axes_spec(RUNS),
            axis_names={RUNS},
            # The check would want every scan's carry marked as different from row to row.
            check_vma=False,
        )(*arguments)

    return program


def axes_spec(*axes: str | None) -> PartitionSpec:
    """Return a `PartitionSpec`, whose constructor JAX leaves untyped."""
    return PartitionSpec(*axes)  # type: ignore[no-untyped-call]


def _place(host: np.ndarray, mesh: Mesh, *axes: str) -> Array:
    """Place an array; each process fills the parts that its own devices hold."""
    sharding = NamedSharding(mesh, axes_spec(*axes))
    return jax.make_array_from_callback(host.shape, sharding, lambda index: host[index])
