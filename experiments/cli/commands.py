"""What every command shares: exit codes, one-line errors, the parser, the boundary of `main`.

This module imports the standard library only, so that a mistyped flag is answered at once.
"""

import argparse
import errno
import os
import re
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from enum import IntEnum
from functools import wraps
from importlib import metadata
from typing import Any, NoReturn

from experiments.cli.interrupts import one_interrupt
from experiments.cli.isolation import NUMPY_BYTES, address_space, isolate, obstacle
from experiments.cli.streams import safe_streams
from experiments.cli.text import did_you_mean, one_line, printable

DISTRIBUTION = "landscapes-hw1"


OTHER_NAMES = {
    "l2_decay": "l2_penalty",
    "l2_penalty": "l2_decay",
    "lr": "learning_rate",
    "bs": "batch_size",
    "h": "hidden_size",
    "wd": "l2_decay",
    "weight_decay": "l2_decay",
}
"""Flags by other names: the other question's, and those of other programs."""


TOO_LITTLE_MEMORY = (
    "got too little memory, expected room for the model and its data; take a smaller "
    "-hidden_size or -batch_size, or free some"
)


REMEDIES = {
    errno.EMFILE: "close some, or raise ulimit -n",
    errno.EAGAIN: "close other programs, or raise ulimit -u",
    errno.ENOSPC: "make room",
}
"""For what the system refuses to any file or process."""


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


@contextmanager
def as_data_error(
    path: object, expected: str, errors: tuple[type[Exception], ...] = (OSError,)
) -> Iterator[None]:
    """Turn such errors into a `DataError` that names the path, the reason and what is expected."""
    try:
        yield
    except errors as error:
        reason = printable(getattr(error, "strerror", None) or error)
        raise DataError(f"{printable(path)}: got {reason}, expected {expected}") from None


class RunFolderError(CommandError):
    """A run folder is busy, incomplete, not matching or not writable."""

    code = ExitCode.RUN_FOLDER


class InterruptionError(CommandError):
    """Ctrl-C or SIGTERM has ended a run after its epoch; it can be continued."""

    code = ExitCode.INTERRUPTED


class Parser(argparse.ArgumentParser):
    """An `ArgumentParser` without abbreviations whose errors are `UsageError`s, hence one line."""

    def __init__(self, prog: str, description: str, epilog: str = "", **others: Any) -> None:
        super().__init__(
            prog=prog,
            description=description,
            epilog=epilog,
            allow_abbrev=False,
            formatter_class=argparse.RawDescriptionHelpFormatter,
            **others,  # what a parser hands to its subparsers: from Python 3.14 on, `color`
        )
        self._flags: list[str] = []

    def parse_args(self, *given: Any, **options: Any) -> Any:
        """Parse; where a shell asks for completions instead, answer it and end."""
        if "_ARGCOMPLETE" in os.environ:
            with suppress(ImportError):
                import argcomplete

                argcomplete.autocomplete(self)
        return super().parse_args(*given, **options)

    def add_argument(self, *names: str, **options: Any) -> argparse.Action:
        """Add an argument, and remember its flags for those who mistype them."""
        # argparse adds --help before there is a list.
        self.__dict__.setdefault("_flags", []).extend(name for name in names if name[0] == "-")
        return super().add_argument(*names, **options)

    def add_version(self) -> None:
        """Add `--version`."""
        self.add_argument("--version", action="version", version=f"{self.prog} {version()}")

    def _get_option_tuples(self, option_string: str) -> list[Any]:  # noqa: ARG002
        """Return no candidates for a flag that is not spelt out.

        `allow_abbrev` covers `--epo` only; without this, argparse would take `-epo` for `-epochs`.
        """
        return []

    def _get_values(self, action: argparse.Action, arg_strings: list[str]) -> Any:
        """Return the values of a flag; `--seed=--`, which argparse takes for no value, has none."""
        if action.option_strings and arg_strings == ["--"]:
            self.error(f"argument {'/'.join(action.option_strings)}: got '--', expected a value")
        return super()._get_values(action, arg_strings)

    def error(self, message: str) -> NoReturn:
        """Raise instead of printing the usage, which would bury the one line that matters."""
        hint = ""
        if unknown := re.match(r"unrecognized arguments: (?:[^-]\S* )*(-[^\s=]+)", message):
            hint = self._meant(unknown[1])
        elif wrong := re.search(r"invalid choice: '(.+?)' \(choose from (.+)\)", message):
            hint = did_you_mean(wrong[1], re.findall(r"[^\s,']+", wrong[2]))
        raise UsageError(f"{message}{hint}; see {self.prog} --help")

    def _meant(self, flag: str) -> str:
        other = flag.replace(flag.lstrip("-"), OTHER_NAMES.get(flag.lstrip("-"), ""))
        known = [name for name in self._flags if name not in ("-h", "--help")]
        if other in known:
            return f"; did you mean {other}?"
        return did_you_mean(flag, known)


def version() -> str:
    """Return the installed version of this project."""
    return metadata.version(DISTRIBUTION)


def check_address_space(least: int) -> None:
    """See that libraries get what they reserve: OpenBLAS and XLA end the process where they do not.

    Raises:
        UsageError: `ulimit -v` allows less.
    """
    if (allowed := address_space()) < least:
        raise UsageError(
            f"ulimit -v: got {allowed / 1e9:.2f} GB of address space, expected {least / 1e9:g} GB "
            "or more, which libraries reserve as they load; raise it, or ulimit -v unlimited"
        )


def command(
    program: str,
) -> Callable[[Callable[[Sequence[str]], int | None]], Callable[..., int]]:
    """Make a command's `main(argv=None)` of what it does with its arguments; see `run_command`."""

    def decorated(body: Callable[[Sequence[str]], int | None]) -> Callable[..., int]:
        @wraps(body)
        def main(argv: Sequence[str] | None = None) -> int:
            return run_command(program, body, argv)

        return main

    return decorated


def run_command(
    program: str, body: Callable[[Sequence[str]], int | None], argv: Sequence[str] | None
) -> int:
    """Call `body(argv)` and turn its outcome into an exit code; errors become one line on stderr.

    None for `argv` means `sys.argv[1:]`, and from the body `ExitCode.DONE`; the program's name
    begins the line of an error.
    """
    with safe_streams():
        try:
            with one_interrupt(then_exit=argv is None):
                isolate()
                check_address_space(NUMPY_BYTES)
                if found := obstacle():
                    raise UsageError(found)
                return int(body(sys.argv[1:] if argv is None else argv) or ExitCode.DONE)
        except InterruptionError:  # how to continue has been said when the signal came
            print(f"{program}: interrupted", file=sys.stderr)
            return int(ExitCode.INTERRUPTED)
        except KeyboardInterrupt:
            print(f"\n{program}: interrupted", file=sys.stderr)
            return int(ExitCode.INTERRUPTED)
        except SystemExit as stop:  # argparse ends --help and --version this way
            return stop.code if isinstance(stop.code, int) else int(ExitCode.DONE)
        except Exception as error:
            told, code = _told(error)
            print(f"{program}: error: {told}", file=sys.stderr)
            return int(code)


def _told(error: Exception) -> tuple[str, ExitCode]:
    """Return what a user can do about an error, in one line, and its code; others are raised."""
    match error:
        case CommandError():
            return one_line(error), error.code
        case MemoryError():
            told = TOO_LITTLE_MEMORY
        case RuntimeError() if "RESOURCE_EXHAUSTED" in str(error):  # as JAX says it
            told = TOO_LITTLE_MEMORY
        case RuntimeError() if "can't start new thread" in str(error):
            told = (
                "got no new thread from the system, expected a few; close other programs or raise "
                "ulimit -u"
            )
        case OSError():
            remedy = REMEDIES.get(error.errno or 0, "see that it can be read and written")
            return f"{one_line(error)}; {remedy} and start again", ExitCode.RUN_FOLDER
        case _:
            raise error
    return told, ExitCode.CHECK_FAILED
