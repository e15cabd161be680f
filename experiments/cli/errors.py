"""The errors that users can cause: exit codes, and each in one line that says what to do.

Standard library only.
"""

import errno
from collections.abc import Iterator
from contextlib import contextmanager
from enum import IntEnum
from pathlib import Path

from experiments.cli.text import one_line, printable


class ExitCode(IntEnum):
    """The exit codes of all commands."""

    DONE = 0
    CHECK_FAILED = 1
    USAGE = 2
    BAD_DATA = 3
    RUN_FOLDER = 4
    PROCESS_GONE = 5
    INTERRUPTED = 130


class CommandError(Exception):
    """An error the user can cause; its message says value, expectation and remedy in one line."""

    code = ExitCode.CHECK_FAILED


class UsageError(CommandError):
    """A flag or an argument is wrong."""

    code = ExitCode.USAGE


class DataError(CommandError):
    """A data file is missing, damaged or not what it should be."""

    code = ExitCode.BAD_DATA


class RunFolderError(CommandError):
    """A run folder is busy, incomplete, not matching or not writable."""

    code = ExitCode.RUN_FOLDER


class InterruptionError(CommandError):
    """Ctrl-C or SIGTERM has ended a run after its epoch; it can be continued."""

    code = ExitCode.INTERRUPTED


TOO_LITTLE_MEMORY = (
    "got too little memory, expected room for the model and its data; take a smaller "
    "-hidden_size or -batch_size, or free some"
)


REMEDIES = {
    errno.EMFILE: "close some, or raise ulimit -n",
    errno.EAGAIN: "close other programs, or raise ulimit -u",
    errno.ENOSPC: "make room",
    errno.EDQUOT: "make room",
    errno.EEXIST: "move what is in its place",
    errno.ENOTDIR: "move what is in its place",
    errno.EISDIR: "move what is in its place",
}
"""For what the system refuses to any file or process."""


def reason(error: BaseException) -> str:
    """Return what went wrong as the system words it, without the path that a reader has seen."""
    return printable(getattr(error, "strerror", None) or error)


@contextmanager
def as_data_error(
    path: object, expected: str, errors: tuple[type[Exception], ...] = (OSError,)
) -> Iterator[None]:
    """Turn such errors into a `DataError` that names the path, the reason and what is expected."""
    try:
        yield
    except errors as error:
        raise DataError(f"{printable(path)}: got {reason(error)}, expected {expected}") from None


def not_writable(path: Path, error: OSError) -> RunFolderError:
    """Return what to say of a file or folder of a run or a report that cannot be written."""
    remedy = REMEDIES.get(error.errno or 0, "see that it can be")
    return RunFolderError(
        f"{path}: cannot be written ({reason(error)}); {remedy} and start again, a training with "
        "--resume, or name another --out"
    )


@contextmanager
def as_run_folder_error(path: Path) -> Iterator[None]:
    """Turn what the file system refuses into a `RunFolderError`."""
    try:
        yield
    except OSError as error:
        raise not_writable(path, error) from None


def told(error: Exception) -> tuple[str, ExitCode]:
    """Return what a user can do about an error, in one line, and its code; others are raised."""
    match error:
        case CommandError():
            return one_line(error), error.code
        case MemoryError():
            line = TOO_LITTLE_MEMORY
        case RuntimeError() if "RESOURCE_EXHAUSTED" in str(error):  # as JAX says it
            line = TOO_LITTLE_MEMORY
        case RuntimeError() if "can't start new thread" in str(error):
            line = (
                "got no new thread from the system, expected a few; close other programs or raise "
                "ulimit -u"
            )
        case OSError():
            remedy = REMEDIES.get(error.errno or 0, "see that it can be read and written")
            return f"{one_line(error)}; {remedy} and start again", ExitCode.RUN_FOLDER
        case _:
            raise error
    return line, ExitCode.CHECK_FAILED
