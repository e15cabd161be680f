"""stdout and stderr as a command may use them: whatever becomes of them, the work goes on.

A reader that goes away (`hw1-q1 ... | head`), a closed descriptor (`>&-`), a full disk behind a
redirection and a terminal that cannot show an accent are no reason to lose a training. What cannot
be written is dropped, and the exit code stays that of the work. Characters that would steer a
terminal, which names of files and of data may hold, are written as their escape sequences.
"""

import io
import os
import sys
from collections.abc import Iterator
from contextlib import (
    AbstractContextManager,
    contextmanager,
    nullcontext,
    redirect_stdout,
    suppress,
)
from typing import Any

from experiments.cli.text import printable

_LAYOUT = {"\n", "\t"}
_BAR = {"\r", "\x1b"}
"""What a progress bar moves the cursor with."""


class SafeStream:
    """A text stream whose `write` and `flush` raise nothing.

    Everything else is the wrapped stream's own.
    """

    def __init__(self, stream: Any, allowed: set[str]) -> None:
        self._stream, self._allowed = stream, allowed

    def write(self, text: str) -> int:
        """Write what can be shown of `text`; return its length, as a stream does."""
        try:
            self._stream.write(self._shown(text))
        except (OSError, ValueError):  # ValueError: closed
            self._drop()
        return len(text)

    def flush(self) -> None:
        """Hand on what was written, if anybody is there to take it."""
        try:
            self._stream.flush()
        except (OSError, ValueError):
            self._drop()

    def __getattr__(self, name: str) -> Any:
        return getattr(self._stream, name)

    def _shown(self, text: str) -> str:
        if not text.isprintable():
            text = "".join(c if c in self._allowed else printable(c) for c in text)
        encoding = getattr(self._stream, "encoding", None) or "utf-8"
        return text.encode(encoding, "backslashreplace").decode(encoding)

    def _drop(self) -> None:
        """Lead the descriptor nowhere: what the stream still holds is flushed there at exit."""
        with suppress(OSError, ValueError, AttributeError):
            nowhere = os.open(os.devnull, os.O_WRONLY)
            os.dup2(nowhere, self._stream.fileno())
            os.close(nowhere)


class _Nowhere(io.TextIOBase):
    """Stands for a stream that was closed before Python began."""

    def write(self, text: str) -> int:
        return len(text)


@contextmanager
def safe_streams() -> Iterator[None]:
    """Make stdout and stderr safe for the length of a command."""
    _occupy_descriptors()
    before = sys.stdout, sys.stderr
    sys.stdout = SafeStream(sys.stdout or _Nowhere(), _LAYOUT)
    sys.stderr = SafeStream(sys.stderr or _Nowhere(), _LAYOUT | _BAR)
    try:
        yield
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        sys.stdout, sys.stderr = before


def quiet(asked: bool) -> AbstractContextManager[object]:
    """Drop what is printed on stdout, if that is asked for."""
    return redirect_stdout(_Nowhere()) if asked else nullcontext()


def _occupy_descriptors() -> None:
    """Open 0, 1 and 2 where they are closed, or the next file opened would be taken for stdout."""
    while (descriptor := os.open(os.devnull, os.O_RDWR)) <= 2:
        pass
    os.close(descriptor)
