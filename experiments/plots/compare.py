"""Question 1's comparison: runs side by side, accuracies and weight norms on common axes."""

from collections.abc import Sequence

import numpy as np
from matplotlib.figure import Figure

from experiments.cli.commands import UsageError
from experiments.cli.tables import text_table
from experiments.cli.text import wrap_phrases
from experiments.plots.q1 import epochs, marked
from experiments.plots.style import (
    SERIES_COLOURS,
    entitle,
    mark_panel,
    new_figure,
    percentages,
    whole_epochs,
)
from experiments.runs.reader import Run

COLUMNS = 4
LABEL_WIDTH = 42


def compare(runs: Sequence[Run], labels: Sequence[str], heading: str) -> Figure:
    """One column per run: accuracies above, weight norms or losses below, with shared axes.

    From the fifth run on there are more such rows of panels below.

    Args:
        runs: of one kind.
        labels: what tells each from the others.
        heading: what they share.

    Raises:
        UsageError: the runs are of different kinds, so that there is nothing to put side by side.
    """
    measure, measured = _common_measure(runs)
    columns, bands = min(len(runs), COLUMNS), -(-len(runs) // COLUMNS)
    figure, axes = new_figure(
        2 * bands, columns, figsize=(1.2 + 3.0 * columns, 5.2 * bands), squeeze=False
    )
    for place in range(len(runs), bands * columns):
        for row in (-2, -1):
            axes[row, place % columns].remove()
    for place, (run, label) in enumerate(zip(runs, labels, strict=True)):
        band, column = divmod(place, columns)
        above, below = axes[2 * band, column], axes[2 * band + 1, column]
        if place:
            above.sharey(axes[0, 0])
            below.sharey(axes[1, 0])
        below.sharex(above)
        for split in ("train", "val"):
            shares = run.accuracies(split)
            above.plot(epochs(run), shares, label=split, **marked(split, len(shares)))
        series = run.series(measure)
        marker = "o" if len(series) < 3 else None
        below.plot(epochs(run), np.array(series, float), color=SERIES_COLOURS[-1], marker=marker)
        entitle(above, label, 34)
        mark_panel(above, run.summary["synthetic"])
        whole_epochs(below)
        above.tick_params(labelbottom=False, labelleft=not column)
        below.tick_params(labelleft=not column)
        if not column:
            percentages(above.yaxis)
            above.set_ylabel("accuracy")
            below.set_ylabel(measured)
    axes[0, 0].legend()
    figure.suptitle(heading, x=0.01, ha="left", fontsize=10, parse_math=False)
    return figure


def table(runs: Sequence[Run], labels: Sequence[str]) -> list[str]:
    """Return final accuracies and weight norms, a row per run, in less than 80 columns."""
    rows = []
    for run, label in zip(runs, labels, strict=True):
        norm = run.summary["final"].get("weight_norm")
        shares = [f"{run.accuracy(split):.4f}" for split in ("train", "val", "test")]
        rows.append([wrap_phrases(label, LABEL_WIDTH), *shares, f"{norm:.4f}" if norm else ""])
    return text_table(["run", "train", "val", "test", "W norm"], rows)


def _common_measure(runs: Sequence[Run]) -> tuple[str, str]:
    mlps = [run.summary["model"] == "mlp" for run in runs]
    if all(mlps):
        return "loss", "mean training loss"
    if not any(mlps):
        return "weight_norm", r"weight norm $\|W\|_F$"
    raise UsageError(
        "compare: got an mlp beside a linear model, expected one kind; compare like with like"
    )
