"""Curves by epoch of configurations over their seeds: a panel each, or all on shared axes."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import NullFormatter

from experiments.plots.style import (
    SERIES_COLOURS,
    SPLIT_STYLES,
    head,
    literal,
    mark_synthetic,
    new_figure,
    percentages,
    plain_numbers,
    plot_by_epoch,
    whole_epochs,
)
from experiments.runs.reader import Run

Labelled = Sequence[tuple[str, Sequence[Run]]]

LINE_STYLES = ("-", "--", "-.", ":")
LOGARITHMIC_FROM = 10.0
"""Losses this many times apart would flatten each other on a linear axis."""


def accuracy_panels(groups: Labelled) -> Figure:
    """Draw train and validation accuracy: the first seed's line, a band of one deviation."""
    figure = _panels(groups, {split: (split, "accuracy") for split in ("train", "val")}, "accuracy")
    for axes in figure.axes:
        percentages(axes.yaxis)
    return figure


def loss_panels(groups: Labelled, apart: int = 0) -> Figure:
    """Draw train and validation loss: the mean over seeds, a band of one deviation.

    Args:
        groups: a panel each.
        apart: how many of the last panels have an axis of their own, as their losses are far off.
    """
    curves = {"train": ("loss",), "val": ("val", "loss")}
    return _panels(groups, curves, "mean loss", means=True, apart=apart)


def train_loss_panels(groups: Labelled) -> Figure:
    """Draw question 1.3's mean training loss, on a logarithmic axis: it begins in the hundreds."""
    figure = _panels(groups, {"train": ("loss",)}, "mean training loss")
    for axes in figure.axes:
        _logarithmic(axes)
    return figure


def norm_curves(groups: Labelled) -> Figure:
    """Draw the weight norms of several configurations on one logarithmic axis."""
    figure, axes = new_figure()
    for k, (label, runs) in enumerate(groups):
        colour = SERIES_COLOURS[3:][k]  # the first three colours are those of the splits
        _curve(axes, runs, ("weight_norm",), label=label, color=colour, linestyle=LINE_STYLES[k])
    _logarithmic(axes)
    whole_epochs(axes)
    axes.set_ylabel(r"weight norm $\|W\|_F$")
    _finish(figure, axes, groups)
    return figure


def loss_curves(groups: Sequence[Sequence[Run]], labels: Sequence[str], heading: str) -> Figure:
    """Draw train losses left, validation losses right, a curve per configuration of a sweep.

    A curve is the mean over the configuration's seeds, its band one standard deviation to either
    side. Where losses lie far apart the axis is logarithmic.

    Args:
        groups: the runs of each configuration, one per seed.
        labels: what the legend calls each configuration.
        heading: what they share.
    """
    figure, (left, right) = new_figure(1, 2, figsize=(9.6, 4.2), sharey=True)
    for axes, keys, name in ((left, ("loss",), "train"), (right, ("val", "loss"), "validation")):
        for number, (runs, label) in enumerate(zip(groups, labels, strict=True)):
            colour = SERIES_COLOURS[number % len(SERIES_COLOURS)]
            line = LINE_STYLES[number % len(LINE_STYLES)]
            _curve(axes, runs, keys, means=True, label=literal(label), color=colour, linestyle=line)
        axes.set_title(f"{name} loss")
        whole_epochs(axes)
    left.set_ylabel("mean loss")
    lines = (*left.lines, *right.lines)
    losses = np.concatenate([np.asarray(line.get_ydata(), float) for line in lines])
    finite = losses[np.isfinite(losses)]
    if finite.size and finite.max() > LOGARITHMIC_FROM * max(finite.min(), 1e-6):
        left.set_yscale("log")
    figure.legend(*left.get_legend_handles_labels(), loc="outside lower center", ncols=2)
    head(figure, heading)
    mark_synthetic(figure, *(run.summary["synthetic"] for runs in groups for run in runs))
    return figure


def band(series: Sequence[Sequence[float | None]]) -> tuple[np.ndarray, np.ndarray]:
    """Return mean and sample deviation by epoch over several seeds, some of which may end early.

    Both are NaN where no seed has a finite value; the deviation is 0 where one has.
    """
    curves = np.full((len(series), max(map(len, series))), np.nan)
    for row, values in zip(curves, series, strict=True):
        row[: len(values)] = np.array(values, dtype=float)
    finite = np.isfinite(curves)
    n = finite.sum(axis=0)
    mean = np.where(finite, curves, 0.0).sum(axis=0) / np.maximum(n, 1)
    squares = np.where(finite, curves - mean, 0.0) ** 2
    deviation = np.sqrt(squares.sum(axis=0) / np.maximum(n - 1, 1))
    return np.where(n > 0, mean, np.nan), np.where(n > 0, deviation, np.nan)


def _panels(
    groups: Labelled,
    curves: Mapping[str, Sequence[str]],
    ylabel: str,
    means: bool = False,
    apart: int = 0,
) -> Figure:
    """Draw the curves of each split, the first seed's or the mean, with a band over the seeds."""
    figure, (panels,) = new_figure(1, len(groups), sharex=True, squeeze=False)
    shared = panels[: len(groups) - apart] if len(groups) > apart else panels
    for axes in shared[1:]:
        axes.sharey(shared[0])
        axes.tick_params(labelleft=False)
    for axes, (label, runs) in zip(panels, groups, strict=True):
        axes.set_title(label)
        whole_epochs(axes)
        for split, keys in curves.items():
            _curve(axes, runs, keys, means, label=split, **SPLIT_STYLES[split])
    panels[0].set_ylabel(ylabel)
    _finish(figure, panels[0], groups)
    return figure


def _curve(
    axes: Axes, runs: Sequence[Run], keys: Sequence[str], means: bool = False, **line: Any
) -> None:
    """Draw the first run's curve or the mean; of several, shade one deviation beside the mean."""
    series = [run.series(*keys) for run in runs]
    mean, deviation = band(series)
    plot_by_epoch(axes, mean if means else series[0], **line)
    if len(series) > 1:
        epochs = np.arange(1, len(mean) + 1)
        low, high = mean - deviation, mean + deviation
        axes.fill_between(epochs, low, high, color=line["color"], alpha=0.2, linewidth=0)


def _logarithmic(axes: Axes) -> None:
    """Label powers of ten and, where there are few of them, numbers between: 0.5, no exponents."""
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
    mark_synthetic(figure, *(run.summary["synthetic"] for _, runs in groups for run in runs))
