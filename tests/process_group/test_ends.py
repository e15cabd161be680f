"""How a group of real processes ends: by a kill, a failure, flags that differ, or too few."""

import os
import signal
import socket
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest
from launched import Launched, free_port

from experiments.cli.errors import ExitCode

HERE = Path(__file__).parent
COUNTING = (
    f"import sys; sys.path.insert(0, {str(HERE)!r}); import counting; sys.exit(counting.main())"
)
GONE = "count: error: process {} of {} is gone (killed, failed, or its machine lost); to continue, "
GONE += "start all {} processes again, each with --resume"
SECONDS = 20
"""In which the rest has ended: 3 s of heartbeats, and what a busy machine takes."""

STRANGERS = [
    b"",
    b"GET / HTTP/1.1\r\n\r\n",
    b"\x00\xff" * 5000,
    b'{"here": 1, "of": 3, "command": NaN}\n',
    b"[" * 100_000,
]


def launch(count: int, folder: Path, flags: Sequence[str] = (), **more: Any) -> Launched:
    return Launched(count, more.pop("port", free_port()), folder, flags, COUNTING, **more)


@pytest.fixture(scope="module", autouse=True)
def slow(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Launched]]:
    """Groups whose end takes JAX some seconds; it comes while the first tests run."""
    folder = tmp_path_factory.mktemp("slow")
    groups = {
        "failing": launch(2, folder / "failing", ["--failing", "0"]),
        "alone": launch(2, folder / "alone", ["--connect-seconds", "1"], only=[0]),
    }
    yield groups
    for group in groups.values():
        group.end()


def test_a_kill_ends_the_others_and_strangers_do_not(tmp_path: Path) -> None:
    port = free_port()
    group = launch(3, tmp_path, port=port)
    group.wait_for("at 2")
    idle = []
    for words in STRANGERS * 6:
        idle.append(socket.create_connection(("127.0.0.1", port)))
        idle[-1].sendall(words)
    group.wait_for("at 100")  # two seconds later all are still there
    group.processes[2].kill()
    first, second, killed = group.ended(SECONDS)
    assert killed.code == -signal.SIGKILL
    assert (first.code, second.code) == (ExitCode.PROCESS_GONE,) * 2
    assert first.err == second.err == [GONE.format(2, 3, 3)]
    for stranger in idle:
        stranger.close()


def test_a_kill_of_the_child_of_process_0(tmp_path: Path) -> None:
    group = launch(2, tmp_path)
    group.wait_for("at 2")
    pid = group.processes[0].pid
    (child,) = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    os.kill(int(child), signal.SIGKILL)
    first, second = group.ended(SECONDS)
    assert (first.code, second.code) == (ExitCode.PROCESS_GONE,) * 2
    assert first.err[0].startswith("count: error: this process of 2 was ended by SIGKILL; to cont")
    assert second.err == [GONE.format(0, 2, 2)]


def test_all_go_on_whatever_becomes_of_stdout_and_end_together(tmp_path: Path) -> None:
    with Path("/dev/full").open("w") as full:
        group = launch(2, tmp_path, own={0: {"stdout": full}})
    group.wait_for("at 50", 1)
    group.processes[1].send_signal(signal.SIGTERM)
    for ended in group.ended(SECONDS):
        assert ended.code == ExitCode.INTERRUPTED
        assert ended.err[-1] == "count: interrupted"


def test_other_flags_are_refused_in_all(tmp_path: Path) -> None:
    for ended in launch(2, tmp_path, other={1: ["--connect-seconds", "61"]}).ended(SECONDS):
        assert ended.code == ExitCode.USAGE
        (line,) = ended.err
        assert "error: process 1 of 2 got other flags than process 0 ('connect_seconds: 60" in line


def test_a_port_that_never_answers_is_told_at_once(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        port = silent.getsockname()[1]
        group = launch(2, tmp_path, port=port, only=[1])
        notice = f"process 1 of 2 waits for the others (127.0.0.1:{port}), 60 s at most"
        group.wait_for(notice, 1, "err", SECONDS)
        group.processes[1].send_signal(signal.SIGINT)
        (ended,) = group.ended(SECONDS)
    assert (ended.code, ended.err) == (ExitCode.INTERRUPTED, ["count: interrupted"])


def test_a_failure_is_shown_where_it_happened(slow: dict[str, Launched]) -> None:
    failed, other = slow["failing"].ended(2 * SECONDS)
    assert failed.code == ExitCode.CHECK_FAILED
    assert failed.err[-1] == "ValueError: a mistake"
    assert other.code == ExitCode.PROCESS_GONE
    assert other.err == [GONE.format(0, 2, 2)]


def test_too_few_processes(slow: dict[str, Launched]) -> None:
    (ended,) = slow["alone"].ended(2 * SECONDS)
    assert ended.code == ExitCode.USAGE
    assert "the 2 processes have not met (JAX: 'DEADLINE_EXCEEDED" in ended.err[0]
