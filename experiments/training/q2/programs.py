"""The compiled programs of one `hw1-q2` command: one per shape, compiled ahead and timed apart."""

import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
from jax.sharding import Mesh

from experiments.configs.q2 import Q2Config
from experiments.data.dataset import Dataset
from jaxmodels.evaluation import Evaluation, Split
from jaxmodels.models import Architecture
from jaxmodels.optimizers import Hyperparameters, OptimizerName
from jaxmodels.sharding import (
    Layout,
    choose_layout,
    device_mesh,
    fetch_runs,
    mesh_of,
    replicate,
    shard_runs,
)
from jaxmodels.sweep import (
    SweepMode,
    default_sweep_mode,
    stack,
    start_sweep,
    sweep_epoch,
    sweep_evaluate,
)
from jaxmodels.training import CompiledSpec, EpochMetrics, TrainState

Compile = Callable[[CompiledSpec, SweepMode, Mesh | None], Any]


class Programs:
    """A data set on its devices, and the programs that train on it.

    With several devices every group of runs gets the mesh that fits it, see
    `jaxmodels.sharding.choose_layout`. States then come back placed on it, with the runs that fill
    the mesh behind those that were asked for.

    Attributes:
        mode: how runs on the same device are trained.
        devices: how many devices a mesh may have.
        processes: how many processes hold them; of several, none is left without work.
        splits: train, val and test: on the device if there is one, else on the host.
        compile_seconds: spent tracing and compiling so far.
    """

    def __init__(
        self, data: Dataset, mode: SweepMode | None = None, devices: int = 1, processes: int = 1
    ) -> None:
        self.mode: SweepMode = mode or default_sweep_mode()
        self.devices, self.processes = devices, processes
        self.splits = self.load_splits(data)
        self.compile_seconds = 0.0
        self._n_classes = len(data.class_names)
        self._compiled: dict[Any, Callable[..., Any]] = {}
        self._replicated: dict[tuple[Mesh, str], Split] = {}

    @property
    def compiled(self) -> int:
        """How many programs have been compiled."""
        return len(self._compiled)

    def load_splits(self, data: Dataset) -> dict[str, Split]:
        """Return the splits where the programs want them; a mesh gets its own copies later."""
        put: Callable[[Any], Any] = jnp.asarray if self.devices == 1 else np.asarray
        return {
            name: Split(put(split.pixels), put(split.labels.astype(np.int32)))
            for name, split in data.splits.items()
        }

    def beside(self, configs: Sequence[Q2Config]) -> list[str]:
        """Return what a run's last bits depend on besides its own configuration.

        Runs in the same product change each other's rounding, and so does the number of devices
        that take part in the sums over a batch.
        """
        slugs = [config.slug for config in configs]
        if self.devices == 1:
            return slugs if self.mode == "vmap" else []
        layout = self._layout(len(configs), configs[0].batch_size)
        shared = f" of {self.processes} processes" if self.processes > 1 else ""
        return [*slugs, f"{layout.runs} by {layout.data} devices{shared}"]

    def groups(self, configs: Sequence[Q2Config]) -> list[list[Q2Config]]:
        """Return the configurations that are trained together: those that can share a program.

        On one device that trains runs in turn, each is a group of its own.
        """
        if self.devices == 1 and self.mode == "sequential":
            return [[config] for config in configs]
        groups: dict[Q2Config, list[Q2Config]] = {}
        for config in configs:
            program = replace(
                config, learning_rate=1.0, momentum=0.0, l2_decay=0.0, dropout=0.0, seed=0
            )
            groups.setdefault(program, []).append(config)
        return list(groups.values())

    def spec(self, group: Sequence[Q2Config]) -> CompiledSpec:
        """Return the part of a group's configurations that its program is compiled for.

        Momentum costs time even where it is 0, so a group without any gets a program without it.
        """
        config = group[0]
        n_features = self.splits["train"].pixels.shape[1]
        if config.model == "mlp":
            shape = (config.hidden_size, config.layers, config.activation)
            architecture = Architecture("mlp", n_features, self._n_classes, *shape)
        else:
            architecture = Architecture("logistic_regression", n_features, self._n_classes)
        optimizer: OptimizerName = config.optimizer
        if config.optimizer == "sgd" and all(member.momentum == 0 for member in group):
            optimizer = "plain_sgd"
        return CompiledSpec(architecture, optimizer, config.batch_size)

    def start(self, configs: Sequence[Q2Config]) -> tuple[Hyperparameters, TrainState]:
        """Return hyperparameters and first states of runs that share a program."""
        numbers = [
            Hyperparameters(c.learning_rate, c.momentum, c.l2_decay, c.dropout) for c in configs
        ]
        # Beyond single precision a rate is infinite; the run will say that it diverged.
        with np.errstate(over="ignore"):
            hyper = stack(numbers)
        seeds = jnp.asarray([config.seed for config in configs], jnp.uint32)
        return hyper, start_sweep(self.spec(configs), hyper, seeds)

    def epoch(
        self, spec: CompiledSpec, hyper: Hyperparameters, states: TrainState
    ) -> tuple[TrainState, EpochMetrics]:
        """Train all runs for one epoch and validate; the metrics are NumPy's and ready."""
        n_runs = len(hyper.learning_rate)  # type: ignore[arg-type]
        mesh = self._mesh(n_runs, spec)
        runs = (_runs_on(mesh, hyper), _runs_on(mesh, states))
        arguments = (*runs, self._split_on(mesh, "train"), self._split_on(mesh, "val"))
        program = self.ready("epoch", spec, sweep_epoch, arguments, mesh)
        states, metrics = program(*arguments)
        return states, self.fetch(metrics, n_runs)

    def evaluate(self, spec: CompiledSpec, params: Any, split: str) -> Evaluation:
        """Evaluate all runs on a split, those that fill a mesh too; NumPy's and ready."""
        n_runs = len(jax.tree.leaves(params)[0])
        mesh = mesh_of(params) or self._mesh(n_runs, spec)
        arguments = (_runs_on(mesh, params), self._split_on(mesh, split))
        program = self.ready(split, spec, sweep_evaluate, arguments, mesh)
        found: Evaluation = self.fetch(program(*arguments), n_runs)
        return found

    def fetch(self, tree: Any, n_runs: int) -> Any:
        """Return the first runs' states or parameters as NumPy arrays; all processes call this."""
        mesh = mesh_of(tree)
        if mesh is not None:
            return fetch_runs(tree, n_runs, mesh)
        return jax.tree.map(lambda leaf: leaf[:n_runs], jax.device_get(tree))

    def ready(
        self,
        what: str,
        spec: CompiledSpec,
        make: Compile,
        arguments: tuple[Any, ...],
        mesh: Mesh | None = None,
    ) -> Callable[..., Any]:
        """Return the compiled program for these arguments' shapes; its compiling is timed."""
        n_runs = len(jax.tree.leaves(arguments[0])[0])
        name = (what, mesh, spec, n_runs)
        if name not in self._compiled:
            began = time.perf_counter()
            self._compiled[name] = make(spec, self.mode, mesh).lower(*arguments).compile()
            self.compile_seconds += time.perf_counter() - began
        return self._compiled[name]

    def _layout(self, n_runs: int, batch_size: int) -> Layout:
        return choose_layout(self.devices, n_runs, batch_size, use_all=self.processes > 1)

    def _mesh(self, n_runs: int, spec: CompiledSpec) -> Mesh | None:
        if self.devices == 1:
            return None
        return device_mesh(self._layout(n_runs, spec.batch_size))

    def _split_on(self, mesh: Mesh | None, name: str) -> Split:
        if mesh is None:
            return self.splits[name]
        # One group is trained at a time: another group's mesh needs no copies any more.
        self._replicated = {key: held for key, held in self._replicated.items() if key[0] == mesh}
        if (mesh, name) not in self._replicated:
            self._replicated[mesh, name] = replicate(self.splits[name], mesh)
        return self._replicated[mesh, name]


def _runs_on(mesh: Mesh | None, tree: Any) -> Any:
    """Place runs on the mesh, once, before the first epoch."""
    return tree if mesh is None or mesh_of(tree) == mesh else shard_runs(tree, mesh)
