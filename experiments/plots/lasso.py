"""The figure of an L1 path: exact zeros and accuracies against lambda."""

from pathlib import Path

from matplotlib.figure import Figure

from experiments.plots.style import (
    SERIES_COLOURS,
    SPLIT_STYLES,
    mark_synthetic,
    new_figure,
    percentages,
    plain_numbers,
    save,
)
from experiments.runs.reader import Run


def draw_path(folder: Path) -> Path:
    """Draw the path into its folder.

    Raises:
        RunFolderError: the folder is not that of a finished path.
    """
    run = Run(folder)
    return save(zeros_and_accuracies(run), folder / "path.png")


def zeros_and_accuracies(run: Run) -> Figure:
    """Share of exact zeros left, train and validation accuracy right, against lambda.

    Raises:
        RunFolderError: the run has no path.
    """
    path = run.l1_path()
    penalties = [point["lambda"] for point in path]
    figure, (left, right) = new_figure(1, 2, figsize=(7.4, 3.2))
    left.plot(penalties, [p["zeros"] for p in path], color=SERIES_COLOURS[-1], marker="o")
    left.set(ylabel="weights exactly zero")
    for split in ("train", "val"):
        values = [p[split]["accuracy"] for p in path]
        right.plot(penalties, values, label=split, marker="o", **SPLIT_STYLES[split])
    right.set(ylabel="accuracy")
    right.legend()
    for axes in (left, right):
        axes.set_xscale("log")
        plain_numbers(axes.xaxis)
        axes.tick_params(axis="x", labelsize=8)
        axes.set_xlabel(r"penalty $\lambda$")
        percentages(axes.yaxis)
    mark_synthetic(figure, run.summary["synthetic"])
    return figure
