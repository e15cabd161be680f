"""Processes that a killed command has started end with it, and leave its folders free."""

import contextlib
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from experiments.parallel.pool import Call, Pool
from experiments.parallel.side_by_side import side_by_side

ROOT = Path(__file__).parents[2]


def sleep(file: str, _output: object) -> None:
    """Say who it is and then nothing for a minute, as a long epoch does."""
    Path(file).write_text(str(os.getpid()))
    time.sleep(60)


def beside(file: str) -> None:
    side_by_side(sleep, [(file,)], 1, None)  # type: ignore[arg-type]


def pooled(file: str) -> None:
    with Pool([Call(sleep, (file,))], 1) as pool:
        for _ in pool.events():
            pass


def within(seconds: float, found: Callable[[], Any]) -> bool:
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        if found():
            return True
        time.sleep(0.05)
    return False


def is_over(pid: int) -> bool:
    """Whether a process that is no child of this one has ended, if only its parent's wait lacks."""
    with contextlib.suppress(OSError):
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
        return state in "ZX"
    return True


@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="looks processes up in /proc")
@pytest.mark.parametrize("way", ["beside", "pooled"])
def test_a_child_ends_with_its_killed_parent(way: str, tmp_path: Path) -> None:
    file = tmp_path / "pid"
    program = f"import test_end_with_parent; test_end_with_parent.{way}({str(file)!r})"
    path = os.pathsep.join([str(ROOT), str(Path(__file__).parent)])
    with subprocess.Popen(
        [sys.executable, "-c", program], env={**os.environ, "PYTHONPATH": path}
    ) as parent:
        assert within(60, lambda: file.exists() and file.read_text())
        child = int(file.read_text())
        assert not is_over(child)
        parent.send_signal(signal.SIGKILL)
    assert within(10, lambda: is_over(child))
