"""Real processes of `hw1-q2` that train together, on the loopback."""

import os
import socket
import subprocess
import sys
import time
from pathlib import Path
from typing import NamedTuple

# A checkpoint after every epoch, and little optimising, so that an epoch is soon reached.
PROGRAM = (
    "import sys; from experiments.runs import checkpoint; "
    "checkpoint.MAX_TIME_SHARE = float('inf'); "
    "from experiments.q2 import main; sys.exit(main(sys.argv[1:]))"
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
    """`count` processes of one command."""

    def __init__(self, count: int, port: int, folder: Path, flags: list[str]) -> None:
        place = ["--coordinator", f"127.0.0.1:{port}", "--processes", str(count)]
        self.log = folder
        folder.mkdir(exist_ok=True)
        self.processes = []
        for index in range(count):
            argv = [*flags, *place, "--process-id", str(index)]
            with (
                (folder / f"{index}.out").open("w") as out,
                (folder / f"{index}.err").open("w") as err,
            ):
                self.processes.append(
                    subprocess.Popen(
                        [sys.executable, "-c", PROGRAM, *argv],
                        env={**os.environ, **QUIET},
                        stdout=out,
                        stderr=err,
                    )
                )

    def wait_for(self, text: str, seconds: float = 120) -> None:
        """Until process 0 has printed `text`."""
        until = time.monotonic() + seconds
        while text not in (self.log / "0.out").read_text():
            alive = self.processes[0].poll() is None
            assert alive, (self.log / "0.err").read_text()
            assert time.monotonic() < until
            time.sleep(0.01)

    def ended(self, seconds: float = 120) -> list[Ended]:
        try:
            codes = [process.wait(seconds) for process in self.processes]
        finally:
            for process in self.processes:
                process.kill()
        return [
            Ended(
                code,
                (self.log / f"{index}.out").read_text().splitlines(),
                (self.log / f"{index}.err").read_text().splitlines(),
            )
            for index, code in enumerate(codes)
        ]
