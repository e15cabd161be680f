"""`make bench`: questions 1 and 2 beside what one would take instead, in one run.

Prints tables and writes `bench.json` into `--out`. Its keys, a list or an object empty where it was
not asked for:

date, data, machine, versions
    what was measured on, and with; `machine` has the load of the minute before.
question 1, question 2
    a row for each contender and configuration, see `benchmarks.rounds.compare`, `measure_q1` and
    `measure_q2`. `not_clean` has the reasons for which a ratio is not to be quoted.
peak
    of question 2's steps at batch size 64: `gflops` (`numpy`, `jax`: the best large float32
    product), `flops_per_epoch`, `seconds_per_epoch`, `step_gflops`, `share`.
question 2, more
    with `--more`: rows with `what` and `contender`. "start" has `first_epoch`, `whole` (seconds)
    and `peak_mb`; the others, of a sweep's columns and of runs side by side, `epochs_per_second`.
whole
    with `--whole`: the plain scripts' seconds beside those of `hw1-reproduce`, see
    `benchmarks.whole`.

`python -m benchmarks.markdown` makes the pages' tables of it.
"""

from collections.abc import Sequence
from datetime import date
from importlib.util import find_spec
from typing import Any

from benchmarks.machine import machine, machine_line
from benchmarks.q1 import MODELS, measure_q1
from benchmarks.q2 import measure_q2
from benchmarks.q2_more import measure_more
from benchmarks.rounds import busy
from benchmarks.tables import LEGEND
from benchmarks.whole import measure_whole
from experiments.cli.commands import command
from experiments.cli.data_source import SOURCE_HELP, parse_source
from experiments.cli.errors import UsageError
from experiments.cli.parser import Parser
from experiments.cli.ranges import Range

PROGRAM = "python -m benchmarks"
QUESTIONS = ("1", "2")


@command(PROGRAM)
def main(argv: Sequence[str]) -> None:
    """Measure what is asked for, and write it."""
    found_machine = machine()  # before anything here makes load
    arguments = _parser().parse_args(argv)
    parse_source(arguments.data)
    everything = {*arguments.questions, *arguments.models} == {*QUESTIONS, *MODELS}
    if arguments.whole and not (everything and find_spec("torch")):
        raise UsageError(
            "--whole: expected both questions, all models and PyTorch; leave out --questions and "
            "--models, and install PyTorch (make bench-extras)"
        )

    from experiments.data.load import load
    from experiments.runs.folder import make_parent
    from experiments.runs.json_files import write_json

    data = load(arguments.data)
    path = make_parent(arguments.out) / "bench.json"
    print(f"{'SYNTHETIC data' if data.synthetic else 'data'}: {data.name}, {data.source}")
    print(machine_line(found_machine))
    if busy(found_machine["load"]):
        print("The machine is busy, and programs that wait for all cores suffer most.")
    print(LEGEND)
    measured: dict[str, Any] = {
        "date": date.today().isoformat(),
        "data": {"name": data.name, "sha256": data.sha256, "synthetic": data.synthetic},
        "machine": found_machine,
        "versions": _versions(),
        "question 1": [],
        "question 2": [],
        "peak": {},
        "question 2, more": [],
        "whole": {},
    }
    load_before = found_machine["load"]
    if "1" in arguments.questions:
        measured["question 1"] = measure_q1(
            arguments.models, arguments.epochs, arguments.mlp_epochs, arguments.data, load_before
        )
    if "2" in arguments.questions:
        measured["question 2"], measured["peak"] = measure_q2(
            arguments.q2_epochs, arguments.data, len(data.train), load_before
        )
    write_json(path, measured)  # what is still to come takes long
    if arguments.more:
        measured["question 2, more"] = measure_more(arguments.data)
    if arguments.whole:
        rows = [*measured["question 1"], *measured["question 2"]]
        measured["whole"] = measure_whole(rows, arguments.data, load_before)
    write_json(path, measured)
    print(f"\n{path}")


def _parser() -> Parser:
    parser = Parser(PROGRAM, "Measure questions 1 and 2 beside what one would take instead.")
    parser.add_argument("--data", metavar="FILE", help=SOURCE_HELP)
    parser.add_argument(
        "--questions", nargs="+", choices=QUESTIONS, default=QUESTIONS, metavar="Q", help="1, 2"
    )
    for flag, least, default, what in (
        ("--epochs", 1, 6, "question 1's linear models"),
        ("--mlp-epochs", 1, 2, "question 1's MLP"),
        ("--q2-epochs", 2, 6, "question 2"),
    ):
        parser.add_argument(
            flag,
            type=Range(least, 100, whole=True),
            default=default,
            help=f"of all contenders in {what} (default: {default})",
        )
    parser.add_argument("--models", nargs="+", choices=MODELS, default=MODELS, metavar="MODEL")
    parser.add_argument(
        "--more",
        action="store_true",
        help="question 2's start-up time, sweeps in turn and side by side, two processes",
    )
    parser.add_argument(
        "--whole", action="store_true", help="hw1-reproduce beside the plain scripts' seconds"
    )
    parser.add_argument("--out", default="runs", metavar="DIR", help="default: runs")
    parser.add_version()
    return parser


def _versions() -> dict[str, str]:
    from experiments.environment.provenance import versions

    optional = {"scikit-learn": "sklearn", "torch": "torch"}
    installed = [name for name, module in optional.items() if find_spec(module)]
    return versions("numpy", "jax", "jaxlib", "flax", "optax", *installed)


if __name__ == "__main__":
    raise SystemExit(main())
