"""Question 2 on the command line: `hw1-q2 mlp -dropout 0.01 0.25 0.5`, as in the assignment."""

import argparse
import math
import os
from collections.abc import Sequence

from experiments.assignment import examples
from experiments.cli.commands import check_address_space, command, run_command
from experiments.cli.errors import UsageError
from experiments.cli.flags import add_run_flags, model_name, seeds
from experiments.cli.isolation import JAX_BYTES
from experiments.cli.parser import Parser
from experiments.cli.ranges import SIZE
from experiments.cli.streams import quiet
from experiments.configs.q2 import MODELS, Q2Config, expand, varied
from experiments.environment.variables import set_jax_variables
from experiments.process_group.rank import Rank, add_process_flags, find_rank, shared_flags
from experiments.process_group.supervisor import run_supervised
from experiments.training.options import (
    SessionOptions,
    add_hyperparameters,
    given_hyperparameters,
    session_options,
)

PROGRAM = "hw1-q2"

EPILOG = """\
A flag with several values makes a sweep; several such flags, all combinations.
Each run leaves a folder under --out, a sweep one more that compares its runs;
the last lines printed name them.

--data also takes a folder of shards, made by hw1-data shard: images are then
read as they are needed, however many there are."""

MAX_RUNS = 10_000


@command(PROGRAM)
def main(argv: Sequence[str]) -> int | None:
    """Train runs of question 2."""
    arguments = _parser().parse_args(argv)
    configs = _configs(arguments)
    options = session_options(PROGRAM, argv, arguments, configs)
    rank = find_rank(arguments, os.environ)
    check_address_space(JAX_BYTES)

    set_jax_variables()
    if rank.count == 1:
        _train(arguments, configs, options, rank)
        return None
    if not hasattr(os, "fork"):
        raise UsageError("several processes: got Windows, expected Linux or macOS; train in one")
    return run_supervised(
        lambda: run_command(PROGRAM, lambda _: _train(arguments, configs, options, rank), argv),
        rank.count,
    )


def _train(
    arguments: argparse.Namespace, configs: list[Q2Config], options: SessionOptions, rank: Rank
) -> None:
    # JAX and Matplotlib are imported once the flags are right, and where the training runs.
    from experiments.process_group.connect import connected
    from experiments.training.q2.session import run_session

    names = varied(given_hyperparameters(arguments, Q2Config))
    with (
        connected(rank, shared_flags(arguments)) as processes,
        quiet(arguments.quiet),
    ):
        folders = run_session(configs, names, options, arguments.devices, processes)
    if arguments.quiet:
        print("".join(f"{folder}\n" for folder in folders), end="")


def _parser() -> Parser:
    parser = Parser(
        PROGRAM,
        "Question 2: the same landscapes in JAX, Flax and Optax.",
        f"{examples(PROGRAM)}\n\n{EPILOG}",
    )
    parser.add_argument("model", type=model_name, choices=MODELS, help="which model to train")
    add_hyperparameters(parser, Q2Config("mlp"), nargs="+")
    add_run_flags(parser)
    parser.add_argument(
        "--devices",
        type=SIZE,
        metavar="N",
        help="spread runs, then large batches, over N devices (default: all)",
    )
    add_process_flags(parser)
    parser.add_version()
    return parser


def _configs(arguments: argparse.Namespace) -> list[Q2Config]:
    given = given_hyperparameters(arguments, Q2Config)
    asked = seeds(arguments)
    runs = math.prod([len(asked), *(len(set(values)) for values in given.values())])
    if runs > MAX_RUNS:
        raise UsageError(
            f"got flags that make {runs:,} runs, expected at most {MAX_RUNS:,}; split the sweep"
        )
    try:
        return expand(arguments.model, given, asked)
    except ValueError as error:
        raise UsageError(str(error)) from None


if __name__ == "__main__":
    raise SystemExit(main())
