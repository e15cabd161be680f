"""Calls in processes of their own: what they tell, errors, and processes that are killed."""

import os
import signal
import time
from collections import Counter
from pathlib import Path

import pytest
from silent import Silent

from experiments.cli.errors import CommandError, RunFolderError
from experiments.parallel.pool import Call, Channel, Event, Output, Pool
from experiments.parallel.side_by_side import side_by_side

OPEN_FILES = Path("/proc/self/fd")


def speak(name: str, seconds: float, output: Output) -> str:
    for epoch in range(2):
        output.line(f"{name} {epoch}")
        time.sleep(seconds)
        output.advance(name)
    return name.upper()


def work(name: str, channel: Channel) -> int:
    channel.line(os.environ["HW1_TEST_WORD"])
    channel.advance(name)
    channel.folder(0, Path(name))
    return 7


def refuse(name: str, channel: Channel) -> None:
    raise RunFolderError(f"{name}: busy")


def stumble(name: str, channel: Channel) -> None:
    raise ZeroDivisionError(name)


def die(name: str, channel: Channel) -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def sleep(name: str, channel: Channel) -> None:
    channel.folder(os.getpid(), Path(name))
    time.sleep(600)


def calls(*functions) -> list[Call]:
    return [
        Call(function, (function.__name__,), {"HW1_TEST_WORD": "hello"}) for function in functions
    ]


def events_of(functions, at_once: int) -> list[Event]:
    with Pool(calls(*functions), at_once) as pool:
        return [event for event in pool.events() if event.kind != "tick"]


def test_one_that_fails_leaves_the_others_alone() -> None:
    events = events_of([refuse, stumble, die, work], 2)
    last = {event.job: (event.kind, event.content) for event in events}
    assert last[0][0] == last[1][0] == "failed"
    assert isinstance(last[0][1], RunFolderError)
    assert str(last[0][1]) == "refuse: busy"
    assert isinstance(last[1][1], CommandError)
    assert str(last[1][1]).startswith("ZeroDivisionError: stumble (test_pool.py, line ")
    assert last[2] == ("killed", -signal.SIGKILL)
    assert [(e.kind, e.content) for e in events if e.job == 3] == [
        ("start", None),
        ("line", "hello"),
        ("epoch", "work"),
        ("folder", (0, Path("work"))),
        ("end", 7),
    ]
    assert "HW1_TEST_WORD" not in os.environ


def test_never_more_than_so_many_at_once_and_no_file_left_open() -> None:
    """Else 40 seeds side by side would run out of files where 64 may be open."""
    running, most, files = Counter(), 0, []
    with Pool(calls(*[work] * 5), 2) as pool:
        for event in pool.events():
            running[event.kind] += 1
            most = max(most, running["start"] - running["end"])
            if event.kind == "start" and OPEN_FILES.exists():
                files.append(len(list(OPEN_FILES.iterdir())))
    assert most == 2
    assert running["end"] == 5
    assert max(files[2:], default=0) <= max(files[:2], default=0)


def test_leaving_ends_the_processes() -> None:
    found: list[int] = []
    with Pool(calls(sleep, sleep), 2) as pool:
        for event in pool.events():
            found += [event.content[0]] if event.kind == "folder" else []
            if len(found) == 2:
                break
    for process in found:
        with pytest.raises(ProcessLookupError):
            os.kill(process, 0)


def test_lines_come_run_after_run_whoever_is_first() -> None:
    recorder = Silent()
    arguments = [("slow", 0.2), ("fast", 0.0), ("last", 0.0)]
    assert side_by_side(speak, arguments, 2, recorder) == ["SLOW", "FAST", "LAST"]
    assert recorder.lines == [f"{name} {epoch}" for name, _ in arguments for epoch in range(2)]
    assert recorder.epochs == 6


def test_an_error_keeps_its_kind_and_words() -> None:
    with pytest.raises(RunFolderError, match="here: busy"):
        side_by_side(refuse, [("here",), ("there",)], 2, Silent())


def test_a_killed_process_is_reported() -> None:
    with pytest.raises(CommandError, match=r"run 1 was ended from outside \(exit code -9\)"):
        side_by_side(die, [("a",)], 1, Silent())
