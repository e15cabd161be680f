"""Figures of one run of question 2, drawn from its folder."""

from collections.abc import Sequence
from pathlib import Path

from matplotlib.figure import Figure
from matplotlib.ticker import PercentFormatter

from experiments.plots.style import SPLIT_STYLES, mark_synthetic, new_figure, save, whole_epochs
from experiments.runs.reader import Run


def draw_run(folder: Path) -> list[Path]:
    """Draw every figure of a run into its folder.

    Raises:
        RunFolderError: the folder is not that of a finished run.
    """
    run = Run(folder)
    figures = {"loss": losses(run), "accuracy": accuracy(run)}
    for figure in figures.values():
        mark_synthetic(figure, run.summary["synthetic"])
    return [save(figure, folder / f"{name}.png") for name, figure in figures.items()]


def title(run: Run) -> str:
    """What a figure of this run is headed by: model, batch size, learning rate, seed."""
    config = run.config["config"]
    words = [
        config["model"].replace("_", " "),
        f"batch {config['batch_size']}",
        f"rate {config['learning_rate']:g}",
        f"seed {config['seed']}",
    ]
    return ", ".join(words)


def losses(run: Run) -> Figure:
    """Train loss (dropout on) and validation loss (dropout off) against the epoch."""
    figure, axes = new_figure()
    epochs = [record["epoch"] for record in run.epochs]
    for split, values in (("train", run.series("loss")), ("val", run.series("val", "loss"))):
        axes.plot(epochs, _gaps(values), label=split, **_marked(split, len(values)))
    axes.set(ylabel="mean loss (nats)", title=title(run))
    axes.legend()
    whole_epochs(axes)
    return figure


def accuracy(run: Run) -> Figure:
    """Validation accuracy against the epoch."""
    figure, axes = new_figure()
    values = run.series("val", "accuracy")
    epochs = [record["epoch"] for record in run.epochs]
    axes.plot(epochs, values, label="val", **_marked("val", len(values)))
    axes.yaxis.set_major_formatter(PercentFormatter(1.0, decimals=0))
    axes.set(ylabel="accuracy", title=title(run))
    axes.legend()
    whole_epochs(axes)
    return figure


def _gaps(values: Sequence[float | None]) -> list[float]:
    """Losses that were not finite become gaps in the curve."""
    return [float("nan") if value is None else value for value in values]


def _marked(split: str, n_points: int) -> dict[str, str]:
    """A run of one epoch is a point, which a line alone would not show."""
    return SPLIT_STYLES[split] | ({"marker": "o"} if n_points < 3 else {})
