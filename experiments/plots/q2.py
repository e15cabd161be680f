"""Figures of one run of question 2, drawn from its folder."""

from collections.abc import Sequence
from pathlib import Path

from matplotlib.figure import Figure

from experiments.plots.q1 import confusion_matrix, epochs, marked
from experiments.plots.style import (
    entitle,
    mark_synthetic,
    new_figure,
    percentages,
    save,
    whole_epochs,
)
from experiments.runs.reader import Run
from experiments.runs.titles import title


def draw_run(folder: Path) -> list[Path]:
    """Draw every figure of a run into its folder.

    Raises:
        RunFolderError: the folder is not that of a finished run.
    """
    run = Run(folder)
    figures = {
        "loss": losses(run),
        "accuracy": accuracy(run),
        "confusion": confusion_matrix(run),
    }
    for figure in figures.values():
        mark_synthetic(figure, run.summary["synthetic"])
    return [save(figure, folder / f"{name}.png") for name, figure in figures.items()]


def losses(run: Run) -> Figure:
    """Train loss (while training, dropout on) and validation loss (dropout off) by epoch."""
    figure, axes = new_figure()
    for split, values in (("train", run.series("loss")), ("val", run.series("val", "loss"))):
        axes.plot(epochs(run), with_gaps(values), label=split, **marked(split, len(values)))
    axes.set_ylabel("mean loss")
    entitle(axes, title(run))
    axes.legend()
    whole_epochs(axes)
    return figure


def accuracy(run: Run) -> Figure:
    """Draw validation accuracy by epoch."""
    figure, axes = new_figure()
    values = run.accuracies("val")
    axes.plot(epochs(run), values, label="val", **marked("val", len(values)))
    percentages(axes.yaxis)
    axes.set_ylabel("accuracy")
    entitle(axes, title(run))
    axes.legend()
    whole_epochs(axes)
    return figure


def with_gaps(values: Sequence[float | None]) -> list[float]:
    """Losses that were not finite as NaN, a gap in the curve."""
    return [float("nan") if value is None else value for value in values]
