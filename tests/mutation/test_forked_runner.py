"""A mutant's test run in a child: what it answers, and that nothing it does ends or holds us."""

import os
import time
from collections.abc import Callable

import pytest

from mutation import forked_runner
from mutation.forked_runner import Job, run_jobs


def fail() -> str:
    raise ZeroDivisionError


def loop() -> str:
    while True:
        pass


def sleep() -> str:
    time.sleep(60)
    return "awake"


WORKS: dict[str, tuple[Callable[[], str], str | None]] = {
    "answers": (lambda: "killed", "killed"),
    "answers at length": (lambda: "line " * 100_000, "line " * 100_000),
    "fails": (fail, None),
    "dies": (lambda: os._exit(0), None),
    "computes too long": (loop, None),
    "hangs": (sleep, None),
}


@pytest.mark.filterwarnings("ignore:.*fork")
def test_the_answers_of_all_whatever_they_do(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(forked_runner, "WALL", 5)
    jobs = (Job(name, work, 0.5) for name, (work, _) in WORKS.items())
    began = time.monotonic()
    assert dict(run_jobs(jobs, 2)) == {name: answer for name, (_, answer) in WORKS.items()}
    assert time.monotonic() - began < 30
