"""The boundary of every command's `main`: what it guards against, and how errors end it.

This module imports the standard library only, so that a mistyped flag is answered at once.
"""

import sys
from collections.abc import Callable, Sequence
from functools import wraps

from experiments.cli.errors import ExitCode, InterruptionError, UsageError, told
from experiments.cli.interrupts import one_interrupt
from experiments.cli.isolation import NUMPY_BYTES, address_space, isolate, obstacle
from experiments.cli.streams import safe_streams


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
            line, code = told(error)
            print(f"{program}: error: {line}", file=sys.stderr)
            return int(code)
