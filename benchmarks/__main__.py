"""`make bench`: question 1's engine beside what one would take instead, in one run.

Writes `runs/bench.json` and prints a table. Every figure is seconds per whole epoch: shuffle,
updates, accuracies. Ratios are against the plain loop of the same run, with BLAS's own threads or
with one, whichever is faster.
"""

import json
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from experiments.commands import CommandError, Parser, run_command
from experiments.data.source import SOURCE_HELP, parse_source
from experiments.ranges import Range

PROGRAM = "python -m benchmarks"
MODELS = ("perceptron", "logistic_regression", "logistic_regression, l2", "mlp")
PLAIN = ("plain loop", "plain loop, 1 thread")
CONTENDERS = (*PLAIN, "definition", "engine", "scikit-learn")

Row = dict[str, Any]


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command; see `experiments.commands.ExitCode` for what is returned."""
    return run_command(PROGRAM, _run, argv)


def _run(argv: Sequence[str]) -> None:
    parser = Parser(PROGRAM, "Measure question 1's engine beside what one would take instead.")
    parser.add_argument("--data", metavar="FILE", help=SOURCE_HELP)
    parser.add_argument(
        "--epochs", type=Range(1, 100, whole=True), default=3, help="linear models (default: 3)"
    )
    parser.add_argument(
        "--mlp-epochs", type=Range(1, 100, whole=True), default=2, help="the MLP (default: 2)"
    )
    parser.add_argument("--models", nargs="+", choices=MODELS, default=MODELS, metavar="MODEL")
    parser.add_argument("--out", default="runs", metavar="DIR", help="default: runs")
    parser.add_version()
    arguments = parser.parse_args(argv)
    parse_source(arguments.data)

    from experiments.data.load import load
    from experiments.runs.folder import make_parent, write_json
    from experiments.runs.provenance import machine, versions

    data = load(arguments.data)
    out = make_parent(arguments.out)
    print(f"{'SYNTHETIC data' if data.synthetic else 'data'}: {data.name}, {data.source}")
    print("seconds per whole epoch: shuffle, updates, train and validation accuracy")
    contenders = [name for name in CONTENDERS if name != "scikit-learn" or find_spec("sklearn")]
    if len(contenders) < len(CONTENDERS):
        print("scikit-learn is left out: not installed (make bench-extras)")
    rows: list[Row] = []
    for model in arguments.models:
        epochs = arguments.mlp_epochs if model == "mlp" else arguments.epochs
        print(f"\n{model:26s} s/epoch   ratio  peak MB  correct train/val  weights agree to")
        of_model = _measure_model(model, contenders, epochs, arguments.data)
        rows += of_model
    measured_with = versions("numpy") | (versions("scikit-learn") if find_spec("sklearn") else {})
    write_json(
        out / "bench.json",
        {
            "data": {"name": data.name, "sha256": data.sha256, "synthetic": data.synthetic},
            "machine": machine(),
            "versions": measured_with,
            "question 1": rows,
        },
    )
    print(f"\n{out / 'bench.json'}")


def _measure_model(model: str, contenders: list[str], epochs: int, data: str | None) -> list[Row]:
    import numpy as np

    rows: list[Row] = []
    with tempfile.TemporaryDirectory() as scratch:
        weights: dict[str, dict[str, Any]] = {}
        for contender in contenders:
            out = Path(scratch) / f"{contender}.npz"
            row = _measure(contender, model, epochs, data, out)
            with np.load(out) as arrays:
                weights[contender] = dict(arrays)
            rows.append(row)
            plain = min(r["seconds_per_epoch"] for r in rows if r["contender"] in PLAIN)
            row["ratio"] = plain / row["seconds_per_epoch"]
            row["agreement"] = _agreement(weights[contender], weights["plain loop"])
            _print_row(row)
    return rows


def _measure(contender: str, model: str, epochs: int, data: str | None, out: Path) -> Row:
    command = [sys.executable, "-m", "benchmarks.child", contender, model, str(epochs), data or ""]
    done = subprocess.run([*command, str(out)], capture_output=True, text=True)  # noqa: S603
    if done.returncode:
        raise CommandError(f"{contender}, {model}: {done.stderr[-300:] or 'ended'}")
    found = json.loads(done.stdout.splitlines()[-1])
    return {
        "contender": contender,
        "model": model,
        "epochs": epochs,
        "seconds_per_epoch": statistics.median(found["seconds"]),
        **found,
    }


def _agreement(ours: dict[str, Any], theirs: dict[str, Any]) -> float | None:
    """The largest difference of two sets of weights relative to the largest weight."""
    if not ours:
        return None
    largest = max(float(abs(w).max()) for w in theirs.values())
    return max(float(abs(ours[name] - w).max()) for name, w in theirs.items()) / largest


def _print_row(row: Row) -> None:
    agreement = "" if row["agreement"] is None else f"{row['agreement']:.1e}"
    counts = "/".join(map(str, row["correct"]))
    print(
        f"  {row['contender']:24s} {row['seconds_per_epoch']:7.3f} {row['ratio']:6.2f}x "
        f"{row['peak_mb']:8d}  {counts:>17s}  {agreement:>8s}",
        flush=True,
    )


if __name__ == "__main__":
    raise SystemExit(main())
