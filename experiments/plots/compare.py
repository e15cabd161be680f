"""Question 1.2's comparison: runs side by side, accuracies and weight norms on common axes."""

from collections.abc import Sequence

from matplotlib.figure import Figure

from experiments.cli.commands import UsageError
from experiments.cli.tables import shortened, text_table
from experiments.plots.q1 import epochs, title
from experiments.plots.style import (
    SERIES_COLOURS,
    SPLIT_STYLES,
    mark_synthetic,
    new_figure,
    percentages,
    whole_epochs,
)
from experiments.runs.reader import Run


def compare(runs: Sequence[Run]) -> Figure:
    """One column per run: accuracies above, weight norms or losses below, with shared axes.

    Raises:
        UsageError: the runs are of different kinds, so that there is nothing to put side by side.
    """
    measure, label = _common_measure(runs)
    figure, axes = new_figure(
        2,
        len(runs),
        figsize=(1.2 + 3.0 * len(runs), 5.2),
        sharex="col",
        sharey="row",
        squeeze=False,
    )
    for column, run in enumerate(runs):
        above, below = axes[:, column]
        for split in ("train", "val"):
            above.plot(
                epochs(run), run.series(split, "accuracy"), label=split, **SPLIT_STYLES[split]
            )
        below.plot(epochs(run), run.series(measure), color=SERIES_COLOURS[-1])
        above.set_title(title(run))
        whole_epochs(below)
    percentages(axes[0, 0].yaxis)
    axes[0, 0].set_ylabel("accuracy")
    axes[1, 0].set_ylabel(label)
    axes[0, 0].legend()
    mark_synthetic(figure, any(run.summary["synthetic"] for run in runs))
    return figure


def table(runs: Sequence[Run]) -> list[str]:
    """Return final accuracies and weight norms, a line per run, in less than 80 columns."""
    rows = []
    for run in runs:
        norm = run.summary["final"].get("weight_norm")
        shares = [f"{run.accuracy(split):.4f}" for split in ("train", "val", "test")]
        name = shortened(title(run, plain=True), 39)
        rows.append([name, *shares, f"{norm:.4f}" if norm else ""])
    return text_table(["run", "train", "val", "test", "W norm"], rows)


def _common_measure(runs: Sequence[Run]) -> tuple[str, str]:
    mlps = [run.summary["model"] == "mlp" for run in runs]
    if all(mlps):
        return "loss", "mean training loss (nats)"
    if not any(mlps):
        return "weight_norm", r"weight norm $\|W\|_F$"
    raise UsageError(
        "compare: got an mlp beside a linear model, expected one kind; compare like with like"
    )
