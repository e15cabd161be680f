"""Question 2's programs beside the usual PyTorch script: the rows of the table, and the peak.

Ratios are against PyTorch, with its own threads or with one, whichever is faster. A configuration's
contenders begin from the same first weights, so their losses have to stay near each other.
"""

from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from importlib.util import find_spec
from typing import cast

from benchmarks.flops import layer_sizes, training_flops
from benchmarks.rounds import Row, alternate, compare
from benchmarks.running import Job, Running, start
from benchmarks.tables import print_rows
from experiments.assignment import PARTS
from experiments.cli.errors import CommandError
from experiments.configs.q2 import Q2Config

CONFIGURATIONS = {
    "logistic regression, batch 32": cast(Q2Config, PARTS["2.1"].run(0.001)),
    "mlp, batch 64": cast(Q2Config, PARTS["2.2a"].run(64)),
    "mlp, batch 512": cast(Q2Config, PARTS["2.2a"].run(512)),
    "mlp, batch 1024": cast(Q2Config, PARTS["2.2c"].run(0.0)),
    "mlp, batch 1024, momentum": cast(Q2Config, PARTS["2.2c"].run(0.9)),
}
BASELINES: dict[str, dict[str, str]] = {
    "PyTorch": {},
    "PyTorch, 1 thread": {"OMP_NUM_THREADS": "1"},
}
"""By name, the variables of their processes."""
EPOCHS_PER_TURN = {"logistic_regression": 16, "mlp": 2}
"""As many as take ours about a second."""
FOR_THE_PEAK = ("training", "peak")
PEAK_CONFIGURATION = "mlp, batch 64"

TOLERANCE = {"train": 0.15, "val": 0.2}
"""How far final losses may lie apart, as a share of what the train loss has fallen by.

Orders and dropout masks are each contender's own: five of ours from the same weights lay apart by
.08 at most after five epochs. At batch size 64 half the learning rate made .59, no dropout .36, a
dropout of .5 in place of .3 made .27.
"""


def measure_q2(epochs: int, data: str | None, n_train: int, load: float) -> tuple[list[Row], Row]:
    """Measure and print every configuration.

    Args:
        epochs: how many all contenders are timed for, at least 2, before the pair that counts goes
            on alone.
        data: what `--data` names.
        n_train: its training examples.
        load: the load average before the measurement.

    Returns:
        Rows of `benchmarks.rounds.compare`, with `configuration`, `config`, `first_train_loss` and
        `losses` (`train`, `val`, after the epochs that all contenders had); and the share of the
        peak.

    Raises:
        CommandError: a contender failed, or trains wrongly.
    """
    print("\nquestion 2: an epoch is shuffle, steps, validation")
    baselines = BASELINES if find_spec("torch") else {}
    if not baselines:
        print("PyTorch is left out: not installed (make bench-extras)")
    rows: list[Row] = []
    share: Row = {}
    for configuration, config in CONFIGURATIONS.items():
        with ExitStack() as stack:
            running = _start(stack, config, baselines, data)
            beside = {}
            if configuration == PEAK_CONFIGURATION:
                beside = {name: start(stack, Job(name, (config,), data)) for name in FOR_THE_PEAK}
            alternate([*running.values(), *beside.values()], epochs)
            of_configuration = [
                row | _about(configuration, config, running[row["contender"]], epochs)
                for row in compare(running, list(baselines), "ours", load)
            ]
        print_rows(of_configuration)
        check_losses(of_configuration)
        rows += of_configuration
        if beside:
            share = share_of_peak(config, n_train, beside["training"], beside["peak"])
            _print_share(share)
    return rows, share


def _start(
    stack: ExitStack, config: Q2Config, baselines: Mapping[str, dict[str, str]], data: str | None
) -> dict[str, Running]:
    """Start ours, and the baselines from its first weights."""
    repeats = EPOCHS_PER_TURN[config.model]
    running = {"ours": start(stack, Job("ours", (config,), data, repeats=repeats))}
    weights = running["ours"].weights() if baselines else None
    for name, variables in baselines.items():
        running[name] = start(
            stack, Job("PyTorch", (config,), data, weights=weights, repeats=repeats), variables
        )
    return running


def _about(configuration: str, config: Q2Config, running: Running, rounds: int) -> Row:
    last = running.found[rounds - 1]
    return {
        "configuration": configuration,
        "config": config.as_dict() | {"epochs": rounds * running.job.repeats},
        "losses": {split: last[split][0] for split in ("train", "val")},
        "first_train_loss": running.found[0]["train"][0],
    }


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
    seconds = training.median_seconds
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


def _print_share(share: Row) -> None:
    peaks = share["gflops"]
    print(
        f"  the steps alone: {share['seconds_per_epoch']:.3f} s, "
        f"{share['step_gflops']:.0f} GFLOP/s in products,\n"
        f"  {100 * share['share']:.0f} % of the peak: float32 products reach "
        f"{peaks['numpy']:.0f} GFLOP/s in NumPy, {peaks['jax']:.0f} in JAX",
        flush=True,
    )
