"""Figures of one run, drawn from its folder."""

from collections.abc import Mapping, Sequence
from pathlib import Path

from matplotlib.figure import Figure

from experiments.plots.classes import confusion_matrix, templates
from experiments.plots.style import (
    SPLIT_STYLES,
    entitle,
    mark_synthetic,
    new_figure,
    percentages,
    plot_by_epoch,
    save,
    whole_epochs,
)
from experiments.runs.reader import Run
from experiments.runs.titles import title


def draw_run(folder: Path, kind: str = "png") -> list[Path]:
    """Draw every figure that a run of this model has, into its folder.

    Args:
        folder: the run's.
        kind: one of `experiments.cli.flags.FORMATS`.

    Raises:
        RunFolderError: the folder is not that of a finished run.
    """
    run = Run(folder)
    figures = {"accuracy": accuracies(run)}
    if "weight_norm" in run.epochs[-1]:
        figures["weight_norm"] = weight_norm(run)
        figures["templates"] = templates(run)
    if "loss" in run.epochs[-1]:
        figures["loss"] = losses(run)
    figures["confusion"] = confusion_matrix(run)  # last: see `experiments.runs.figures`
    for figure in figures.values():
        mark_synthetic(figure, run.summary["synthetic"])
    return [save(figure, folder / f"{name}.{kind}") for name, figure in figures.items()]


def accuracies(run: Run) -> Figure:
    """Draw validation accuracy by epoch, and train accuracy where the run has it."""
    splits = ["train", "val"] if "train" in run.epochs[-1] else ["val"]
    figure = _curves(run, {split: run.accuracies(split) for split in splits}, "accuracy")
    percentages(figure.axes[0].yaxis)
    figure.axes[0].legend()
    return figure


def losses(run: Run) -> Figure:
    """Draw the mean loss by epoch: of question 2 on train (dropout on) and validation (off).

    That of question 1's MLP begins in the hundreds; a logarithmic axis shows the rest too.
    """
    train = run.series("loss")
    if run.config["command"] == "hw1-q2":
        curves = {"train": train, "val": run.series("val", "loss")}
        figure = _curves(run, curves, "mean loss")
        figure.axes[0].legend()
        return figure
    figure = _curves(run, {"train": train}, "mean training loss")
    finite = [value for value in train if value is not None]
    if finite and max(finite) > 20 * min(finite) > 0:
        figure.axes[0].set_yscale("log")
    return figure


def weight_norm(run: Run) -> Figure:
    """Draw the weights' Frobenius norm, bias included, by epoch (question 1.2c)."""
    return _curves(run, {"train": run.series("weight_norm")}, r"weight norm $\|W\|_F$")


def _curves(run: Run, curves: Mapping[str, Sequence[float | None]], label: str) -> Figure:
    figure, axes = new_figure()
    for split, values in curves.items():
        plot_by_epoch(axes, values, label=split, **SPLIT_STYLES[split])
    axes.set_ylabel(label)
    entitle(axes, title(run))
    whole_epochs(axes)
    return figure
