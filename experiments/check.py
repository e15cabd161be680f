"""`hw1-check`: is this homework right, and if not, what mistake does it look like?"""

import argparse
import json
import sys
from collections.abc import Sequence
from pathlib import Path

from experiments.assignment import PARTS
from experiments.checking.given_numbers import ACCURACIES, MEASURES, positive, share
from experiments.checking.reading.words import SettingName
from experiments.cli.commands import command
from experiments.cli.errors import DataError, ExitCode, UsageError
from experiments.cli.flags import add_flag, data_source
from experiments.cli.parser import Parser
from experiments.cli.ranges import EPOCHS, FRACTION, RATE, SIZE, Range
from experiments.cli.text import printable
from experiments.environment.variables import one_blas_thread, set_jax_variables

PROGRAM = "hw1-check"
MINUTES = Range(0, 10_000, above_low=True)
RUN = Range(1, 10_000, whole=True)
SECONDS = Range(1, 3600)
VARIED: dict[SettingName, Range] = {
    "learning_rate": RATE,
    "batch_size": SIZE,
    "dropout": FRACTION,
    "momentum": FRACTION,
}
"""The hyperparameters that question 2 sweeps over."""

WAYS = """\
Is my homework right? Three ways in:

from the file that your script left, or what it printed, or any final numbers:
  hw1-check --log q1-logistic_regression-results.txt
  hw1-check 1.2b --train .5683 --val .4972 --test .5053
from the first epochs that it printed, and the data that it read:
  hw1-check 1.2b --log LOG --data FILE
from the script itself, step by step, without data and without training:
  hw1-check --script hw1-q1.py

--read FILE shows what is understood of a file, --batch FILE.csv checks many
students at once, --list shows the known mistakes."""
EXAMPLES = f"""\
{WAYS}

--script runs the file's code, in a process and a folder of its own.
Exit code 0: right, equal or within noise; 1: not; 3: not to be read or run.
Only trained numbers are stored, in the cache; nothing is sent anywhere."""

_HELP = {
    "train": "final training accuracy, such as .5683, 56.83%% or 45,97%%",
    "val": "final validation accuracy",
    "test": "final test accuracy",
    "norm": "final weight norm, such as 4.3443",
    "loss": "final training loss",
    "val_loss": "final validation loss, question 2's",
}


@command(PROGRAM)
def main(argv: Sequence[str]) -> int:
    """Check the numbers."""
    if not argv:
        print(WAYS)
        return ExitCode.DONE
    arguments = _parser().parse_args(argv)
    source = data_source(arguments)
    one_blas_thread()
    # As `experiments.q2` has them; both are read as JAX loads.
    set_jax_variables()
    ways = [name for name in ("read", "script", "batch") if getattr(arguments, name) is not None]
    if len(ways) > 1:
        raise UsageError(f"--{ways[0]}: got it with --{ways[1]}, expected one of them; drop one")
    if arguments.list:
        return _list(arguments)
    if arguments.read is not None:
        return _read(arguments)
    if arguments.batch is not None:
        from experiments.checking.batch import check_batch

        return check_batch(arguments.batch, source, arguments.minutes)
    if arguments.script is not None:
        return _script(arguments)
    return _numbers(arguments, source)


def _parser() -> Parser:
    parser = Parser(
        PROGRAM, "Compare a homework with the assignment and its usual mistakes.", EXAMPLES
    )
    parser.add_argument("question", choices=tuple(PARTS), nargs="?", help="whose numbers they are")
    for measure in MEASURES:
        kind = share if measure in ACCURACIES else positive
        add_flag(parser, measure, type=kind, metavar="X", help=_HELP[measure])
    parser.add_argument(
        "--log", "--fast", metavar="FILE", help="a results file, or what a script printed"
    )
    parser.add_argument("--read", metavar="FILE", help="show what is understood of a log")
    parser.add_argument("--script", metavar="FILE", help="step through hw1-q1.py or hw1-q2.py")
    parser.add_argument("--batch", metavar="CSV", help="check a list, a row per student")
    add_flag(
        parser,
        "epochs",
        type=EPOCHS,
        metavar="N",
        help="compare after N epochs; of a log, the first N (default: 3)",
    )
    for name, allowed in VARIED.items():
        add_flag(parser, name, type=allowed, metavar="X", help="which of question 2's runs")
    parser.add_argument("--run", type=RUN, metavar="N", help="which run of a log with several")
    parser.add_argument(
        "--data",
        metavar="FILE",
        action="append",
        help="what the script read: an .npz file, or builtin[:N], the drawn images",
    )
    parser.add_argument("--all", action="store_true", help="try all variants, even if one agrees")
    parser.add_argument(
        "--minutes", type=MINUTES, default=10.0, metavar="M", help="train M minutes at most (10)"
    )
    parser.add_argument(
        "--seconds", type=SECONDS, default=60.0, metavar="S", help="stop a script after S s (60)"
    )
    parser.add_argument("--list", action="store_true", help="show known mistakes, or a question's")
    parser.add_argument("--json", action="store_true", help="print JSON")
    parser.add_version()
    return parser


def _list(arguments: argparse.Namespace) -> int:
    from experiments.checking.report import listing

    print("\n".join(listing(arguments.question)))
    return ExitCode.DONE


def _read(arguments: argparse.Namespace) -> int:
    from experiments.checking.reading.decode import read_text
    from experiments.checking.reading.runs import read_runs
    from experiments.checking.reading.show import as_object, reading_lines

    try:
        reading = read_runs(read_text(Path(arguments.read)))
    except ValueError as error:
        raise DataError(f"{printable(arguments.read)}: {error}") from None
    return _print(arguments, reading_lines(reading), as_object(reading))


def _script(arguments: argparse.Namespace) -> int:
    from experiments.checking.script.run_script import check_script

    found = check_script(Path(arguments.script), arguments.seconds)
    return _print(arguments, found.lines, found.content, found.good)


def _numbers(arguments: argparse.Namespace, source: str | None) -> int:
    from experiments.checking.session import Asked, answer

    given = {name: value for name in MEASURES if (value := getattr(arguments, name)) is not None}
    if not given and arguments.log is None:
        raise UsageError(
            "got no numbers, expected some of --train, --val, --test, or a file for --log; "
            f"see {PROGRAM} --help"
        )
    if given and arguments.log is not None:
        raise UsageError(
            f"--log: got it with --{next(iter(given))}, expected one of them; drop one"
        )
    asked = Asked(
        part=arguments.question,
        given=given,
        log=arguments.log,
        varied={name: v for name in VARIED if (v := getattr(arguments, name)) is not None},
        run=arguments.run,
        epochs=arguments.epochs,
        source=source,
        everything=arguments.all,
        minutes=arguments.minutes,
    )
    found = answer(asked, lambda line: print(line, file=sys.stderr, flush=True))
    return _print(arguments, found.lines, found.content, found.good)


def _print(
    arguments: argparse.Namespace, lines: Sequence[str], content: object, good: bool = True
) -> int:
    print(json.dumps(content, indent=2, allow_nan=False) if arguments.json else "\n".join(lines))
    return ExitCode.DONE if good else ExitCode.CHECK_FAILED


if __name__ == "__main__":
    raise SystemExit(main())
