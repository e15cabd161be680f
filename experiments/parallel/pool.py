"""Several runs at the same time, each in a process of its own.

A run of question 1 keeps one core busy: its recursion is serial and its products are small. Two
runs therefore take little longer than one on two cores; docs/engine.md has what was measured.
"""

import multiprocessing
import signal
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from multiprocessing.connection import Connection, wait
from multiprocessing.process import BaseProcess
from typing import Any, NamedTuple, Protocol, TypeVar

from experiments.cli.commands import CommandError
from experiments.parallel import graceful_stop
from experiments.parallel.end_with_parent import end_with_parent

T = TypeVar("T")

PATIENCE = 0.2
"""Seconds until Ctrl-C is looked for where no run has anything to say."""


class Output(Protocol):
    """Where a run's lines and its progress go."""

    def line(self, text: str) -> None:
        """One line for the user."""

    def advance(self, label: str) -> None:
        """One more epoch is done."""


class _PipeOutput:
    """The output of a run in a process of its own: everything is sent to the parent."""

    def __init__(self, pipe: Connection) -> None:
        self._pipe = pipe

    def line(self, text: str) -> None:
        self._pipe.send(("line", text))

    def advance(self, label: str) -> None:
        self._pipe.send(("advance", label))


class _Job(NamedTuple):
    process: BaseProcess
    pipe: Connection
    lines: list[str]


def side_by_side(
    run: Callable[..., T], arguments: Sequence[tuple[Any, ...]], at_once: int, output: Output
) -> list[T]:
    """Call `run(*arguments[k], output)` for every k, so many at a time.

    The lines come out run after run: those of the first unfinished run at once, those of the later
    ones when their turn comes. An error in one run ends all of them; after Ctrl-C each ends after
    its epoch (see `experiments.parallel.graceful_stop`).

    Args:
        run: a function of a module, since other processes have to find it.
        arguments: what it is called with, once for each run.
        at_once: how many processes.
        output: where lines and progress go.

    Returns:
        What the calls returned, in the order of `arguments`.

    Raises:
        CommandError: one of the runs raised it, or its process was ended from outside.
        InterruptionError: Ctrl-C, after every run has ended.
    """
    context = multiprocessing.get_context("spawn")
    jobs: dict[int, _Job] = {}
    results: dict[int, T] = {}
    turn = 0
    try:
        while len(results) < len(arguments):
            while len(jobs) < len(arguments) and len(jobs) - len(results) < at_once:
                ours, theirs = context.Pipe()
                process = context.Process(
                    target=_run_and_send, args=(theirs, run, arguments[len(jobs)]), daemon=True
                )
                with _without_ctrl_c():
                    process.start()
                theirs.close()  # so that the end of the process ends the pipe
                jobs[len(jobs)] = _Job(process, ours, [])
            if graceful_stop.requested():
                _end_after_the_epochs([jobs[number] for number in jobs if number not in results])
                graceful_stop.check()
            waiting = [jobs[number].pipe for number in jobs if number not in results]
            ready = wait(waiting, timeout=PATIENCE)
            for number, job in jobs.items():
                if job.pipe in ready:
                    _receive(number, job, results, output)
            while turn in jobs:
                for line in jobs[turn].lines:
                    output.line(line)
                jobs[turn].lines.clear()
                if turn not in results:
                    break
                turn += 1
    finally:
        for job in jobs.values():
            job.process.terminate()
            job.process.join()
            job.pipe.close()
    return [results[number] for number in range(len(arguments))]


def _end_after_the_epochs(jobs: Sequence[_Job]) -> None:
    """Ask every process to end after its epoch, and wait until all have, whatever they say."""
    for job in jobs:
        job.process.terminate()
    for job in jobs:
        with suppress(EOFError):
            while True:
                job.pipe.recv()
        job.process.join()


@contextmanager
def _without_ctrl_c() -> Iterator[None]:
    """Start processes that Ctrl-C does not reach, from their first instruction on.

    The terminal sends it to every process; the parent answers it for all. What is blocked here is
    blocked in the child for good, and reaches the parent when the block ends.
    """
    if not hasattr(signal, "pthread_sigmask"):  # Windows
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _receive(number: int, job: _Job, results: dict[int, Any], output: Output) -> None:
    try:
        kind, content = job.pipe.recv()
    except EOFError:
        job.process.join()
        raise CommandError(
            f"run {number + 1} was ended from outside (exit code {job.process.exitcode}); "
            "free memory or ask for fewer --seeds, and start again"
        ) from None
    match kind:
        case "line":
            job.lines.append(content)
        case "advance":
            output.advance(content)
        case "result":
            results[number] = content
        case _:
            raise content


def _run_and_send(pipe: Connection, run: Callable[..., Any], arguments: tuple[Any, ...]) -> None:
    end_with_parent()
    try:
        pipe.send(("result", run(*arguments, _PipeOutput(pipe))))
    except CommandError as error:
        pipe.send(("error", error))
    except BrokenPipeError:
        pass  # the parent was killed, and nobody is left to tell
