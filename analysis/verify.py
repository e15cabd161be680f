"""Question 3, verified: `python -m analysis.verify` tries every claim and prints a table.

It writes no file. The exit code is 0 where all claims hold, 1 where one fails, 2 for bad usage.
"""

import argparse
import math
import sys
from collections.abc import Iterator, Sequence
from importlib import metadata
from typing import NoReturn

from analysis.checks import count, positive
from analysis.claims import CLAIMS, Claim, Settings
from analysis.claims.base import Source
from analysis.table import HEADER, legend, row, summary

PROGRAM = "python -m analysis.verify"
DESCRIPTION = """\
Try every claim of question 3 on random and on adversarial cases: the network with
activation z(1 - z) as a linear model, its recovery from coefficients, the ranks that
decide what K units can do, and the global minimum in closed form. Prints one line per
claim and writes nothing. About 5 seconds."""
EXIT_CODES = "exit codes: 0 all claims hold, 1 one fails, 2 bad usage, 130 interrupted"


class _Parser(argparse.ArgumentParser):
    """Errors in one line, without the usage before them."""

    def error(self, message: str) -> NoReturn:
        line = " ".join(message.split())
        print(f"{self.prog}: error: {line}; see {self.prog} --help", file=sys.stderr)
        raise SystemExit(2)


def _whole(text: str) -> int:
    try:
        return count("value", int(text))
    except ValueError:
        raise argparse.ArgumentTypeError(
            f"got {text[:40]!r}, expected a whole number from 1 up"
        ) from None


def _seed(text: str) -> int:
    if not (text.isascii() and text.isdigit()):
        raise argparse.ArgumentTypeError(f"got {text[:40]!r}, expected a whole number from 0 up")
    return int(text)


def _eps(text: str) -> float:
    try:
        return positive("value", float(text))
    except ValueError:
        raise argparse.ArgumentTypeError(
            f"got {text[:40]!r}, expected a finite number above 0"
        ) from None


def add_flags(parser: argparse.ArgumentParser) -> None:
    """Add the flags that make up a `Settings`."""
    defaults = Settings()
    add = parser.add_argument
    add("--dims", type=_whole, nargs="+", default=list(defaults.dims), metavar="D",
        help=f"numbers of inputs (default: {' '.join(map(str, defaults.dims))})")  # fmt: skip
    add("--hidden", type=_whole, nargs="+", default=[], metavar="K",
        help="numbers of hidden units (default: around the ranks and D)")  # fmt: skip
    add("--trials", type=_whole, default=defaults.trials, metavar="N",
        help="random draws per kind of case (default: %(default)s)")  # fmt: skip
    add("--seed", type=_seed, default=defaults.seed, metavar="N",
        help="of the random numbers (default: %(default)s)")  # fmt: skip
    add("--eps", type=_eps, default=None, metavar="X",
        help="largest accepted |c_Theta - c| / |c| (default: 1.4e-14 (D + 1))")  # fmt: skip


def settings_from(arguments: argparse.Namespace) -> Settings:
    """Return the settings that parsed flags ask for."""
    return Settings(
        dims=tuple(arguments.dims),
        hidden=tuple(arguments.hidden),
        trials=arguments.trials,
        seed=arguments.seed,
        eps=arguments.eps,
    )


def tried(settings: Settings) -> Iterator[Claim]:
    """Try every claim in turn on the cases that `settings` ask for.

    A claim that is refused what it asks of the analysis fails, with the refusal for a statement.
    """
    for claim in CLAIMS:
        try:
            yield claim(settings)
        except (ValueError, ArithmeticError) as error:  # LinAlgError is a ValueError
            words = " ".join(str(error).split())[:42]
            yield Claim("3.x", claim.__name__, words, 1, math.inf, 0.0, Source.THEOREM)


def print_table(settings: Settings) -> list[Claim]:
    """Try all claims, printing each one's line as it is known; return them."""
    print(HEADER)
    claims = []
    for claim in tried(settings):
        print(row(claim), flush=True)
        claims.append(claim)
    print("\n".join([*legend(), "", summary(claims)]))
    return claims


def main(argv: Sequence[str] | None = None) -> int:
    """Print the table; 0 where every claim holds, 1 where one fails, 2 for bad usage."""
    parser = _Parser(
        prog=PROGRAM,
        description=DESCRIPTION,
        epilog=EXIT_CODES,
        allow_abbrev=False,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    add_flags(parser)
    version = metadata.version("landscapes-hw1")
    parser.add_argument("--version", action="version", version=f"{PROGRAM} {version}")
    try:
        settings = settings_from(parser.parse_args(argv))
        return 0 if all(claim.holds for claim in print_table(settings)) else 1
    except KeyboardInterrupt:
        print(f"\n{PROGRAM}: interrupted", file=sys.stderr)
        return 130
    except SystemExit as stop:
        return stop.code if isinstance(stop.code, int) else 0


if __name__ == "__main__":
    sys.exit(main())
