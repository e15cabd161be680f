"""What processes that train together tell each other, beside the numbers inside a program.

JAX is imported by groups of several only: question 1 trains without it.
"""

import io
import json
from collections.abc import Mapping, Sequence
from typing import Any, TypeVar

import numpy as np

from experiments.cli.errors import CommandError, InterruptionError
from experiments.parallel import graceful_stop

T = TypeVar("T")


class ProcessGroup:
    """The processes of a command, of which this is one; alone if not said otherwise.

    The main process reads and writes run folders, and the others follow its word. All processes
    call each method at the same place of the program, as JAX wants it.
    """

    def __init__(self, index: int = 0, count: int = 1) -> None:
        self.index, self.count = index, count

    @property
    def is_main_process(self) -> bool:
        """Whether this process reads and writes the run folders."""
        return self.index == 0

    def broadcast(self, value: T) -> T:
        """Return process 0's value, in every process; something that JSON can hold."""
        if self.count == 1:
            return value
        content = json.dumps(value).encode() if self.is_main_process else b""
        received: T = json.loads(self._broadcast_bytes(content))
        return received

    def broadcast_arrays(self, arrays: Mapping[str, np.ndarray]) -> dict[str, np.ndarray]:
        """Return process 0's arrays, in every process, bit for bit."""
        if self.count == 1:
            return dict(arrays)
        content = io.BytesIO()
        if self.is_main_process:
            np.savez(content, allow_pickle=False, **arrays)
        received = io.BytesIO(self._broadcast_bytes(content.getvalue()))
        with np.load(received, allow_pickle=False) as found:
            return {name: found[name] for name in found.files}

    def all_gather(self, flags: Sequence[bool]) -> list[list[bool]]:
        """Return the flags of every process, a row for each."""
        if self.count == 1:
            return [list(flags)]
        from jax.experimental import multihost_utils

        rows: Any = multihost_utils.process_allgather(np.asarray(flags, np.bool_))
        return [[bool(flag) for flag in row] for row in rows]

    def check_same(self, name: str, value: str, error: type[CommandError]) -> None:
        """Check that a value is process 0's in every process.

        Raises:
            CommandError: it is not, in all processes; of the type `error`.
        """
        first = self.broadcast(value)
        others = [i for i, (same,) in enumerate(self.all_gather([value == first])) if not same]
        if others:
            self.leave()  # else whoever ends first would abort the others
            raise error(
                f"process {', '.join(map(str, others))} of {self.count} got other {name} than "
                f"process 0 ({first!a}); start all with the same {name}"
            )

    def check_interruption(self) -> None:
        """End here where any of the processes has been asked to.

        Raises:
            InterruptionError: one has, in all processes.
        """
        if any(row[0] for row in self.all_gather([graceful_stop.requested()])):
            raise InterruptionError("interrupted")

    def leave(self) -> None:
        """Part from the other processes, once all of them have come here."""
        import jax

        jax.distributed.shutdown()  # type: ignore[no-untyped-call]

    def _broadcast_bytes(self, content: bytes) -> bytes:
        from jax.experimental import multihost_utils

        # JAX broadcasts by adding zeros from the others, which is exact for integers only, and
        # wants one shape everywhere.
        size = int(multihost_utils.broadcast_one_to_all(np.int32(len(content))))
        sent = np.zeros(size, np.uint8)
        if self.is_main_process:
            sent[:] = np.frombuffer(content, np.uint8)
        return bytes(multihost_utils.broadcast_one_to_all(sent))
