"""What a training command says while it runs: plain lines, and a progress bar on a terminal."""

import sys
import threading
from contextlib import AbstractContextManager
from typing import Any

from tqdm import tqdm

# tqdm's own lock is between processes: it costs a semaphore, a process that watches it and, from
# Python 3.14 on, a temporary folder. Here one process draws.
tqdm.set_lock(threading.RLock())


def progress_bar(**options: Any) -> "tqdm[Any]":
    """Return a bar that a terminal shows on stderr until it is closed, and nothing else shows."""
    disable = not sys.stderr.isatty()
    return tqdm(file=sys.stderr, disable=disable, leave=False, **options)


class NullConsole(AbstractContextManager["NullConsole"]):
    """A console that shows nothing, for processes that another one speaks for."""

    def line(self, text: str) -> None:
        """Nothing."""

    def advance(self, label: str) -> None:
        """Nothing."""

    def __exit__(self, *_: object) -> None:
        pass


class Console(NullConsole):
    """Lines on stdout, with a progress bar below them on stderr where that is a terminal.

    Attributes:
        total: how many epochs the whole command trains, over all its runs.
    """

    def __init__(self, total: int) -> None:
        self._bar = progress_bar(total=total, unit="epoch", dynamic_ncols=True)

    def line(self, text: str) -> None:
        """Print one line, without tearing the bar."""
        with tqdm.external_write_mode(file=sys.stdout):
            print(text, flush=True)

    def advance(self, label: str) -> None:
        """One more epoch is done; the bar shows `label` beside it."""
        self._bar.set_description(label, refresh=False)
        self._bar.update()

    def __exit__(self, *_: object) -> None:
        self._bar.close()


def assignment_duration(seconds: float) -> str:
    """Minutes and whole seconds, as the assignment's script prints them."""
    return f"{int(seconds // 60)} minutes and {int(seconds % 60)} seconds"
