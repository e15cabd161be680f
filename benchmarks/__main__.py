"""`make bench`: questions 1 and 2 beside what one would take instead, in one run.

Prints tables and writes `bench.json` into `--out`. Its keys, a list empty where it was not asked
for:

data, machine, load_before, versions
    what was measured on, and with; the load is the average over the minute before.
question 1
    a row for each contender and model: `contender`, `model`, `epochs`, `seconds_per_epoch` (the
    median of `seconds`), `ratio` (to the plain loop), `peak_mb`, `correct` (train, validation),
    `agreement` (of the weights with the plain loop's).
question 2
    a row for each contender ("ours", "PyTorch", "PyTorch, 1 thread") and configuration:
    `contender`, `configuration`, `config`, `epochs`, `seconds_per_epoch` (the median of
    `seconds`), `ratio` (the faster PyTorch's time over this one's; null without PyTorch), `losses`
    (`train`, `val`, after the last epoch), `first_train_loss`, `peak_mb`, `compile_seconds`
    (`cold`, `cached`; null for PyTorch).
peak
    of question 2's steps at batch size 64: `gflops` (`numpy`, `jax`: the best large float32
    product), `flops_per_epoch`, `seconds_per_epoch`, `step_gflops`, `share`. Empty without
    question 2.
question 2, more
    with `--more`: rows with `what` and `contender`. "start" has `first_epoch`, `whole` (seconds)
    and `peak_mb`; the others, of a sweep's columns and of runs side by side, `epochs_per_second`.
"""

import os
from collections.abc import Sequence
from importlib.util import find_spec
from typing import Any

from benchmarks.q1 import MODELS, measure_q1
from benchmarks.q2 import measure_q2
from benchmarks.q2_more import measure_more
from experiments.cli.commands import Parser, run_command
from experiments.cli.data_source import SOURCE_HELP, parse_source
from experiments.cli.ranges import Range

PROGRAM = "python -m benchmarks"
QUESTIONS = ("1", "2")


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command; see `experiments.cli.commands.ExitCode` for what is returned."""
    return run_command(PROGRAM, _run, argv)


def _run(argv: Sequence[str]) -> None:
    arguments = _parser().parse_args(argv)
    parse_source(arguments.data)

    from experiments.data.load import load
    from experiments.environment.provenance import cores, machine
    from experiments.runs.folder import make_parent
    from experiments.runs.json_files import write_json

    data = load(arguments.data)
    out = make_parent(arguments.out)
    print(f"{'SYNTHETIC data' if data.synthetic else 'data'}: {data.name}, {data.source}")
    load_before = os.getloadavg()[0]
    if load_before > cores() / 4:
        print(f"the machine is busy: a load of {load_before:.1f} on {cores()} cores. Programs that")
        print("wait for all cores suffer most, so the ratios say little")
    measured: dict[str, Any] = {"question 1": [], "question 2": [], "peak": {}}
    if "1" in arguments.questions:
        measured["question 1"] = measure_q1(
            arguments.models, arguments.epochs, arguments.mlp_epochs, arguments.data
        )
    if "2" in arguments.questions:
        measured["question 2"], measured["peak"] = measure_q2(
            arguments.q2_epochs, arguments.data, len(data.train)
        )
    measured["question 2, more"] = measure_more(arguments.data) if arguments.more else []
    write_json(
        out / "bench.json",
        {
            "data": {"name": data.name, "sha256": data.sha256, "synthetic": data.synthetic},
            "machine": machine(),
            "load_before": load_before,
            "versions": _versions(),
            **measured,
        },
    )
    print(f"\n{out / 'bench.json'}")


def _parser() -> Parser:
    parser = Parser(PROGRAM, "Measure questions 1 and 2 beside what one would take instead.")
    parser.add_argument("--data", metavar="FILE", help=SOURCE_HELP)
    parser.add_argument(
        "--questions", nargs="+", choices=QUESTIONS, default=QUESTIONS, metavar="Q", help="1, 2"
    )
    for flag, least, default, what in (
        ("--epochs", 1, 3, "question 1's linear models"),
        ("--mlp-epochs", 1, 2, "question 1's MLP"),
        ("--q2-epochs", 2, 5, "question 2"),
    ):
        parser.add_argument(
            flag,
            type=Range(least, 100, whole=True),
            default=default,
            help=f"{what} (default: {default})",
        )
    parser.add_argument("--models", nargs="+", choices=MODELS, default=MODELS, metavar="MODEL")
    parser.add_argument(
        "--more",
        action="store_true",
        help="question 2's start-up time, sweeps in turn and side by side, two processes",
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
