"""Ctrl-C and SIGTERM while a run is trained: it ends after the epoch, and can be continued.

The operating system tells Python of a signal at once, but Python's own handlers wait until the
running C code returns, which may be a whole epoch. The number of the signal therefore also goes
through a socket to a thread, which answers the user meanwhile, and ends the process if asked twice.
"""

import contextlib
import multiprocessing
import os
import signal
import socket
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from typing import Any

from experiments.cli.errors import ExitCode, InterruptionError
from experiments.cli.text import command_line

MIN_APART_S = 0.2
"""Signals less apart than this are one: SLURM sends it to a parent, which passes it on, and to its
child too."""

# No Event: a signal may interrupt the handler of another, which holds the Event's lock.
_requested = False


def requested() -> bool:
    """Return whether the run in flight shall end after its epoch."""
    return _requested


def check() -> None:
    """Raise `InterruptionError` after an interruption, so that nothing is begun."""
    if requested():
        raise InterruptionError("interrupted")


@contextlib.contextmanager
def graceful_stop(command: str | None) -> Iterator[None]:
    """Let the first Ctrl-C or SIGTERM set `requested`, and the second one end the process.

    Outside, both do what they always do. In a thread that is not the main one, nothing changes. The
    user is told `command`, the command line that continues; None is for a process whose parent
    tells the user.

    Raises:
        InterruptionError: the block has ended after an interruption.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    _request(False)
    ours, theirs = socket.socketpair()
    theirs.setblocking(False)
    thread = threading.Thread(target=_answer, args=(ours, command), daemon=True)
    thread.start()
    before: dict[int, Any] = {}
    wakeup = signal.set_wakeup_fd(theirs.fileno(), warn_on_full_buffer=False)
    try:
        for number in (signal.SIGINT, signal.SIGTERM):
            before[number] = signal.signal(number, lambda *_: _request(True))
        yield
        check()
    finally:
        for caught, handler in before.items():
            signal.signal(caught, handler)
        signal.set_wakeup_fd(wakeup)
        theirs.close()  # ends the thread
        thread.join()
        ours.close()
        _request(False)


def to_continue(program: str, argv: Sequence[str]) -> str:
    """Return the command line that continues what this one began."""
    rest = [] if "--resume" in argv else ["--resume"]
    return command_line([program, *argv, *rest])


def _request(asked: bool) -> None:
    global _requested
    _requested = asked


def _answer(ours: socket.socket, command: str | None) -> None:
    answered: float | None = None
    while received := ours.recv(64):
        if not {signal.SIGINT, signal.SIGTERM} & set(received):
            continue
        _request(True)
        now = time.monotonic()
        if command is None or (answered is not None and now - answered < MIN_APART_S):
            continue
        if answered is not None:
            for child in multiprocessing.active_children():
                child.kill()
            os._exit(ExitCode.INTERRUPTED)
        answered = now
        sys.stderr.write(
            f"\nInterrupted: ending after this epoch; once more ends at once.\n"
            f"To continue: {command}\n"
        )
        sys.stderr.flush()
