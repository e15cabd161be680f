"""The programs of one `hw1-q2` command on data that are streamed from shards."""

from typing import Any

import jax
import numpy as np

from experiments.data.dataset import Dataset
from experiments.data.shards import IMAGE_BYTES
from experiments.data.stream import ShardReader
from experiments.data.stream_dataset import ShardedDataset
from experiments.q2_programs import Programs
from experiments.q2_streaming import stream_epoch, stream_evaluate
from jaxmodels.evaluation import Evaluation, Split
from jaxmodels.optimisers import Hyperparameters
from jaxmodels.training import EpochMetrics, Setting, TrainState


class StreamedPrograms(Programs):
    """Programs that read their data as they go, one run at a time.

    Compiling happens at a program's first block and counts as training time. The readers stay open
    as long as the command.
    """

    def __init__(self, data: ShardedDataset) -> None:
        super().__init__(data, "sequential")
        self._readers = {name: ShardReader(data.shards, name) for name in data.splits}

    def placed(self, data: Dataset) -> dict[str, Split]:
        """Labels alone, and the images' shape without images."""
        return {
            name: Split(
                np.broadcast_to(np.uint8(0), (len(split), IMAGE_BYTES)),  # type: ignore[arg-type]
                split.labels,  # type: ignore[arg-type]
            )
            for name, split in data.splits.items()
        }

    def epoch(
        self, setting: Setting, hyper: Hyperparameters, states: TrainState
    ) -> tuple[TrainState, EpochMetrics]:
        """Train the one column for one epoch and validate; the metrics are NumPy's and ready."""
        one_hyper, one_state = _without_axis((hyper, states))
        readers = self._readers
        state, metrics = stream_epoch(
            setting, one_hyper, one_state, readers["train"], readers["val"]
        )
        return _with_axis(state), jax.device_get(_with_axis(metrics))

    def evaluate(self, setting: Setting, params: Any, split: str) -> Evaluation:
        """Evaluate the one column on a split; the answer is NumPy's and ready."""
        found = stream_evaluate(setting, _without_axis(params), self._readers[split])
        return jax.device_get(_with_axis(found))


def _without_axis(tree: Any) -> Any:
    return jax.tree.map(lambda leaf: leaf[0], tree)


def _with_axis(tree: Any) -> Any:
    return jax.tree.map(lambda leaf: leaf[None], tree)
