"""Question 1 on the command line: `hw1-q1 perceptron -epochs 100`, as in the assignment."""

import argparse
from collections.abc import Sequence
from pathlib import Path

from experiments.blas import one_blas_thread
from experiments.commands import Parser, UsageError, run_command
from experiments.data.source import parse_source
from experiments.flags import add_flag, add_run_flags, data_source, seeds
from experiments.interrupt import to_continue
from experiments.q1_config import EFFECTIVE, ENGINES, HYPERPARAMETERS, MODELS, Q1Config

PROGRAM = "hw1-q1"

EXAMPLES = """\
the assignment's commands:
  1.1a  hw1-q1 perceptron -epochs 100
  1.2a  hw1-q1 logistic_regression -epochs 100
  1.2b  hw1-q1 logistic_regression -epochs 100 -l2_penalty 0.01
  1.3   hw1-q1 mlp

Each run leaves a folder under --out; the last line printed names it."""


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command; see `experiments.commands.ExitCode` for what is returned."""
    return run_command(PROGRAM, _run, argv)


def _run(argv: Sequence[str]) -> None:
    train(argv)


def train(argv: Sequence[str]) -> list[Path]:
    """What `hw1-q1` does with these arguments, for commands that run it among others.

    Returns:
        The runs' folders, one per seed.

    Raises:
        CommandError: see `experiments.commands`.
    """
    arguments = _parser().parse_args(argv)
    configs = _configs(arguments)
    source = data_source(arguments)
    parse_source(source)

    one_blas_thread()
    from experiments.q1_session import run_session  # NumPy and Matplotlib, once the flags are right

    return run_session(
        configs,
        source,
        arguments.out,
        _notes(arguments),
        arguments.show,
        resume=arguments.resume,
        to_continue=to_continue(PROGRAM, argv),
    )


def _parser() -> Parser:
    parser = Parser(
        PROGRAM, "Question 1: models from scratch in NumPy, one example at a time.", EXAMPLES
    )
    parser.add_argument("model", choices=MODELS, metavar="MODEL", help=", ".join(MODELS))
    defaults = Q1Config("perceptron")
    for name, (allowed, meaning) in HYPERPARAMETERS.items():
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
    """A line for each flag that was given and changes nothing."""
    return [
        f"note: -{name} has no effect on {arguments.model}"
        for name in HYPERPARAMETERS
        if getattr(arguments, name) is not None and name not in EFFECTIVE[arguments.model]
    ]


if __name__ == "__main__":
    raise SystemExit(main())
