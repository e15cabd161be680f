"""Ctrl-C while a command starts, draws or ends; while it trains, `graceful_stop` answers."""

import os
import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager

INTERRUPTED = 130
"""As `experiments.cli.commands.ExitCode` has it, which imports this module."""


@contextmanager
def one_interrupt(*, then_exit: bool) -> Iterator[None]:
    """Let the first Ctrl-C raise `KeyboardInterrupt`, and a second one end the process at once.

    It would otherwise be raised again in the midst of the first one's end.

    Args:
        then_exit: whether the process ends behind the block; its end is not interrupted.
    """
    ours = (
        threading.current_thread() is threading.main_thread()
        and signal.getsignal(signal.SIGINT) is signal.default_int_handler
    )
    if ours:
        signal.signal(signal.SIGINT, _first)
    try:
        yield
    finally:
        if ours:
            after = signal.SIG_IGN if then_exit else signal.default_int_handler
            signal.signal(signal.SIGINT, after)


def _first(_number: int, _frame: object) -> None:
    signal.signal(signal.SIGINT, _second)
    raise KeyboardInterrupt


def _second(_number: int, _frame: object) -> None:
    os._exit(INTERRUPTED)
