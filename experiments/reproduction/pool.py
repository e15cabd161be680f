"""Jobs in processes of their own, so many at once: one that fails leaves the others alone."""

import multiprocessing
import os
import signal
import traceback
from collections.abc import Callable, Generator, Iterator, Mapping, Sequence
from contextlib import contextmanager
from multiprocessing.connection import Connection, wait
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import Any, Literal, NamedTuple

from experiments.cli.commands import CommandError
from experiments.cli.text import one_line
from experiments.parallel.end_with_parent import end_with_parent

PATIENCE = 5.0
"""Seconds that a process is given to end when it is told to."""


class Call(NamedTuple):
    """What a process does: `function(*arguments, channel)`, with these environment variables."""

    function: Callable[..., None]
    arguments: tuple[Any, ...]
    environment: Mapping[str, str]


class Event(NamedTuple):
    """What happened to a job; `content` is a line, a run's number and folder, or an error."""

    job: int
    kind: Literal["start", "line", "epoch", "folder", "end", "failed", "tick"]
    content: Any = None


class Channel:
    """What a job tells: the output of a run, and the folders that are finished."""

    def __init__(self, pipe: Connection) -> None:
        """Send everything through `pipe`."""
        self._pipe = pipe

    def line(self, text: str) -> None:
        """One line for the user."""
        self._pipe.send(("line", text))

    def advance(self, label: str) -> None:
        """One more epoch is done."""
        self._pipe.send(("epoch", label))

    def folder(self, number: int, path: Path) -> None:
        """The job's run of this number is finished and lies there."""
        self._pipe.send(("folder", (number, path)))


class _Job(NamedTuple):
    process: BaseProcess
    pipe: Connection


def run_all(calls: Sequence[Call], at_once: int) -> Generator[Event, None, None]:
    """Run every call in a process of its own and tell what happens.

    Every job yields a "start" and, last, an "end" or a "failed" event; a "tick" of job -1 comes
    about once a second. Closing the generator ends the processes that run, as does Ctrl-C, which
    never reaches them.

    Args:
        calls: in the order in which they are started.
        at_once: how many processes.
    """
    context = multiprocessing.get_context("spawn")
    jobs: dict[int, _Job] = {}
    started = 0
    try:
        while jobs or started < len(calls):
            while started < len(calls) and len(jobs) < at_once:
                jobs[started] = _start(context, calls[started])
                started += 1
                yield Event(started - 1, "start")
            ready = wait([job.pipe for job in jobs.values()], timeout=1.0)
            if not ready:
                yield Event(-1, "tick")
            for number, job in list(jobs.items()):
                if job.pipe in ready:
                    event = _receive(number, job)
                    if event.kind in ("end", "failed"):
                        _finish(jobs.pop(number))
                    yield event
    finally:
        for job in jobs.values():
            job.process.terminate()
        for job in jobs.values():
            _finish(job)


def _start(context: Any, call: Call) -> _Job:
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
        return Event(
            number,
            "failed",
            f"ended from outside (exit code {job.process.exitcode}); free memory, or close other "
            "programs, and start again",
        )
    return Event(number, kind, content)


def _finish(job: _Job) -> None:
    """Wait for a process that has nothing more to do; one that hangs is killed."""
    job.process.join(PATIENCE)
    if job.process.is_alive():
        job.process.kill()
        job.process.join()
    job.pipe.close()
    job.process.close()


def _do(pipe: Connection, function: Callable[..., None], arguments: tuple[Any, ...]) -> None:
    end_with_parent()
    try:
        function(*arguments, Channel(pipe))
        pipe.send(("end", None))
    except BrokenPipeError:
        pass  # the parent was killed, and nobody is left to tell
    except CommandError as error:
        pipe.send(("failed", one_line(error)))
    except Exception as error:  # whatever it is, the other jobs go on and the user is told
        last = traceback.extract_tb(error.__traceback__)[-1]
        where = f"{Path(last.filename).name}, line {last.lineno}"
        pipe.send(("failed", f"{type(error).__name__}: {one_line(error)} ({where})"))


@contextmanager
def _without_ctrl_c() -> Iterator[None]:
    """Start a process that Ctrl-C does not reach; the parent answers it for all."""
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
    """Environment variables for a process that is started meanwhile."""
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
