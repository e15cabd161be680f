"""Calls in processes of their own, so many at once, and what they tell.

A run of question 1 keeps one core busy: its recursion is serial and its products are small. Two
runs therefore take little longer than one on two cores; docs/engine.md has what was measured.
"""

import multiprocessing
import os
import signal
import traceback
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from multiprocessing.connection import Connection, wait
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import Any, Literal, NamedTuple, Protocol

from experiments.cli.errors import CommandError
from experiments.cli.text import one_line
from experiments.parallel.end_with_parent import end_with_parent

MAX_SILENCE_S = 0.2
"""How long nothing is yielded where no process has anything to say."""
MAX_ENDING_S = 5.0
"""How long a process is given to end when it is told to."""


class Output(Protocol):
    """Where a run's lines and its progress go."""

    def line(self, text: str) -> None:
        """Say one line to the user."""

    def advance(self, label: str) -> None:
        """Say that one more epoch is done."""


class Call(NamedTuple):
    """What a process does: `function(*arguments, channel)`, with these environment variables.

    The function is one of a module, since another process has to find it.
    """

    function: Callable[..., Any]
    arguments: tuple[Any, ...]
    environment: Mapping[str, str] = {}


class Event(NamedTuple):
    """What happened to a call, by its number, -1 for none.

    `content` is the line, the label, number and folder, what the call returned, the `CommandError`
    that it raised, or the exit code of a process that was ended from outside.
    """

    job: int
    kind: Literal["start", "line", "epoch", "folder", "end", "failed", "killed", "tick"]
    content: Any = None


class Channel:
    """What a call tells its parent: the output of a run, and the folders that are finished."""

    def __init__(self, pipe: Connection) -> None:
        self._pipe = pipe

    def line(self, text: str) -> None:
        """Say one line to the user."""
        self._pipe.send(("line", text))

    def advance(self, label: str) -> None:
        """Say that one more epoch is done."""
        self._pipe.send(("epoch", label))

    def folder(self, number: int, path: Path) -> None:
        """Say that the call's run of this number is finished and lies there."""
        self._pipe.send(("folder", (number, path)))


class _Job(NamedTuple):
    process: BaseProcess
    pipe: Connection


class Pool:
    """The processes of several calls, started in their order, so many at once.

    Leaving it as a context manager ends those that run. Ctrl-C never reaches the processes: the
    terminal sends it to all, and the parent answers.
    """

    def __init__(self, calls: Sequence[Call], at_once: int) -> None:
        self._calls, self._at_once = calls, at_once
        self._jobs: dict[int, _Job] = {}

    def events(self) -> Iterator[Event]:
        """Run every call and yield what happens.

        Every call yields a "start" and, last, an "end", a "failed" or a "killed"; a "tick" comes
        where nothing else does.
        """
        started = 0
        while self._jobs or started < len(self._calls):
            while started < len(self._calls) and len(self._jobs) < self._at_once:
                self._jobs[started] = _start(self._calls[started])
                started += 1
                yield Event(started - 1, "start")
            ready = wait([job.pipe for job in self._jobs.values()], timeout=MAX_SILENCE_S)
            if not ready:
                yield Event(-1, "tick")
            for number, job in list(self._jobs.items()):
                if job.pipe in ready:
                    event = _receive(number, job)
                    if event.kind in ("end", "failed", "killed"):
                        _finish(self._jobs.pop(number))
                    yield event

    def end_after_epochs(self) -> None:
        """Ask every process to end after its epoch, and wait until all have, whatever they say."""
        for job in self._jobs.values():
            job.process.terminate()
        for job in self._jobs.values():
            # A process blocks on a pipe that nobody reads.
            with suppress(EOFError, ConnectionError):
                while True:
                    job.pipe.recv()
            job.process.join()

    def __enter__(self) -> "Pool":
        return self

    def __exit__(self, *_error: object) -> None:
        for job in self._jobs.values():
            job.process.terminate()
        for job in self._jobs.values():
            _finish(job)


def _start(call: Call) -> _Job:
    context = multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe()
    process = context.Process(target=_do, args=(theirs, call.function, call.arguments), daemon=True)
    with _without_ctrl_c(), _environment(call.environment):
        process.start()
    theirs.close()  # so that the end of the process ends the pipe
    return _Job(process, ours)


def _receive(number: int, job: _Job) -> Event:
    try:
        kind, content = job.pipe.recv()
    except (EOFError, ConnectionError):
        job.process.join()
        return Event(number, "killed", job.process.exitcode)
    return Event(number, kind, content)


def _finish(job: _Job) -> None:
    """Wait for a process that has nothing more to do; one that hangs is killed."""
    job.process.join(MAX_ENDING_S)
    if job.process.is_alive():
        job.process.kill()
        job.process.join()
    job.pipe.close()
    job.process.close()


def _do(pipe: Connection, function: Callable[..., Any], arguments: tuple[Any, ...]) -> None:
    end_with_parent()
    try:
        pipe.send(("end", function(*arguments, Channel(pipe))))
    except BrokenPipeError:
        pass  # the parent was killed, and nobody is left to tell
    except CommandError as error:
        pipe.send(("failed", error))
    except Exception as error:  # whatever it is, the other calls go on and the user is told
        last = traceback.extract_tb(error.__traceback__)[-1]
        where = f"{Path(last.filename).name}, line {last.lineno}"
        told = CommandError(f"{type(error).__name__}: {one_line(error)} ({where})")
        pipe.send(("failed", told))


@contextmanager
def _without_ctrl_c() -> Iterator[None]:
    """Start a process that Ctrl-C does not reach, from its first instruction on.

    What is blocked here is blocked in the child for good, and reaches the parent when the block
    ends.
    """
    if not hasattr(signal, "pthread_sigmask"):  # Windows
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


@contextmanager
def _environment(variables: Mapping[str, str]) -> Iterator[None]:
    """Set environment variables for a process that is started meanwhile."""
    before = {name: os.environ.get(name) for name in variables}
    os.environ.update(variables)
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                del os.environ[name]
            else:
                os.environ[name] = value
