"""Question 1 on the command line: `hw1-q1 perceptron -epochs 100`, as in the assignment."""

import argparse
from collections.abc import Sequence

from experiments.assignment import examples
from experiments.cli.commands import command
from experiments.cli.errors import UsageError
from experiments.cli.flags import add_run_flags, model_name, seeds
from experiments.cli.parser import Parser
from experiments.cli.streams import quiet
from experiments.configs.q1 import ENGINES, MODELS, Q1Config
from experiments.environment.variables import one_blas_thread
from experiments.training.options import (
    add_hyperparameters,
    given_hyperparameters,
    session_options,
)

PROGRAM = "hw1-q1"

EPILOG = """\
Each run leaves a folder under --out; the last line printed names it."""


@command(PROGRAM)
def main(argv: Sequence[str]) -> None:
    """Train runs of question 1."""
    arguments = _parser().parse_args(argv)
    configs = _configs(arguments)
    options = session_options(PROGRAM, argv, arguments, configs)

    one_blas_thread()
    from experiments.training.q1.session import run_session  # NumPy, once the flags are right

    with quiet(arguments.quiet):
        folders = run_session(configs, options)
    if arguments.quiet:
        print("".join(f"{folder}\n" for folder in folders), end="")


def _parser() -> Parser:
    parser = Parser(
        PROGRAM,
        "Question 1: models from scratch in NumPy, one example at a time.",
        f"{examples(PROGRAM)}\n\n{EPILOG}",
    )
    parser.add_argument(
        "model", type=model_name, choices=MODELS, metavar="MODEL", help=", ".join(MODELS)
    )
    add_hyperparameters(parser, Q1Config("perceptron"))
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
    given = given_hyperparameters(arguments, Q1Config)
    try:
        return [
            Q1Config(arguments.model, **given, seed=seed, engine=arguments.engine)
            for seed in seeds(arguments)
        ]
    except ValueError as error:
        raise UsageError(str(error)) from None


if __name__ == "__main__":
    raise SystemExit(main())
