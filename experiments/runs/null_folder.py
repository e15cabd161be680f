"""A run's folder in the processes that write nothing: the leader of them has the real one."""

from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np

from experiments.runs.json_files import Record


class NoCheckpoints:
    """Never due: when one is, the leader says."""

    def due(self) -> bool:
        """No."""
        return False


class NullRunFolder:
    """What `RunFolder` offers while a run is trained, with nothing behind it.

    Attributes:
        path: no place on the disk.
        checkpoints: none.
        is_prepared: no; whether the leader's is, the leader says.
    """

    path = Path("nowhere")
    is_prepared = False

    def __init__(self) -> None:
        self.checkpoints = NoCheckpoints()

    def rewind(self, records: Sequence[Record]) -> None:
        """Nothing."""

    def add_epoch(self, record: Record) -> None:
        """Nothing."""

    def save(self, epoch: int, header: Record, arrays: Mapping[str, np.ndarray]) -> None:
        """Nothing."""

    def prepare(self, summary: Record, weights: Mapping[str, np.ndarray]) -> None:
        """Nothing."""

    def commit(self) -> None:
        """Nothing."""
