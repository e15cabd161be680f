"""Curves by epoch of configurations over their seeds, a panel each: the report's figures."""

from collections.abc import Sequence
from typing import Any

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import NullFormatter

from experiments.plots.style import (
    SERIES_COLOURS,
    SPLIT_STYLES,
    mark_synthetic,
    new_figure,
    percentages,
    plain_numbers,
    plot_by_epoch,
    whole_epochs,
)
from experiments.plots.sweep import LINE_STYLES, band, shade
from experiments.runs.reader import Run

Labelled = Sequence[tuple[str, Sequence[Run]]]


def accuracy_panels(groups: Labelled) -> Figure:
    """Draw train and validation accuracy: the first seed's line, a band of one deviation."""
    figure, panels = _panels(groups)
    for axes, (_, runs) in zip(panels, groups, strict=True):
        for split in ("train", "val"):
            series = [run.accuracies(split) for run in runs]
            _curve(axes, split, series, series[0])
        percentages(axes.yaxis)
    panels[0].set_ylabel("accuracy")
    _finish(figure, panels[0], groups)
    return figure


def loss_panels(groups: Labelled, apart: int = 0) -> Figure:
    """Draw train and validation loss: the mean over seeds, a band of one deviation.

    Args:
        groups: a panel each.
        apart: how many of the last panels have an axis of their own, as their losses are far off.
    """
    figure, panels = _panels(groups, apart)
    for axes, (_, runs) in zip(panels, groups, strict=True):
        for split, keys in (("train", ("loss",)), ("val", ("val", "loss"))):
            series = [run.series(*keys) for run in runs]
            _curve(axes, split, series, band(series).mean)
    panels[0].set_ylabel("mean loss")
    _finish(figure, panels[0], groups)
    return figure


def train_loss(runs: Sequence[Run]) -> Figure:
    """Draw question 1.3's mean training loss, on a logarithmic axis: it begins in the hundreds."""
    groups = [("", runs)]
    figure, (axes,) = _panels(groups)
    series = [run.series("loss") for run in runs]
    _curve(axes, "train", series, series[0])
    _logarithmic(axes)
    axes.set_ylabel("mean training loss")
    _finish(figure, axes, groups)
    return figure


def norm_curves(groups: Labelled) -> Figure:
    """Draw the weight norms of several configurations on one logarithmic axis."""
    figure, axes = new_figure()
    for k, (label, runs) in enumerate(groups):
        series = [run.series("weight_norm") for run in runs]
        colour = SERIES_COLOURS[3:][k]  # the first three colours are those of the splits
        plot_by_epoch(axes, series[0], label=label, color=colour, linestyle=LINE_STYLES[k])
        shade(axes, series, colour)
    _logarithmic(axes)
    whole_epochs(axes)
    axes.set_ylabel(r"weight norm $\|W\|_F$")
    _finish(figure, axes, groups)
    return figure


def _panels(groups: Labelled, apart: int = 0) -> tuple[Figure, Sequence[Axes]]:
    figure, (panels,) = new_figure(1, len(groups), sharex=True, squeeze=False)
    shared = panels[: len(groups) - apart] if len(groups) > apart else panels
    for axes in shared[1:]:
        axes.sharey(shared[0])
        axes.tick_params(labelleft=False)
    for axes, (label, _) in zip(panels, groups, strict=True):
        axes.set_title(label)
        whole_epochs(axes)
    return figure, list(panels)


def _curve(axes: Axes, split: str, series: Sequence[Any], shown: Any) -> None:
    """Draw a split's curve, and a band over its seeds."""
    plot_by_epoch(axes, shown, label=split, **SPLIT_STYLES[split])
    shade(axes, series, SPLIT_STYLES[split]["color"])


def _logarithmic(axes: Axes) -> None:
    """Powers of ten and, where there are few of them, numbers between; no exponents for 0.5."""
    axes.set_yscale("log")
    low, high = axes.get_ylim()
    if high < 100 * low:
        between = (1.0, 2.0, 5.0) if high > 6 * low else (1.0, 1.5, 2.0, 3.0, 4.0, 5.0, 6.0, 8.0)
        plain_numbers(axes.yaxis, between)
    else:
        axes.yaxis.set_minor_formatter(NullFormatter())


def _finish(figure: Figure, axes: Axes, groups: Labelled) -> None:
    """Add a legend where there is more than one kind of line, and the mark of drawn data."""
    handles, labels = axes.get_legend_handles_labels()
    if len(labels) > 1:
        figure.legend(handles, labels, loc="outside lower center", ncols=4)
    mark_synthetic(figure, any(run.summary["synthetic"] for _, runs in groups for run in runs))
