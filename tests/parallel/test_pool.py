"""Runs in processes of their own: order, errors, and processes that are killed."""

import os
import signal
import time

import pytest

from experiments.cli.commands import CommandError, RunFolderError
from experiments.parallel.pool import Output, side_by_side


class Recorder:
    """Keeps what a console would print."""

    def __init__(self) -> None:
        self.lines: list[str] = []
        self.epochs = 0

    def line(self, text: str) -> None:
        self.lines.append(text)

    def advance(self, label: str) -> None:
        assert label
        self.epochs += 1


def speak(name: str, seconds: float, output: Output) -> str:
    for epoch in range(2):
        output.line(f"{name} {epoch}")
        time.sleep(seconds)
        output.advance(name)
    return name.upper()


def refuse(name: str, output: Output) -> None:
    raise RunFolderError(f"{name}: busy")


def die(name: str, output: Output) -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def test_lines_come_run_after_run_whoever_is_first() -> None:
    recorder = Recorder()
    arguments = [("slow", 0.2), ("fast", 0.0), ("last", 0.0)]
    assert side_by_side(speak, arguments, 2, recorder) == ["SLOW", "FAST", "LAST"]
    assert recorder.lines == [f"{name} {epoch}" for name, _ in arguments for epoch in range(2)]
    assert recorder.epochs == 6


def test_an_error_keeps_its_kind_and_words() -> None:
    with pytest.raises(RunFolderError, match="here: busy"):
        side_by_side(refuse, [("here",), ("there",)], 2, Recorder())


def test_a_killed_process_is_reported() -> None:
    with pytest.raises(CommandError, match=r"run 1 was ended from outside \(exit code -9\)"):
        side_by_side(die, [("a",)], 1, Recorder())
