"""`hw1-reproduce` with little to do: its runs in this process, its report not made."""

from collections.abc import Callable
from contextlib import nullcontext
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from short_descent import DESCENT

from analysis import verify
from analysis.claims import CLAIMS
from experiments.assignment import PARTS
from experiments.cli.errors import CommandError
from experiments.parallel.pool import Event
from experiments.report.make import Report
from experiments.reproduction import question3, training


class InThisProcess:
    """Stands for `Pool`: the calls one after the other, here, where a test can step in.

    Attributes:
        fail: gets a call's arguments and may raise.
    """

    def __init__(self) -> None:
        self.fail: Callable[[Any], None] = lambda _config: None

    def __call__(self, calls, _at_once):
        return nullcontext(SimpleNamespace(events=lambda: self.events(calls)))

    def events(self, calls):
        for number, call in enumerate(calls):
            yield Event(number, "start")
            channel = Recorded(number)
            try:
                self.fail(call.arguments[0])
                call.function(*call.arguments, channel)
            except CommandError as error:
                yield from channel.events
                yield Event(number, "failed", error)
            else:
                yield from channel.events
                yield Event(number, "end")


class Recorded:
    """What a call tells."""

    def __init__(self, job: int) -> None:
        self.job, self.events = job, []

    def line(self, text: str) -> None:
        self.events.append(Event(self.job, "line", text))

    def advance(self, label: str) -> None:
        self.events.append(Event(self.job, "epoch", label))

    def folder(self, number: int, path: Path) -> None:
        self.events.append(Event(self.job, "folder", (number, path)))


@pytest.fixture
def in_process(monkeypatch: pytest.MonkeyPatch) -> InThisProcess:
    """All runs in this process, without figures, for an epoch or two; no report."""
    runner = InThisProcess()
    monkeypatch.setattr(training, "Pool", runner)
    monkeypatch.setattr("experiments.plots.run.draw_run", lambda *_: [])
    for name, part in PARTS.items():
        epochs = 2 if part.program == "hw1-q1" and name != "1.3" else 1
        monkeypatch.setitem(PARTS, name, replace(part, quick_epochs=epochs))
    monkeypatch.setitem(question3.SETTINGS, "dims", [2])
    monkeypatch.setitem(question3.SETTINGS, "trials", 1)
    monkeypatch.setattr("experiments.question3.session.DESCENT", DESCENT)
    monkeypatch.setattr("experiments.question3.session.CURVES", {})
    monkeypatch.setattr("experiments.question3.session.draw_question3", lambda *_: [])
    monkeypatch.setattr(verify, "CLAIMS", CLAIMS[3:5])
    return runner


@pytest.fixture
def reports(monkeypatch: pytest.MonkeyPatch) -> list[tuple[Any, Any]]:
    """The parts and facts of every report that would be made."""
    made: list[tuple[Any, Any]] = []

    def make_report(parts, out, facts, _data):
        made.append((parts, facts))
        return Report([out / "report.pdf"], [])

    monkeypatch.setattr("experiments.report.make.make_report", make_report)
    return made
