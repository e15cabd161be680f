"""Figures of question 3, drawn from a run's `curves.json`."""

import json
from pathlib import Path
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.colors import ListedColormap
from matplotlib.figure import Figure

from experiments.plots.descent import descent_by_activation, descent_to_the_minimum
from experiments.plots.question3_theory import draw_decay, draw_fibre
from experiments.plots.style import BLUE, DOTTED, ORANGE, new_figure, save

VERDICTS = ("exactly", "in the limit", "no")
# Light enough for black figures on them, and apart in grey too.
VERDICT_COLOURS = ("#9AD0F5", "#F6E3A1", "#D9D9D9")


def draw_question3(folder: Path, kind: str = "png") -> list[Path]:
    """Draw every figure of question 3 into the run's folder, in this format.

    Raises:
        OSError: `curves.json` is missing, or the folder is not writable.
    """
    curves = json.loads((folder / "curves.json").read_text(encoding="utf-8"))
    figures = {
        "error_against_delta": error_against_delta(curves["error_against_delta"]),
        "same_function": same_function(curves["three_functions"], curves["fit"]),
        "attainability": attainability(curves["attainability"]),
        "descent": descent_to_the_minimum(curves["gradient_descent"]),
        "activations": descent_by_activation(curves["gradient_descent"]),
        "fibre": draw_fibre(),
        "decay": draw_decay(),
    }
    return [save(figure, folder / f"{name}.{kind}") for name, figure in figures.items()]


def error_against_delta(curve: dict[str, Any]) -> Figure:
    """Draw the V of unit rows with its prediction, and the flat line of scaled rows."""
    figure, axes = new_figure(figsize=(5.6, 3.8))
    delta = curve["delta"]
    axes.loglog(delta, curve["unit"], color=ORANGE, label="unit rows, sign fixed")
    axes.loglog(
        delta,
        curve["predicted"],
        color="black",
        linestyle=DOTTED,
        linewidth=1.2,
        label=r"$\delta + \varepsilon\, l_n^2 / (4\delta)$",
    )
    axes.loglog(delta, curve["scaled"], color=BLUE, linewidth=2.2, label="scaled rows")
    axes.axvline(curve["best"], color="#777777", linewidth=0.8)
    axes.annotate(
        r"$\delta = |l_n| \sqrt{\varepsilon}\, / 2$",
        (curve["best"], 2e1),
        xytext=(4, 0),
        textcoords="offset points",
        fontsize=9,
    )
    axes.set(
        xlabel=r"$\delta$, the move of a singular $M$",
        ylabel=r"$|c_\Theta - c|\, /\, |c|$",
        ylim=(1e-17, 1e3),
        title="What singular M costs: rows of size 1, and rows of their own",
    )
    axes.legend(loc="center left", bbox_to_anchor=(0.02, 0.33), fontsize=9)
    return figure


def same_function(three: dict[str, Any], fit: dict[str, Any]) -> Figure:
    """Left: a network, its c . phi and the recovered unit. Right: the same for fitted data."""
    figure, axes = new_figure(
        2, 2, figsize=(7.6, 4.4), sharex="col", gridspec_kw={"height_ratios": (3, 1)}
    )
    _on_top(
        axes[:, 0],
        three["x"],
        {
            "network, K = 6": three["network"],
            r"$c_\Theta \cdot \phi(x)$": three["coefficients"],
            "recovered, K = 1": three["recovered"],
        },
    )
    axes[0, 0].set(title="Six units, one vector, one unit", ylabel="y")
    axes[0, 1].plot(fit["X"], fit["y"], "o", color="#999999", markersize=3, label="data")
    _on_top(
        axes[:, 1],
        fit["x"],
        {
            r"closed form $\hat c \cdot \phi(x)$": fit["closed"],
            "its network, K = 1": fit["network"],
        },
    )
    axes[0, 1].set(title=f"The global minimum, loss {fit['loss']:.4g}")
    axes[1, 0].set_ylabel("difference")
    return figure


def _on_top(axes: "np.ndarray[Any, Any]", x: list[float], curves: dict[str, list[float]]) -> None:
    """Curves that coincide, each thinner than the last; below, their distances from the first."""
    styles = [(BLUE, "-", 6.0), (ORANGE, "-", 2.6), ("black", "--", 1.1)]
    if len(curves) == 2:
        del styles[1]
    first, *_ = curves.values()
    for (label, y), (colour, line, width) in zip(curves.items(), styles, strict=True):
        axes[0].plot(x, y, color=colour, linestyle=line, linewidth=width, label=label)
        if y is not first:
            axes[1].plot(x, np.subtract(y, first), color=colour, linewidth=0.8)
    axes[0].legend(fontsize=8)
    axes[1].set_xlabel("x")
    axes[1].ticklabel_format(axis="y", style="sci", scilimits=(0, 0))


def attainability(curve: dict[str, Any]) -> Figure:
    """For every rank of M and every K: attained exactly, in the limit, or not, and how closely."""
    D = curve["dims"]
    figure, axes = new_figure(1, 2, figsize=(8.0, 4.0), sharey=True)
    for panel, outside in zip(axes, (False, True), strict=True):
        cells = [cell for cell in curve["cells"] if cell["outside"] == outside]
        _map(panel, cells)
        where = "outside" if outside else "in"
        panel.set(title=f"$l$ {where} the range of $M$, D = {D}", xlabel="r, the rank of $M$")
    axes[0].set_ylabel("K, hidden units")
    handles = [
        axes[0].plot([], [], "s", color=colour, markersize=10, label=verdict)[0]
        for verdict, colour in zip(VERDICTS, VERDICT_COLOURS, strict=True)
    ]
    figure.legend(
        handles=handles,
        loc="outside lower center",
        ncols=3,
        title=r"c is attained; in the cell: $\log_{10}$ of the network's $|c_\Theta - c| / |c|$",
    )
    return figure


def _map(axes: Axes, cells: list[dict[str, Any]]) -> None:
    ranks, units = sorted({cell["r"] for cell in cells}), sorted({cell["K"] for cell in cells})
    grid = np.empty((len(units), len(ranks)))
    for cell in cells:
        row, column = units.index(cell["K"]), ranks.index(cell["r"])
        grid[row, column] = VERDICTS.index(cell["verdict"])
        distance = cell["distance"]
        text = f"{np.log10(distance):.1f}" if distance > 0 else "exact"
        axes.text(column, row, text, ha="center", va="center", fontsize=8)
    axes.imshow(
        grid, cmap=ListedColormap(VERDICT_COLOURS), vmin=0, vmax=2, origin="lower", aspect="auto"
    )
    axes.set_xticks(range(len(ranks)), [str(r) for r in ranks])
    axes.set_yticks(range(len(units)), [str(K) for K in units])
    axes.grid(visible=False)
