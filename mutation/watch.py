"""A pytest plugin that writes down which lines each test runs, and which test failed first."""

import json
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType
from typing import Any

import pytest

Lines = set[tuple[str, int]]


def shared_fixtures(item: pytest.Item) -> list[str]:
    """Return the fixtures made once for several tests of the file; JAX's programs are too."""
    info = getattr(item, "_fixtureinfo", None)
    definitions = info.name2fixturedefs if info else {}
    own = item.nodeid.partition("::")[0].rpartition("/")[0]
    names = [
        name
        for name, found in definitions.items()
        if found[-1].scope != "function" and found[-1].baseid.startswith(own) and name[0] != "_"
    ]
    return names + (["JAX"] if own.endswith("jaxmodels") else [])


class Watch:
    """Which lines of `packages` each test runs, its set-up included, and how long it takes.

    Attributes:
        seen: by test, its seconds of CPU, its lines, the fixtures it shares with others.
        failed: the tests that failed, in order.
    """

    def __init__(self, packages: tuple[str, ...], trace: bool) -> None:
        root = Path.cwd()
        self._inside = tuple(f"{root / package}/" for package in packages)
        self._start = len(f"{root}/")
        self._trace = trace
        self._lines: Lines = set()
        self._at_import: dict[str, Lines] = {}
        self.seen: dict[str, tuple[float, Lines, list[str]]] = {}
        self.failed: list[str] = []

    def _on_call(self, frame: FrameType, _event: str, _argument: Any) -> Any:
        return self._on_line if frame.f_code.co_filename.startswith(self._inside) else None

    def _on_line(self, frame: FrameType, _event: str, _argument: Any) -> Any:
        self._lines.add((frame.f_code.co_filename[self._start :], frame.f_lineno))
        return self._on_line

    @contextmanager
    def _traced(self) -> Iterator[Lines]:
        self._lines = set()
        if self._trace:
            threading.settrace(self._on_call)
            sys.settrace(self._on_call)
        yield self._lines
        if self._trace:
            sys.settrace(None)
            threading.settrace(None)

    @pytest.hookimpl(hookwrapper=True)
    def pytest_make_collect_report(self, collector: pytest.Collector) -> Iterator[None]:
        """Trace what a file runs as it is imported: all of its tests may look at what came out."""
        with self._traced() as lines:
            yield
        if isinstance(collector, pytest.Module):
            self._at_import[collector.nodeid] = lines

    @pytest.hookimpl(hookwrapper=True)
    def pytest_runtest_protocol(self, item: pytest.Item) -> Iterator[None]:
        """Trace one test."""
        began = time.process_time()
        with self._traced() as lines:
            yield
        seconds = time.process_time() - began
        lines |= self._at_import[item.nodeid.partition("::")[0]]
        self.seen[item.nodeid] = seconds, lines, shared_fixtures(item)

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Note a failure."""
        if report.failed:
            self.failed.append(report.nodeid)

    def as_json(self) -> str:
        """Return what was seen, for the process that asked."""
        rows = self.seen.items()
        return json.dumps({test: [s, sorted(lines), shared] for test, (s, lines, shared) in rows})
