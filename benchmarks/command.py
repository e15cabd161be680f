"""One of this project's commands as a process: how long it takes, and how much memory."""

import os
import subprocess
import sys
import time
from pathlib import Path
from typing import NamedTuple

from benchmarks.machine import resident_mb
from experiments.cli.errors import CommandError


class Measured(NamedTuple):
    """One command.

    Attributes:
        seconds: from start to end.
        first: seconds from its start to the line that was waited for; None if it did not come.
        peak_mb: the most memory that it held.
    """

    seconds: float
    first: float | None
    peak_mb: int


def measure_command(module: str, *arguments: str, line: str = "") -> Measured:
    """Run `python -m module arguments` to its end.

    Args:
        module: such as "experiments.q2".
        arguments: of the command line.
        line: how the line begins whose time is taken.

    Raises:
        CommandError: it failed; what it wrote to standard error stands on the terminal.
    """
    began = time.perf_counter()
    first = None
    with subprocess.Popen(  # noqa: S603
        [sys.executable, "-m", module, *arguments],
        stdout=subprocess.PIPE,
        text=True,
        env=_environment(),
    ) as process:
        for said in process.stdout or ():
            if first is None and said.startswith(line):
                first = time.perf_counter() - began
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise CommandError(f"{module}: ended with exit code {process.returncode}")
    return Measured(time.perf_counter() - began, first, round(resident_mb(usage)))


def _environment() -> dict[str, str]:
    """Return an environment in which a child process imports this checkout, installed or not."""
    before = os.environ.get("PYTHONPATH")
    here = str(Path(__file__).parents[1])
    return {**os.environ, "PYTHONPATH": os.pathsep.join([here, before] if before else [here])}
