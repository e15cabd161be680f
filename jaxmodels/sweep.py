"""Hyperparameters and seeds as one more axis of the same program.

Every function here takes and gives states and hyperparameters whose arrays have a leading axis
`[k]`, one entry per run; the data have none, all runs train on the same. Over a mesh of devices the
runs lie along one axis and the examples of a batch along the other (see `jaxmodels.sharding`).
"""

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any, Literal, get_args

import jax
import jax.numpy as jnp
from jax import lax
from jax.sharding import Mesh
from jaxtyping import Array, UInt32

from jaxmodels.evaluation import Evaluation, Split, evaluate
from jaxmodels.models import network
from jaxmodels.optimizers import Hyperparameters
from jaxmodels.sharding import by_rows, share_examples
from jaxmodels.training import AS_ASSIGNED, CompiledSpec, EpochMetrics, TrainState, run_epoch, start

SweepMode = Literal["vmap", "sequential"]
SWEEP_MODES: tuple[SweepMode, ...] = get_args(SweepMode)

SweepEpoch = Callable[[Hyperparameters, TrainState, Split, Split], tuple[TrainState, EpochMetrics]]


def default_sweep_mode() -> SweepMode:
    """Choose how the runs are trained here: side by side on an accelerator, in turn on a CPU.

    One run's products keep a CPU's cores busy, and its weights fit the cache where all runs'
    together do not.
    """
    return "sequential" if jax.default_backend() == "cpu" else "vmap"


def stack(runs: Sequence[Hyperparameters]) -> Hyperparameters:
    """Stack the hyperparameters of several runs as float32 arrays `[k]`."""
    return Hyperparameters(
        *(jnp.asarray(values, jnp.float32) for values in zip(*runs, strict=True))
    )


@partial(jax.jit, static_argnums=0)
def start_sweep(
    spec: CompiledSpec, hyper: Hyperparameters, seeds: UInt32[Array, "k"]
) -> TrainState:
    """Return the states of all runs before the first epoch."""
    return jax.vmap(partial(start, spec))(hyper, seeds)


def sweep_epoch(spec: CompiledSpec, mode: SweepMode, mesh: Mesh | None = None) -> SweepEpoch:
    """Compile one epoch of all runs: `epoch(hyper, states, train, val) -> states, metrics`.

    The states given are donated: their memory is used for those that come back. Run i is the run
    one gets alone, to rounding; bit for bit if `mode` is "sequential" on one device. A batch that
    the mesh's "data" axis does not divide is shared unevenly, by the compiler; nothing is dropped
    and no example counts twice.

    Args:
        spec: what is compiled.
        mode: how runs on the same device are trained.
        mesh: the devices, None for one; states and hyperparameters are then to be placed by
            `shard_runs`, data by `replicate`.
    """
    rules = AS_ASSIGNED if mesh is None else AS_ASSIGNED._replace(place=share_examples(mesh))
    epoch = map_over_runs(partial(run_epoch, spec, rules=rules), mode, 2)
    return jax.jit(epoch if mesh is None else by_rows(epoch, mesh, 2), donate_argnums=1)


def sweep_evaluate(
    spec: CompiledSpec, mode: SweepMode, mesh: Mesh | None = None
) -> Callable[[Any, Split], Evaluation]:
    """Compile the evaluation of all runs' parameters on one split; chunks are shared as batches."""
    net = network(spec.architecture)
    if mesh is None:
        return jax.jit(map_over_runs(partial(evaluate, net), mode, 1))
    shared = partial(evaluate, net, place=share_examples(mesh))
    return jax.jit(by_rows(map_over_runs(shared, mode, 1), mesh, 1))


def map_over_runs(
    function: Callable[..., Any], mode: SweepMode, n_mapped: int
) -> Callable[..., Any]:
    """Apply `function` to each run of its first `n_mapped` arguments; the others are shared."""

    def all_runs(*arguments: Any) -> Any:
        mapped, shared = arguments[:n_mapped], arguments[n_mapped:]
        if mode == "vmap":
            axes = (0,) * n_mapped + (None,) * len(shared)
            return jax.vmap(function, in_axes=axes)(*arguments)
        return lax.map(lambda run: function(*run, *shared), mapped)

    return all_runs
