"""What processes that train together tell each other, beside the numbers inside a program.

Process 0 leads: it alone reads and writes run folders, and the rest follow its word. Every method
here is called by all processes at the same place of the program, as JAX wants it.
"""

import io
import json
from collections.abc import Mapping, Sequence
from typing import Any, TypeVar

import numpy as np

from experiments.cli.commands import InterruptionError
from experiments.parallel import graceful_stop

T = TypeVar("T")


class Peers:
    """A single process, which agrees with itself.

    Attributes:
        index: this process's number.
        count: how many processes there are.
    """

    index = 0
    count = 1

    @property
    def leads(self) -> bool:
        """Whether this process reads and writes the run folders."""
        return self.index == 0

    def agree(self, value: T) -> T:
        """Process 0's value, in every process; something that JSON can hold."""
        return value

    def agree_arrays(self, arrays: Mapping[str, np.ndarray]) -> dict[str, np.ndarray]:
        """Process 0's arrays, in every process, bit for bit."""
        return dict(arrays)

    def gather(self, flags: Sequence[bool]) -> list[list[bool]]:
        """The flags of every process, a row for each."""
        return [list(flags)]

    def check_interruption(self) -> None:
        """End here where any of the processes has been asked to.

        Raises:
            InterruptionError: one has, in all processes.
        """
        if any(row[0] for row in self.gather([graceful_stop.requested()])):
            raise InterruptionError("interrupted")


class ConnectedPeers(Peers):
    """The processes that `jax.distributed` has connected."""

    def __init__(self, index: int, count: int) -> None:
        self.index, self.count = index, count

    def agree(self, value: T) -> T:
        """Process 0's value, in every process; something that JSON can hold."""
        agreed: T = json.loads(self._from_first(json.dumps(value).encode() if self.leads else b""))
        return agreed

    def agree_arrays(self, arrays: Mapping[str, np.ndarray]) -> dict[str, np.ndarray]:
        """Process 0's arrays, in every process, bit for bit."""
        content = io.BytesIO()
        if self.leads:
            np.savez(content, allow_pickle=False, **arrays)
        with np.load(io.BytesIO(self._from_first(content.getvalue())), allow_pickle=False) as found:
            return {name: found[name] for name in found.files}

    def gather(self, flags: Sequence[bool]) -> list[list[bool]]:
        """The flags of every process, a row for each."""
        from jax.experimental import multihost_utils

        rows: Any = multihost_utils.process_allgather(np.asarray(flags, np.uint8))
        return [[bool(flag) for flag in row] for row in np.asarray(rows)]

    def _from_first(self, content: bytes) -> bytes:
        from jax.experimental import multihost_utils

        size = int(multihost_utils.broadcast_one_to_all(np.int32(len(content))))
        sent = np.zeros(size, np.uint8)
        if self.leads:
            sent[:] = np.frombuffer(content, np.uint8)
        return bytes(np.asarray(multihost_utils.broadcast_one_to_all(sent), np.uint8))
