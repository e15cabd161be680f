"""A sweep over several devices: its columns on one axis of a mesh, each batch on the other.

    mesh axes:  "runs"  configurations and seeds, a block of columns per row of devices
                "data"  the examples of a batch, a share per device of the row

Nothing is exchanged between runs. Along "data" XLA inserts one sum of gradients per step: a mean
over a batch is the same number wherever its terms lie, up to the order of summation. The random
numbers are those of one device, too (JAX draws them by position, whatever the sharding).
"""

import math
from collections.abc import Callable, Sequence
from functools import partial
from typing import Any, NamedTuple, TypeVar

import jax
import jax.numpy as jnp
import numpy as np
from jax.sharding import Mesh, NamedSharding, PartitionSpec
from jaxtyping import Array, Float, Int

from jaxmodels.batches import scan_batches
from jaxmodels.evaluation import Evaluation, Split, evaluate
from jaxmodels.models import Dropout, Network, Params, network
from jaxmodels.optimizers import Hyperparameters
from jaxmodels.sweep import SweepEpoch, SweepMode, map_over_runs
from jaxmodels.training import CompiledSpec, EpochMetrics, TrainState, epoch_key, train_step

Tree = TypeVar("Tree")

RUNS, DATA = "runs", "data"

LEAST_SHARE = 128
"""Examples of a batch per device, below which a step waits for its sum longer than it computes."""


class Layout(NamedTuple):
    """How many devices each axis has.

    Attributes:
        runs: devices along "runs".
        data: devices along "data".
    """

    runs: int
    data: int

    def padded(self, columns: int) -> int:
        """How many columns `columns` become, so that every row of devices has equally many."""
        return self.runs * math.ceil(columns / self.runs)


def choose_layout(devices: int, columns: int, batch_size: int, *, use_all: bool = False) -> Layout:
    """The layout that takes the fewest rounds of columns, then the most devices per batch.

    With `r = ceil(columns / devices)` rounds, `ceil(columns / r)` rows suffice; what devices are
    left over share the batches, unless a share would fall below `LEAST_SHARE` examples.

    Args:
        devices: how many there are.
        columns: runs that are trained together.
        batch_size: examples per step.
        use_all: leave no device out, whatever the batch; processes that hold one need work. The
            rows are then the largest divisor of `devices` that is no more than `columns`.
    """
    if use_all:
        runs = max(r for r in range(1, devices + 1) if devices % r == 0 and r <= columns)
        return Layout(runs, devices // runs)
    rounds = math.ceil(columns / devices)
    runs = math.ceil(columns / rounds)
    return Layout(runs, max(1, min(devices // runs, batch_size // LEAST_SHARE)))


def device_mesh(layout: Layout, devices: Sequence[jax.Device] | None = None) -> Mesh:
    """The mesh of that layout over the first of the devices.

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
    """Arrays `[k, ...]` over the rows of devices, the last column repeated to fill the rows."""
    rows = mesh.shape[RUNS]

    def place(leaf: Any) -> Array:
        host = np.asarray(leaf)
        spare = -len(host) % rows
        full = np.concatenate([host, np.repeat(host[-1:], spare, axis=0)]) if spare else host
        return _place(full, NamedSharding(mesh, _spec(RUNS)))

    return jax.tree.map(place, tree)


def replicate(tree: Tree, mesh: Mesh) -> Tree:
    """Arrays that every device of the mesh gets whole."""
    whole = NamedSharding(mesh, _spec())
    return jax.tree.map(lambda leaf: _place(np.asarray(leaf), whole), tree)


def fetch_runs(tree: Tree, columns: int, mesh: Mesh) -> Tree:
    """The first `columns` columns as NumPy arrays, in every process; those that fill are dropped.

    All processes of the mesh have to call this, for the columns travel between them.
    """
    whole = jax.device_get(_gather(mesh)(tree))
    return jax.tree.map(lambda leaf: leaf[:columns], whole)


def sharded_epoch(spec: CompiledSpec, mode: SweepMode, mesh: Mesh) -> SweepEpoch:
    """`jaxmodels.sweep.sweep_epoch` over a mesh, compiled once for all its devices.

    Columns are to be placed by `shard_runs`, data by `replicate`. Column i is the run one
    gets on a single device, to rounding. A batch that the "data" axis does not divide is shared
    unevenly, by the compiler; nothing is dropped and no example counts twice.
    """
    program = _by_rows(partial(_run_epoch, spec, mesh), mode, mesh, 2)
    return jax.jit(program, donate_argnums=1)


def sharded_evaluate(
    spec: CompiledSpec, mode: SweepMode, mesh: Mesh
) -> Callable[[Any, Split], Evaluation]:
    """`jaxmodels.sweep.sweep_evaluate` over a mesh, chunks shared as batches are."""
    net = _spread(network(spec.architecture), mesh)
    return jax.jit(_by_rows(partial(evaluate, net), mode, mesh, 1))


def _run_epoch(
    spec: CompiledSpec,
    mesh: Mesh,
    hyper: Hyperparameters,
    state: TrainState,
    train: Split,
    val: Split,
) -> tuple[TrainState, EpochMetrics]:
    state, train_loss = _train_epoch(spec, mesh, hyper, state, train)
    found = evaluate(_spread(network(spec.architecture), mesh), state.params, val)
    return state, EpochMetrics(train_loss, found.loss, found.correct)


def _train_epoch(
    spec: CompiledSpec, mesh: Mesh, hyper: Hyperparameters, state: TrainState, train: Split
) -> tuple[TrainState, Float[Array, ""]]:
    """`jaxmodels.training.train_epoch` with its batches spread; a test holds the two together."""
    key = epoch_key(state.seed, state.epoch + 1)
    order = jax.random.permutation(jax.random.fold_in(key, 0), len(train.labels))
    masks = jax.random.fold_in(key, 1)

    def step(
        carry: tuple[Params, Any], number: Int[Array, ""], examples: Int[Array, "b"]
    ) -> tuple[tuple[Params, Any], Float[Array, ""]]:
        examples = _share(examples, mesh)
        batch = Split(_share(train.pixels[examples], mesh), _share(train.labels[examples], mesh))
        params, opt_state, loss = train_step(
            spec, hyper, *carry, batch, jax.random.fold_in(masks, number)
        )
        return (params, opt_state), loss

    carry = (state.params, state.opt_state)
    (params, opt_state), losses = scan_batches(step, carry, order, spec.batch_size)
    stepped = TrainState(state.seed, state.epoch + 1, params, opt_state)
    return stepped, jnp.concatenate(losses).mean()


def _spread(net: Network, mesh: Mesh) -> Network:
    """The same network, the examples it is given spread over "data"."""

    def logits(params: Params, pixels: Any, dropout: Dropout | None) -> Any:
        return net.logits(params, _share(pixels, mesh), dropout)

    return Network(net.initial, logits)


def _share(examples: Tree, mesh: Mesh) -> Tree:
    """Ask for the leading axis to lie along "data"."""
    if mesh.shape[DATA] == 1:
        return examples
    spread: Tree = jax.lax.with_sharding_constraint(examples, _spec(DATA))  # type: ignore[no-untyped-call]
    return spread


def _by_rows(function: Callable[..., Any], mode: SweepMode, mesh: Mesh, n_columned: int) -> Any:
    """Each row of devices does its own columns; along "data" the compiler divides the work."""

    def program(*arguments: Any) -> Any:
        specs = tuple(_spec(RUNS) if i < n_columned else _spec() for i in range(len(arguments)))
        return jax.shard_map(
            map_over_runs(function, mode, n_columned),
            mesh=mesh,
            in_specs=specs,
            out_specs=_spec(RUNS),
            axis_names={RUNS},
            check_vma=False,
        )(*arguments)

    return program


def _spec(*axes: str) -> PartitionSpec:
    return PartitionSpec(*axes)  # type: ignore[no-untyped-call]


def _place(host: Any, sharding: NamedSharding) -> Array:
    """Each process fills the parts that its own devices hold."""
    return jax.make_array_from_callback(host.shape, sharding, lambda index: host[index])


def _gather(mesh: Mesh) -> Callable[[Any], Any]:
    return jax.jit(lambda tree: tree, out_shardings=NamedSharding(mesh, _spec()))
