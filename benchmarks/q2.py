"""Question 2's programs beside the usual PyTorch script: the rows of the table, and the peak.

Ratios are against PyTorch in the same run, with its own threads or with one, whichever is faster.
Each configuration's contenders alternate, epoch by epoch, and begin from the same first weights, so
their losses have to stay near each other.
"""

import statistics
import tempfile
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from benchmarks.flops import layer_sizes, training_flops
from benchmarks.rounds import Job, Running, alternate
from experiments.assignment import PARTS
from experiments.cli.commands import CommandError
from experiments.configs.q2 import Q2Config

Row = dict[str, Any]


def _asked(part: str, value: float) -> Q2Config:
    config = PARTS[part].run(value)
    if not isinstance(config, Q2Config):
        raise TypeError(part)
    return config


CONFIGURATIONS = {
    "logistic regression, batch 32": _asked("2.1", 0.001),
    "mlp, batch 64": _asked("2.2a", 64),
    "mlp, batch 512": _asked("2.2a", 512),
    "mlp, batch 1024": _asked("2.2c", 0.0),
    "mlp, batch 1024, momentum": _asked("2.2c", 0.9),
}
CONTENDERS: dict[str, tuple[str, dict[str, str]]] = {
    "ours": ("ours", {}),
    "PyTorch": ("PyTorch", {}),
    "PyTorch, 1 thread": ("PyTorch", {"OMP_NUM_THREADS": "1"}),
}
"""What each row is called: the kind of contender, and the variables of its process."""
SHORT_EPOCHS = 4
"""Logistic regression's take a tenth of a second, so as many times more are timed."""
FOR_THE_PEAK = ("training", "peak")
PEAK_CONFIGURATION = "mlp, batch 64"

TOLERANCE = {"train": 0.15, "val": 0.2}
"""How far final losses may lie apart, as a share of what the train loss has fallen by.

Orders and dropout masks are each contender's own: five of ours from the same weights lay apart by
.08 at most after five epochs. At batch size 64 half the learning rate made .59, no dropout .36, a
dropout of .5 in place of .3 made .27.
"""


def measure_q2(epochs: int, data: str | None, n_train: int) -> tuple[list[Row], Row]:
    """Measure and print every configuration.

    Args:
        epochs: how many are timed, at least 2.
        data: what `--data` names.
        n_train: its training examples.

    Returns:
        The rows, and the share of the peak.

    Raises:
        CommandError: a contender failed, or trains wrongly.
    """
    print("\nquestion 2: seconds per epoch, training and validation; contenders alternate")
    names = [name for name in CONTENDERS if name == "ours" or find_spec("torch")]
    if len(names) < len(CONTENDERS):
        print("PyTorch is left out: not installed (make bench-extras)")
    rows: list[Row] = []
    share: Row = {}
    for configuration, config in CONFIGURATIONS.items():
        with_peak = FOR_THE_PEAK if configuration == PEAK_CONFIGURATION else []
        rounds = epochs * (SHORT_EPOCHS if config.model == "logistic_regression" else 1)
        running = _run([*names, *with_peak], config, rounds, data)
        of_configuration = [_row(configuration, config, name, running[name]) for name in names]
        _add_ratios(of_configuration)
        _print_rows(configuration, of_configuration)
        check_losses(of_configuration)
        rows += of_configuration
        if with_peak:
            share = share_of_peak(config, n_train, running["training"], running["peak"])
            _print_share(share)
    return rows, share


def _run(
    names: Sequence[str], config: Q2Config, epochs: int, data: str | None
) -> dict[str, Running]:
    with ExitStack() as stack:
        first = Path(stack.enter_context(tempfile.TemporaryDirectory())) / "first.npz"
        running = {}
        for name in names:
            kind, environment = CONTENDERS.get(name, (name, {}))
            job = Job(kind, (config,), data, first_weights=str(first))
            running[name] = stack.enter_context(Running(job, environment))
        alternate(list(running.values()), epochs)
    return running


def _row(configuration: str, config: Q2Config, name: str, running: Running) -> Row:
    return {
        "contender": name,
        "configuration": configuration,
        "config": config.as_dict() | {"epochs": len(running.found)},
        "epochs": len(running.found),
        "seconds_per_epoch": _median_seconds(running),
        "ratio": None,
        "losses": {split: running.found[-1][split][0] for split in ("train", "val")},
        "first_train_loss": running.found[0]["train"][0],
        "peak_mb": running.found[-1]["peak_mb"],
        "compile_seconds": running.ready["compile_seconds"],
        "seconds": [found["seconds"] for found in running.found],
    }


def _add_ratios(rows: Sequence[Row]) -> None:
    torch = [row["seconds_per_epoch"] for row in rows if CONTENDERS[row["contender"]][0] != "ours"]
    for row in rows if torch else ():
        row["ratio"] = min(torch) / row["seconds_per_epoch"]


def _median_seconds(running: Running) -> float:
    return statistics.median(found["seconds"] for found in running.found)


def check_losses(rows: Sequence[Row]) -> None:
    """Refuse the measurement if contenders have not trained alike.

    Raises:
        CommandError: ours has not learned, or another's final losses are too far from ours.
    """
    ours = rows[0]
    fallen = ours["first_train_loss"] - ours["losses"]["train"]
    if not fallen > 0:
        raise CommandError(
            f"{ours['configuration']}: got a train loss that fell by {fallen:.4f}, expected it to "
            "fall; measure more epochs"
        )
    for row in rows[1:]:
        for split, share in TOLERANCE.items():
            apart = abs(row["losses"][split] - ours["losses"][split])
            if not apart <= share * fallen:
                raise CommandError(
                    f"{row['configuration']}: got a {split} loss of {row['losses'][split]:.4f} "
                    f"from {row['contender']}, expected ours, {ours['losses'][split]:.4f}, to "
                    f"{share * fallen:.4f}; one of them trains wrongly and its time says nothing"
                )


def share_of_peak(
    config: Q2Config, n_train: int, training: Running, peak: Running, n_features: int = 6912
) -> Row:
    """Return the share of the peak that the steps of an epoch reach, other work counted as lost.

    The peak is the best of all rounds, of NumPy and JAX; the steps' time is the rounds' median.
    """
    flops = n_train * training_flops(layer_sizes(config, n_features, 6))
    seconds = _median_seconds(training)
    peaks = {name: max(found[name] for found in peak.found) for name in ("numpy", "jax")}
    gflops = flops / seconds / 1e9
    return {
        "gflops": peaks,
        "batch_size": config.batch_size,
        "flops_per_epoch": flops,
        "seconds_per_epoch": seconds,
        "step_gflops": gflops,
        "share": gflops / max(peaks.values()),
    }


def _print_rows(configuration: str, rows: Sequence[Row]) -> None:
    after = f"loss after {rows[0]['epochs']}"
    print(f"\n{configuration:30s}s/epoch   ratio    MB  {after:>15s}  compile s")
    for row in rows:
        ratio = "" if row["ratio"] is None else f"{row['ratio']:.2f}x"
        losses = "/".join(f"{loss:.4f}" for loss in row["losses"].values())
        line = (
            f"  {row['contender']:28s}{row['seconds_per_epoch']:7.3f} {ratio:>7s} "
            f"{row['peak_mb']:5d}  {losses:>15s}  {_compiling(row['compile_seconds'])}"
        )
        print(line.rstrip(), flush=True)


def _compiling(seconds: Mapping[str, float] | None) -> str:
    return "" if seconds is None else f"{seconds['cold']:.1f}/{seconds['cached']:.1f}"


def _print_share(share: Row) -> None:
    peaks = share["gflops"]
    print(
        f"  the steps alone: {share['seconds_per_epoch']:.3f} s, "
        f"{share['step_gflops']:.0f} GFLOP/s in products,\n"
        f"  {100 * share['share']:.0f} % of the peak: float32 products reach "
        f"{peaks['numpy']:.0f} GFLOP/s in NumPy, {peaks['jax']:.0f} in JAX",
        flush=True,
    )
