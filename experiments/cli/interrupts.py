"""Ctrl-C while a command starts, draws or ends; while it trains, `graceful_stop` answers."""

import os
import signal
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from experiments.cli.errors import ExitCode

_interrupted = threading.Event()


@contextmanager
def one_interrupt(*, then_exit: bool) -> Iterator[None]:
    """Let the first Ctrl-C raise `KeyboardInterrupt`, and a second one end the process at once.

    It would otherwise be raised again in the midst of the first one's end.

    Args:
        then_exit: whether the process ends behind the block; its end is not interrupted.

    Raises:
        KeyboardInterrupt: also where a library, interrupted as it loads, has made another error
            of it.
    """
    _interrupted.clear()
    ours = (
        threading.current_thread() is threading.main_thread()
        and signal.getsignal(signal.SIGINT) is signal.default_int_handler
    )
    if ours:
        signal.signal(signal.SIGINT, _first)
        sys.unraisablehook, before = _in_a_callback, sys.unraisablehook
    try:
        yield
    except Exception:
        if _interrupted.is_set():
            raise KeyboardInterrupt from None
        raise
    finally:
        if ours:
            after = signal.SIG_IGN if then_exit else signal.default_int_handler
            signal.signal(signal.SIGINT, after)
            sys.unraisablehook = before


def _first(_number: int, _frame: object) -> None:
    signal.signal(signal.SIGINT, _second)
    _interrupted.set()
    raise KeyboardInterrupt


def _in_a_callback(ignored: Any) -> None:
    """End the process where Python would print the interrupt and go on, as in JAX's callbacks."""
    if issubclass(ignored.exc_type, KeyboardInterrupt):
        os._exit(ExitCode.INTERRUPTED)
    sys.__unraisablehook__(ignored)


def _second(_number: int, _frame: object) -> None:
    os._exit(ExitCode.INTERRUPTED)
