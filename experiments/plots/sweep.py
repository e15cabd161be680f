"""The comparison of a sweep: train and validation losses of its configurations on shared axes."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from experiments.plots.style import (
    SERIES_COLOURS,
    head,
    literal,
    mark_synthetic,
    new_figure,
    plot_by_epoch,
    whole_epochs,
)
from experiments.runs.reader import Run

LINE_STYLES = ("-", "--", "-.", ":")
LOGARITHMIC_FROM = 10.0
"""Losses this many times apart would flatten each other on a linear axis."""


class Band(NamedTuple):
    """A curve over seeds, by epoch; NaN where no seed has a finite value.

    Attributes:
        mean: `[epochs]`.
        deviation: `[epochs]`, the sample standard deviation; 0 where there is one seed.
    """

    mean: np.ndarray
    deviation: np.ndarray


def loss_curves(groups: Sequence[Sequence[Run]], labels: Sequence[str], heading: str) -> Figure:
    """Train losses left, validation losses right, a curve per configuration.

    A curve is the mean over the configuration's seeds, its band one standard deviation to either
    side. Where losses lie far apart the axis is logarithmic.

    Args:
        groups: the runs of each configuration, one per seed.
        labels: what the legend calls each configuration.
        heading: what they share.
    """
    figure, (left, right) = new_figure(1, 2, figsize=(9.6, 4.2), sharey=True)
    seen: list[float] = []
    for axes, keys, name in ((left, ("loss",), "train"), (right, ("val", "loss"), "validation")):
        for number, (runs, label) in enumerate(zip(groups, labels, strict=True)):
            series = [run.series(*keys) for run in runs]
            mean = band(series).mean
            colour = SERIES_COLOURS[number % len(SERIES_COLOURS)]
            line = LINE_STYLES[number % len(LINE_STYLES)]
            plot_by_epoch(axes, mean, label=literal(label), color=colour, linestyle=line)
            shade(axes, series, colour)
            seen.extend(mean[np.isfinite(mean)])
        axes.set_title(f"{name} loss")
        whole_epochs(axes)
    left.set_ylabel("mean loss")
    if seen and max(seen) > LOGARITHMIC_FROM * max(min(seen), 1e-6):
        left.set_yscale("log")
    figure.legend(*left.get_legend_handles_labels(), loc="outside lower center", ncols=2)
    head(figure, heading)
    mark_synthetic(figure, any(run.summary["synthetic"] for runs in groups for run in runs))
    return figure


def band(series: Sequence[Sequence[float | None]]) -> Band:
    """Mean and deviation by epoch over series of several seeds; some may have ended early."""
    curves = np.full((len(series), max(map(len, series))), np.nan)
    for row, values in zip(curves, series, strict=True):
        row[: len(values)] = np.array(values, dtype=float)
    finite = np.isfinite(curves)
    n = finite.sum(axis=0)
    mean = np.where(finite, curves, 0.0).sum(axis=0) / np.maximum(n, 1)
    squares = np.where(finite, curves - mean, 0.0) ** 2
    deviation = np.sqrt(squares.sum(axis=0) / np.maximum(n - 1, 1))
    return Band(np.where(n > 0, mean, np.nan), np.where(n > 0, deviation, np.nan))


def shade(axes: Axes, series: Sequence[Sequence[float | None]], colour: str) -> None:
    """Shade one deviation to either side of the mean, where there are several seeds."""
    if len(series) > 1:
        mean, deviation = band(series)
        epochs = np.arange(1, len(mean) + 1)
        low, high = mean - deviation, mean + deviation
        axes.fill_between(epochs, low, high, color=colour, alpha=0.2, linewidth=0)
