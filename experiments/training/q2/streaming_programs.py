"""The programs of one `hw1-q2` command on data that are streamed from shards."""

import math
from collections.abc import Sequence
from typing import Any

import jax
import numpy as np
from jax.sharding import Mesh

from experiments.configs.q2 import Q2Config
from experiments.data.dataset import Dataset
from experiments.data.shards.dataset import ShardedDataset
from experiments.data.shards.reader import ShardReader
from experiments.training.q2.programs import Programs
from experiments.training.q2.streaming import stream_epoch, stream_evaluate
from jaxmodels.evaluation import Evaluation, Split
from jaxmodels.optimizers import Hyperparameters
from jaxmodels.sharding import Layout, choose_layout, device_mesh
from jaxmodels.training import CompiledSpec, EpochMetrics, TrainState


class StreamedPrograms(Programs):
    """Programs that read their data as they go, one run at a time, each batch over all devices.

    Compiling happens at a program's first block and counts as training time. The readers stay open
    as long as the command.

    Attributes:
        devices: how many devices a batch may be spread over.
        processes: how many processes hold them; of several, none is left without work.
    """

    def __init__(self, data: ShardedDataset, devices: int = 1, processes: int = 1) -> None:
        super().__init__(data, "sequential")
        self.devices, self.processes = devices, processes
        self._readers = {name: ShardReader(data.shards, name) for name in data.splits}

    def placed(self, data: Dataset) -> dict[str, Split]:
        """Labels alone, and the images' shape without images."""
        return {
            name: Split(
                np.broadcast_to(np.uint8(0), (len(split), math.prod(data.image_shape))),  # type: ignore[arg-type]
                split.labels,  # type: ignore[arg-type]
            )
            for name, split in data.splits.items()
        }

    def beside(self, configs: Sequence[Q2Config]) -> list[str]:
        """Blocks are compiled otherwise than epochs in memory, and sums depend on the devices."""
        used = self._devices(configs[0].batch_size)
        return [f"from shards, on {used} devices of {self.processes} processes"]

    def epoch(
        self, spec: CompiledSpec, hyper: Hyperparameters, states: TrainState
    ) -> tuple[TrainState, EpochMetrics]:
        """Train the one column for one epoch and validate; the metrics are NumPy's and ready."""
        one_hyper, one_state = _without_axis((hyper, states))
        readers, mesh = self._readers, self._mesh(spec)
        state, metrics = stream_epoch(
            spec, one_hyper, one_state, readers["train"], readers["val"], mesh=mesh
        )
        return _with_axis(state), jax.device_get(_with_axis(metrics))

    def evaluate(self, spec: CompiledSpec, params: Any, split: str) -> Evaluation:
        """Evaluate the one column on a split; the answer is NumPy's and ready."""
        found = stream_evaluate(spec, _without_axis(params), self._readers[split], self._mesh(spec))
        return jax.device_get(_with_axis(found))

    def _devices(self, batch_size: int) -> int:
        if self.processes > 1:
            return self.devices
        return choose_layout(self.devices, 1, batch_size).data

    def _mesh(self, spec: CompiledSpec) -> Mesh | None:
        used = self._devices(spec.batch_size)
        return device_mesh(Layout(1, used)) if used > 1 else None


def _without_axis(tree: Any) -> Any:
    return jax.tree.map(lambda leaf: leaf[0], tree)


def _with_axis(tree: Any) -> Any:
    return jax.tree.map(lambda leaf: leaf[None], tree)
