"""`hw1-check`: are these numbers right, and if not, what mistake do they look like?"""

import argparse
from collections.abc import Sequence

from experiments.assignment import PARTS, Config
from experiments.checking.questions import compared, configuration
from experiments.checking.values import NAMES, Given, positive, share
from experiments.cli.commands import ExitCode, Parser, UsageError, run_command
from experiments.cli.data_source import SOURCE_HELP, parse_source
from experiments.cli.flags import add_flag, data_source
from experiments.cli.ranges import EPOCHS, FRACTION, RATE, SIZE, Range
from experiments.environment.variables import one_blas_thread, set_jax_variables

PROGRAM = "hw1-check"
MINUTES = Range(0, 10_000, above_low=True)

EXAMPLES = """\
final numbers, as shares or in percent, any of them:
  hw1-check 1.2b --train .5683 --val .4972 --test .5053 --data FILE
the first epochs of what your script printed:
  hw1-check 1.1a --fast LOG --data FILE

Exit code 0 for numbers that are equal or within noise, 1 for others. Nothing
is stored or sent anywhere."""

_HELP = {
    "train": "final training accuracy, such as .5683 or 56.83%%",
    "val": "final validation accuracy",
    "test": "final test accuracy",
    "norm": "final weight norm, such as 4.3443",
    "loss": "final training loss",
    "val_loss": "final validation loss, question 2's",
}


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command; see `experiments.cli.commands.ExitCode` for what is returned."""
    return run_command(PROGRAM, _run, argv)


def _run(argv: Sequence[str]) -> int:
    arguments = _parser().parse_args(argv)
    if arguments.list:
        from experiments.checking.report import listing

        print("\n".join(listing(arguments.question)))
        return ExitCode.DONE
    if arguments.question is None:
        raise UsageError(f"got no question, expected one of {', '.join(PARTS)}; name it first")
    config = _config(arguments)
    given = _given(arguments, config)
    source = data_source(arguments)
    parse_source(source)

    one_blas_thread()
    # As `experiments.q2` has them; both are read as JAX loads.
    set_jax_variables()
    from experiments.checking.session import Asked, check  # NumPy, once the flags are right

    asked = Asked(
        arguments.question,
        config,
        given,
        arguments.fast,
        arguments.epochs,
        arguments.all,
        arguments.minutes,
        arguments.json,
    )
    return check(asked, source)


def _parser() -> Parser:
    parser = Parser(
        PROGRAM, "Compare numbers with the assignment's loop and its usual mistakes.", EXAMPLES
    )
    parser.add_argument("question", choices=tuple(PARTS), nargs="?", help="whose numbers they are")
    for name in NAMES:
        kind = share if name in ("train", "val", "test") else positive
        add_flag(parser, name, type=kind, metavar="X", help=_HELP[name])
    parser.add_argument("--fast", metavar="LOG", help="compare the first epochs of a console log")
    add_flag(
        parser, "epochs", type=EPOCHS, metavar="N", help="compare after N epochs (LOG: up to N, 3)"
    )
    sweeps: list[tuple[str, Range]] = [
        ("learning_rate", RATE),
        ("batch_size", SIZE),
        ("dropout", FRACTION),
        ("momentum", FRACTION),
    ]
    for name, allowed in sweeps:
        add_flag(parser, name, type=allowed, metavar="X", help="which of question 2's runs")
    parser.add_argument("--data", metavar="FILE", action="append", help=SOURCE_HELP)
    parser.add_argument("--all", action="store_true", help="try every variant, agree or not")
    parser.add_argument(
        "--minutes", type=MINUTES, default=10.0, metavar="M", help="question 2: at most (10)"
    )
    parser.add_argument("--list", action="store_true", help="show the question's variants, or all")
    parser.add_argument("--json", action="store_true", help="print JSON")
    parser.add_version()
    return parser


def _config(arguments: argparse.Namespace) -> Config:
    names = ("learning_rate", "batch_size", "dropout", "momentum")
    asked = {name: value for name in names if (value := getattr(arguments, name)) is not None}
    try:
        return configuration(arguments.question, asked)
    except ValueError as error:
        raise UsageError(str(error)) from None


def _given(arguments: argparse.Namespace, config: Config) -> dict[str, Given]:
    given = {name: value for name in NAMES if (value := getattr(arguments, name)) is not None}
    names = compared(config)
    for name in given:
        if name not in names:
            raise UsageError(
                f"--{name}: got it for {arguments.question}, expected some of "
                f"{', '.join(f'--{other}' for other in names)}; drop it"
            )
    if not given and arguments.fast is None:
        raise UsageError(
            "got no numbers, expected some of --train, --val, --test or a log for --fast; "
            f"see {PROGRAM} --help"
        )
    if given and arguments.fast is not None:
        raise UsageError(
            f"--fast: got it with --{next(iter(given))}, expected one of them; drop one"
        )
    return given


if __name__ == "__main__":
    raise SystemExit(main())
