"""The compiled programs of one `hw1-q2` command over several devices."""

from collections.abc import Sequence
from typing import Any

import jax
import numpy as np
from jax.sharding import Mesh, NamedSharding

from experiments.cli.commands import UsageError
from experiments.configs.q2 import Q2Config
from experiments.data.dataset import Dataset
from experiments.training.q2.checkpoint import trained_with
from experiments.training.q2.programs import Programs
from jaxmodels.evaluation import Evaluation, Split
from jaxmodels.optimizers import Hyperparameters
from jaxmodels.sharding import (
    Layout,
    choose_layout,
    device_mesh,
    fetch_runs,
    replicate,
    shard_runs,
    sharded_epoch,
    sharded_evaluate,
)
from jaxmodels.sweep import SweepMode
from jaxmodels.training import CompiledSpec, EpochMetrics, TrainState


def devices_to_use(asked: int | None) -> int:
    """How many devices a command gets.

    Args:
        asked: what `--devices` says, None for all there are.

    Raises:
        UsageError: there are fewer.
    """
    there = jax.device_count()
    if asked is not None and asked > there:
        raise UsageError(
            f"--devices: got {asked}, expected at most the {there} that JAX sees here "
            f"({jax.default_backend()}); take fewer (a CPU counts as one, or as N with "
            "XLA_FLAGS=--xla_force_host_platform_device_count=N)"
        )
    return there if asked is None else asked


class MeshPrograms(Programs):
    """Programs whose columns are spread over the rows of a mesh, big batches over its columns.

    Every group of runs gets the mesh that fits it, see `jaxmodels.sharding.choose_layout`. States
    come back placed, and with the columns that fill the mesh behind those that were asked for.

    Attributes:
        devices: how many devices the meshes may have.
        processes: how many processes hold them; of several, none is left without work.
    """

    def __init__(
        self, data: Dataset, devices: int, mode: SweepMode | None = None, processes: int = 1
    ) -> None:
        super().__init__(data, mode)
        self.devices, self.processes = devices, processes
        self._mesh: Mesh | None = None
        self._placed: dict[str, Split] = {}

    def placed(self, data: Dataset) -> dict[str, Split]:
        """On the host: a group's mesh gets its own copies, and one group is trained at a time."""
        return {
            name: Split(split.pixels, split.labels.astype(np.int32))  # type: ignore[arg-type]
            for name, split in data.splits.items()
        }

    def groups(self, configs: Sequence[Q2Config]) -> list[list[Q2Config]]:
        """All that can share a program are trained together, on different devices."""
        return self.together(configs)

    def beside(self, configs: Sequence[Q2Config]) -> list[str]:
        """Sums over a batch depend on how many devices take part in them."""
        layout = self._layout(len(configs), configs[0].batch_size)
        devices = f"{layout.runs} by {layout.data} devices"
        if self.processes > 1:
            devices += f" of {self.processes} processes"
        return [*trained_with(configs, "vmap"), devices]

    def epoch(
        self, spec: CompiledSpec, hyper: Hyperparameters, states: TrainState
    ) -> tuple[TrainState, EpochMetrics]:
        """Train all columns for one epoch and validate; the metrics are NumPy's and ready."""
        columns = len(np.asarray(hyper.learning_rate))
        mesh = self._mesh_for(columns, spec)
        arguments = (
            shard_runs(hyper, mesh),
            self._on(mesh, states),
            self._split(mesh, "train"),
            self._split(mesh, "val"),
        )

        def make(spec: CompiledSpec, mode: SweepMode) -> Any:
            return sharded_epoch(spec, mode, mesh)

        states, metrics = self.ready(f"epoch on {_shape(mesh)}", spec, make, arguments)(*arguments)
        return states, fetch_runs(metrics, columns, mesh)

    def evaluate(self, spec: CompiledSpec, params: Any, split: str) -> Evaluation:
        """Evaluate all columns on a split, those that fill the mesh too; NumPy's and ready."""
        columns = len(jax.tree.leaves(params)[0])
        mesh = _mesh_of(params) or self._mesh_for(columns, spec)
        arguments = (self._on(mesh, params), self._split(mesh, split))

        def make(spec: CompiledSpec, mode: SweepMode) -> Any:
            return sharded_evaluate(spec, mode, mesh)

        found = self.ready(f"{split} on {_shape(mesh)}", spec, make, arguments)(*arguments)
        return fetch_runs(found, columns, mesh)

    def fetch(self, tree: Any, columns: int) -> Any:
        """The first `columns` columns as NumPy arrays; all processes have to call this."""
        mesh = _mesh_of(tree)
        return super().fetch(tree, columns) if mesh is None else fetch_runs(tree, columns, mesh)

    def _layout(self, columns: int, batch_size: int) -> Layout:
        return choose_layout(self.devices, columns, batch_size, use_all=self.processes > 1)

    def _mesh_for(self, columns: int, spec: CompiledSpec) -> Mesh:
        """The mesh for so many columns."""
        mesh = device_mesh(self._layout(columns, spec.batch_size))
        if mesh != self._mesh:
            self._mesh, self._placed = mesh, {}
        return mesh

    def _split(self, mesh: Mesh, name: str) -> Split:
        if name not in self._placed:
            self._placed[name] = replicate(self.splits[name], mesh)
        return self._placed[name]

    def _on(self, mesh: Mesh, tree: Any) -> Any:
        """Columns as the mesh has them; they are placed once, before the first epoch."""
        return tree if _mesh_of(tree) == mesh else shard_runs(tree, mesh)


def _shape(mesh: Mesh) -> tuple[int, ...]:
    return tuple(mesh.shape.values())


def _mesh_of(tree: Any) -> Mesh | None:
    """The mesh that the arrays of a tree lie on, None if they are on no mesh."""
    sharding = getattr(jax.tree.leaves(tree)[0], "sharding", None)
    if isinstance(sharding, NamedSharding) and isinstance(sharding.mesh, Mesh):
        return sharding.mesh
    return None
