"""Real processes of one command that train together, on the loopback."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple

# Without figures, whose drawing takes longer than the training.
HW1_Q2 = (
    "import sys; from experiments.plots import run; run.draw_run = lambda *_: []; "
    "from experiments.q2 import main; sys.exit(main(sys.argv[1:]))"
)
# A checkpoint after every epoch, and little optimising, so that an epoch is soon reached.
SHORT_EPOCHS = (
    "from experiments.cli import isolation; from experiments.runs import checkpoint; "
    "isolation.KEPT.add('JAX_DISABLE_MOST_OPTIMIZATIONS'); "
    "checkpoint.MAX_TIME_SHARE = float('inf'); "
)
QUIET = {
    "JAX_DISABLE_MOST_OPTIMIZATIONS": "1",
    "JAX_PLATFORMS": "cpu",
    "OMP_NUM_THREADS": "1",
    "TF_CPP_MIN_LOG_LEVEL": "3",  # JAX in the process of the tests has set another
}


class Ended(NamedTuple):
    """What a process left."""

    code: int
    out: list[str]
    err: list[str]


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        return listening.getsockname()[1]


class Launched:
    """`count` processes of one command; each writes to files of its own in `folder`."""

    def __init__(
        self,
        count: int,
        port: int,
        folder: Path,
        flags: Sequence[str],
        program: str = SHORT_EPOCHS + HW1_Q2,
        only: Sequence[int] | None = None,
        own: dict[int, dict[str, Any]] | None = None,
        other: dict[int, list[str]] | None = None,
    ) -> None:
        """Start the processes.

        Args:
            count: what `--processes` says.
            port: of process 0.
            folder: where `0.out`, `0.err`, `1.out`, ... are written.
            flags: those of all processes.
            program: Python code.
            only: the processes that are started, None for all.
            own: keyword arguments of `Popen` for single processes.
            other: further flags of single processes.
        """
        place = ["--coordinator", f"127.0.0.1:{port}", "--processes", str(count)]
        self.log = folder
        folder.mkdir(exist_ok=True)
        self.processes: dict[int, subprocess.Popen[bytes]] = {}
        for index in range(count) if only is None else only:
            argv = [*flags, *(other or {}).get(index, []), *place, "--process-id", str(index)]
            with (
                (folder / f"{index}.out").open("w") as out,
                (folder / f"{index}.err").open("w") as err,
            ):
                self.processes[index] = subprocess.Popen(
                    [sys.executable, "-c", program, *argv],
                    env={**os.environ, **QUIET},
                    **{"stdout": out, "stderr": err, **(own or {}).get(index, {})},
                )

    def wait_for(
        self, text: str, index: int = 0, stream: str = "out", seconds: float = 120
    ) -> None:
        """Until a process has printed `text`."""
        until = time.monotonic() + seconds
        while text not in (self.log / f"{index}.{stream}").read_text():
            alive = self.processes[index].poll() is None
            assert alive, (self.log / f"{index}.err").read_text()
            assert time.monotonic() < until
            time.sleep(0.01)

    def ended(self, seconds: float = 120) -> list[Ended]:
        """What the processes left, once all have ended."""
        until = time.monotonic() + seconds
        try:
            codes = {
                index: process.wait(max(0.0, until - time.monotonic()))
                for index, process in self.processes.items()
            }
        finally:
            self.end()
        return [
            Ended(code, self._lines(index, "out"), self._lines(index, "err"))
            for index, code in codes.items()
        ]

    def end(self) -> None:
        """Kill those that are left."""
        for process in self.processes.values():
            process.kill()
            process.wait()

    def _lines(self, index: int, stream: str) -> list[str]:
        lines = (self.log / f"{index}.{stream}").read_text().splitlines()
        return [line for line in lines if " waits for the others" not in line]  # a busy machine
