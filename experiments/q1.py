"""Question 1 on the command line: `hw1-q1 perceptron -epochs 100`, as in the assignment."""

import argparse
from collections.abc import Sequence
from pathlib import Path

from experiments.assignment import examples
from experiments.cli.commands import Parser, UsageError, command
from experiments.cli.data_source import parse_source
from experiments.cli.flags import add_flag, add_run_flags, data_source, model_name, seeds
from experiments.cli.streams import quiet
from experiments.configs.q1 import ENGINES, HYPERPARAMETERS, MODELS, TRAITS, Q1Config
from experiments.environment.variables import one_blas_thread
from experiments.parallel.graceful_stop import to_continue

PROGRAM = "hw1-q1"

EPILOG = """\
Each run leaves a folder under --out; the last line printed names it."""


@command(PROGRAM)
def main(argv: Sequence[str]) -> None:
    """Train the runs."""
    train(argv)


def train(argv: Sequence[str]) -> list[Path]:
    """Do what `hw1-q1` does with these arguments, for commands that run it among others.

    Returns:
        The runs' folders, one per seed.

    Raises:
        CommandError: see `experiments.cli.commands`.
    """
    arguments = _parser().parse_args(argv)
    configs = _configs(arguments)
    source = data_source(arguments)
    parse_source(source)

    one_blas_thread()
    from experiments.training.q1.session import run_session  # NumPy, once the flags are right
    from experiments.training.session import SessionOptions

    options = SessionOptions(
        source,
        arguments.out,
        _notes(arguments),
        arguments.show,
        arguments.resume,
        to_continue(PROGRAM, argv),
        arguments.format,
    )
    with quiet(arguments.quiet):
        folders = run_session(configs, options)
    if arguments.quiet:
        print("".join(f"{folder}\n" for folder in folders), end="")
    return folders


def _parser() -> Parser:
    parser = Parser(
        PROGRAM,
        "Question 1: models from scratch in NumPy, one example at a time.",
        f"{examples(PROGRAM)}\n\n{EPILOG}",
    )
    parser.add_argument(
        "model", type=model_name, choices=MODELS, metavar="MODEL", help=", ".join(MODELS)
    )
    defaults = Q1Config("perceptron")
    for name, (allowed, meaning, _) in HYPERPARAMETERS.items():
        add_flag(
            parser,
            name,
            type=allowed,
            metavar=name[0].upper(),
            help=f"{meaning} (default: {getattr(defaults, name)})",
        )
    parser.add_argument(
        "--engine",
        choices=ENGINES,
        default="block",
        help="block: exact and fast (default); definition: the textbook's loop",
    )
    add_run_flags(parser)
    parser.add_version()
    return parser


def _configs(arguments: argparse.Namespace) -> list[Q1Config]:
    given = {
        name: value for name in HYPERPARAMETERS if (value := getattr(arguments, name)) is not None
    }
    try:
        return [
            Q1Config(arguments.model, **given, seed=seed, engine=arguments.engine)
            for seed in seeds(arguments)
        ]
    except ValueError as error:
        raise UsageError(str(error)) from None


def _notes(arguments: argparse.Namespace) -> list[str]:
    """Return a line for each flag that was given and changes nothing."""
    return [
        f"note: -{name} has no effect on {arguments.model}"
        for name in HYPERPARAMETERS
        if getattr(arguments, name) is not None and name not in TRAITS[arguments.model].effective
    ]


if __name__ == "__main__":
    raise SystemExit(main())
