"""The comparison of a sweep: train and validation losses of its configurations on shared axes."""

from collections.abc import Sequence

import numpy as np
from matplotlib.figure import Figure

from experiments.plots.style import SERIES_COLOURS, new_figure, whole_epochs
from experiments.runs.reader import Run

LINE_STYLES = ("-", "--", "-.", ":")


def loss_curves(groups: Sequence[Sequence[Run]], labels: Sequence[str]) -> Figure:
    """Train losses left, validation losses right, a curve per configuration.

    A curve is the mean over the configuration's seeds, its band one standard deviation to either
    side. Where the curves lie more than tenfold apart the axis is logarithmic.
    """
    figure, (left, right) = new_figure(1, 2, figsize=(9.6, 4.0), sharey=True)
    finals = []
    for axes, keys, name in ((left, ("loss",), "train"), (right, ("val", "loss"), "validation")):
        for i, (runs, label) in enumerate(zip(groups, labels, strict=True)):
            curves = stacked([run.series(*keys) for run in runs])
            finals.extend(curves[np.isfinite(curves)])
            _draw(axes, curves, label, i)
        axes.set_title(f"{name} loss")
        whole_epochs(axes)
    left.set_ylabel("mean loss (nats)")
    if finals and max(finals) > 10 * max(min(finals), 1e-6):
        left.set_yscale("log")
    figure.legend(*left.get_legend_handles_labels(), loc="outside lower center", ncols=2)
    return figure


def stacked(series: Sequence[Sequence[float | None]]) -> np.ndarray:
    """Series of several seeds as rows; epochs that a run has not, or where it diverged, are NaN."""
    curves = np.full((len(series), max(map(len, series))), np.nan)
    for row, values in zip(curves, series, strict=True):
        row[: len(values)] = [np.nan if value is None else value for value in values]
    return curves


def _draw(axes: object, curves: np.ndarray, label: str, i: int) -> None:
    epochs = np.arange(1, curves.shape[1] + 1)
    finite = np.isfinite(curves)
    n = np.maximum(finite.sum(axis=0), 1)
    filled = np.where(finite, curves, 0.0)
    mean = np.where(finite.any(axis=0), filled.sum(axis=0) / n, np.nan)
    spread = np.where(finite, curves - mean, 0.0)
    deviation = np.sqrt((spread**2).sum(axis=0) / np.maximum(n - 1, 1))
    style = {
        "color": SERIES_COLOURS[i % len(SERIES_COLOURS)],
        "linestyle": LINE_STYLES[i % len(LINE_STYLES)],
    }
    marker = {"marker": "o"} if len(epochs) < 3 else {}
    axes.plot(epochs, mean, label=label, **style, **marker)  # type: ignore[attr-defined]
    if len(curves) > 1:
        axes.fill_between(  # type: ignore[attr-defined]
            epochs, mean - deviation, mean + deviation, color=style["color"], alpha=0.2, lw=0
        )
