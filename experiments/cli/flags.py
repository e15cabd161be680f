"""Flags in the assignment's style and the usual one: `-l2_penalty`, `--l2_penalty`, `--l2-penalty`.

Standard library only, so that a mistyped flag is answered before NumPy loads.
"""

import argparse
from typing import Any

from experiments.cli.data_source import SOURCE_HELP, default_source, parse_source
from experiments.cli.errors import UsageError
from experiments.cli.ranges import SEED, SEEDS

FORMATS = ("png", "svg", "pdf")


def add_flag(parser: argparse.ArgumentParser, name: str, **options: Any) -> None:
    """Add a flag that is understood in the assignment's spelling and in the usual ones."""
    spellings = [f"-{name}", f"--{name}"]
    if "_" in name:
        spellings.append(f"--{name.replace('_', '-')}")
    parser.add_argument(*spellings, dest=name, **options)


def model_name(text: str) -> str:
    """Return a model's name as configurations have it: `logistic-regression` is meant too."""
    return text.replace("-", "_")


def add_run_flags(parser: argparse.ArgumentParser) -> None:
    """Add what every training command has: data, seeds, where to write, whether to show."""
    parser.add_argument(
        "--data",
        "-data_path",
        "--data_path",
        "--data-path",
        dest="data",
        metavar="FILE",
        action="append",
        help=SOURCE_HELP,
    )
    add_seeds(parser, "train N runs, with the seeds")
    parser.add_argument(
        "--out", default="runs", metavar="DIR", help="parent of the run's folder (default: runs)"
    )
    parser.add_argument(
        "--resume",
        action="store_true",
        help="continue the unfinished run of this same command under --out; keep finished ones",
    )
    add_format(parser)
    add_quiet(parser, "print the folders alone")
    parser.add_argument(
        "--show", action="store_true", help="open the figures when done; they are saved anyway"
    )


def add_seeds(parser: argparse.ArgumentParser, what: str) -> None:
    """Add `--seed` and `--seeds`, which `seeds` reads."""
    parser.add_argument("--seed", type=SEED, default=42, metavar="S", help="default: 42")
    parser.add_argument(
        "--seeds",
        type=SEEDS,
        default=1,
        metavar="N",
        help=f"{what} S to S + N - 1 (default: 1)",
    )


def add_format(parser: argparse.ArgumentParser) -> None:
    """Add `--format` of the figures."""
    parser.add_argument(
        "--format",
        choices=FORMATS,
        default=FORMATS[0],
        help="of figures: png, or the vector formats svg and pdf (default: png)",
    )


def add_quiet(parser: argparse.ArgumentParser, what: str) -> None:
    """Add `--quiet`; errors and, on a terminal, the progress bar still go to stderr."""
    parser.add_argument("--quiet", action="store_true", help=what)


def data_source(arguments: argparse.Namespace) -> str | None:
    """Return what `--data` or `-data_path` names, else `$HW1_DATA`, else None, the built-in one.

    Raises:
        UsageError: they name two different ones, or built-in data of no size.
    """
    named: list[str] = arguments.data or []
    if len(set(named)) > 1:
        raise UsageError(f"--data: got {' and '.join(named)}, expected one data set; drop the rest")
    source = named[0] if named else default_source()
    parse_source(source)
    return source


def seeds(arguments: argparse.Namespace) -> range:
    """Return the seeds that `--seed` and `--seeds` ask for.

    Raises:
        UsageError: the last of them is no seed.
    """
    asked = range(arguments.seed, arguments.seed + arguments.seeds)
    if not SEED.holds(asked[-1]):
        raise UsageError(
            f"--seeds: got seeds up to {asked[-1]}, expected each to be {SEED.expected}; "
            "take a smaller --seed or --seeds"
        )
    return asked
