"""Question 1's engine beside what one would take instead: the rows of the table.

Ratios are against the plain loop of the same run, with BLAS's own threads or with one, whichever is
faster.
"""

import json
import statistics
import subprocess
import sys
import tempfile
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from benchmarks import child_environment
from experiments.cli.commands import CommandError

MODELS = ("perceptron", "logistic_regression", "logistic_regression, l2", "mlp")
PLAIN = ("plain loop", "plain loop, 1 thread")
CONTENDERS = (*PLAIN, "definition", "engine", "scikit-learn")

Row = dict[str, Any]


def measure_q1(models: list[str], epochs: int, mlp_epochs: int, data: str | None) -> list[Row]:
    """Measure and print every contender on every model, each in a process of its own.

    Args:
        models: of `MODELS`.
        epochs: of the linear models.
        mlp_epochs: of the MLP.
        data: what `--data` names.

    Raises:
        CommandError: a contender failed.
    """
    print("\nquestion 1: seconds per epoch: shuffle, updates, train and validation accuracy")
    contenders = [name for name in CONTENDERS if name != "scikit-learn" or find_spec("sklearn")]
    if len(contenders) < len(CONTENDERS):
        print("scikit-learn is left out: not installed (make bench-extras)")
    rows: list[Row] = []
    for model in models:
        print(f"\n{model:26s} s/epoch   ratio  peak MB  correct train/val  weights agree to")
        rows += _measure_model(model, contenders, mlp_epochs if model == "mlp" else epochs, data)
    return rows


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
    arguments = [contender, model, str(epochs), data or "", str(out)]
    command = [sys.executable, "-m", "benchmarks.q1_child", *arguments]
    done = subprocess.run(  # noqa: S603
        command, capture_output=True, text=True, env=child_environment()
    )
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
    """Return the largest difference of two sets of weights relative to the largest weight."""
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
