"""Hyperparameters and seeds as one more axis of the same program.

Every function here takes and gives states and hyperparameters whose arrays have a leading axis
`[k]`, a column for each run; the data have none, all columns train on the same.
"""

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any, Literal, get_args

import jax
import jax.numpy as jnp
from jax import lax
from jaxtyping import Array, UInt32

from jaxmodels.evaluation import Evaluation, Split, evaluate
from jaxmodels.models import network
from jaxmodels.optimizers import Hyperparameters
from jaxmodels.training import CompiledSpec, EpochMetrics, TrainState, run_epoch, start

SweepMode = Literal["vmap", "sequential"]
SWEEP_MODES: tuple[SweepMode, ...] = get_args(SweepMode)

SweepEpoch = Callable[[Hyperparameters, TrainState, Split, Split], tuple[TrainState, EpochMetrics]]


def default_sweep_mode() -> SweepMode:
    """How the columns are best run here: side by side on an accelerator, in turn on a CPU.

    One column's products keep a CPU's cores busy, and its weights fit the cache where all columns'
    together do not.
    """
    return "sequential" if jax.default_backend() == "cpu" else "vmap"


def stack(columns: Sequence[Hyperparameters]) -> Hyperparameters:
    """Hyperparameters of several runs as float32 arrays `[k]`."""
    return Hyperparameters(
        *(jnp.asarray(values, jnp.float32) for values in zip(*columns, strict=True))
    )


def start_sweep(
    spec: CompiledSpec, hyper: Hyperparameters, seeds: UInt32[Array, "k"]
) -> TrainState:
    """The states before the first epoch, a column per run."""
    return _started(spec, hyper, seeds)


def sweep_epoch(spec: CompiledSpec, mode: SweepMode) -> SweepEpoch:
    """One epoch of all columns: `epoch(hyper, states, train, val) -> states, metrics`, compiled.

    The states given are donated: their memory is used for those that come back. Column i is the run
    one gets alone, to rounding; bit for bit if `mode` is "sequential".
    """
    return jax.jit(map_over_runs(partial(run_epoch, spec), mode, 2), donate_argnums=1)


def sweep_evaluate(spec: CompiledSpec, mode: SweepMode) -> Callable[[Any, Split], Evaluation]:
    """The evaluation of all columns' parameters on one split, compiled."""
    return jax.jit(map_over_runs(partial(evaluate, network(spec.architecture)), mode, 1))


@partial(jax.jit, static_argnums=0)
def _started(spec: CompiledSpec, hyper: Hyperparameters, seeds: UInt32[Array, "k"]) -> TrainState:
    return jax.vmap(partial(start, spec))(hyper, seeds)


def map_over_runs(
    function: Callable[..., Any], mode: SweepMode, n_columned: int
) -> Callable[..., Any]:
    """`function` over columns of its first `n_columned` arguments; the others are shared."""

    def all_columns(*arguments: Any) -> Any:
        columned, shared = arguments[:n_columned], arguments[n_columned:]
        if mode == "vmap":
            axes = (0,) * n_columned + (None,) * len(shared)
            return jax.vmap(function, in_axes=axes)(*arguments)
        return lax.map(lambda column: function(*column, *shared), columned)

    return all_columns
