"""Gradient descent from many starts against the closed form, from `curves.json` (question 3.4)."""

from typing import Any

import numpy as np
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from experiments.plots.style import BLUE, DASHED, ORANGE, new_figure, plain_numbers

# Differences of two losses in float64, a few eps of them, are no differences.
ROUNDING, BOTTOM, TOP = 1e-14, 2e-17, 1e2
NAMES = {"quadratic": "$z(1 - z)$", "relu": "relu", "tanh": "tanh", "sigmoid": "sigmoid"}
ENOUGH: dict[str, Any] = {"color": BLUE, "linestyle": "-"}
LACKING: dict[str, Any] = {"color": ORANGE, "linestyle": DASHED}
CLOSED: dict[str, Any] = {"color": "black", "linestyle": (0, (4, 2))}


def descent_to_the_minimum(curve: dict[str, Any]) -> Figure:
    """For z(1 - z), how far each run is above the closed form's loss, a panel for each K."""
    groups = [group for group in curve["groups"] if group["activation"] == "quadratic"]
    figure, panels = _panels(len(groups), (8.0, 4.1), curve["steps"][-1])
    for axes, group in zip(panels, groups, strict=True):
        for run, enough in zip(_excess(group), group["signs"], strict=True):
            axes.plot(
                curve["steps"],
                np.maximum(run, 4 * BOTTOM),
                linewidth=1.0,
                alpha=0.8,
                **(ENOUGH if enough else LACKING),
            )
        axes.axhspan(BOTTOM, ROUNDING, color="#E6E6E6", linewidth=0)
        arrived, runs = sum(group["arrived"]), len(group["arrived"])
        axes.set(
            yscale="log",
            ylim=(BOTTOM, TOP),
            title=f"K = {group['K']}: {arrived} of {runs} runs reach the minimum",
        )
        axes.text(1.3, 6e-16, "closed form and its network,\nto rounding", fontsize=9, va="center")
    panels[0].set_ylabel(r"loss above the closed form's, $L / \hat L - 1$")
    needed = curve["signs_needed"]
    what = f"{needed['positive']} positive and {needed['negative']} negative $v_i$"
    figure.legend(
        handles=[
            Line2D([], [], label=f"ends with {what} or more", **ENOUGH),
            Line2D([], [], label="ends with fewer of a sign", **LACKING),
        ],
        loc="outside lower center",
        ncols=2,
    )
    return figure


def descent_by_activation(curve: dict[str, Any]) -> Figure:
    """Draw the losses of every run, a panel per activation, at the largest K of z(1 - z)."""
    widest = max(group["K"] for group in curve["groups"])
    groups = [group for group in curve["groups"] if group["K"] == widest]
    figure, panels = _panels(len(groups), (8.6, 3.5), curve["steps"][-1])
    for axes, group in zip(panels, groups, strict=True):
        losses = curve["closed"] * (1 + _excess(group))
        axes.plot(curve["steps"], losses.T, color=BLUE, linewidth=0.8, alpha=0.6)
        own = group["activation"] == "quadratic"
        axes.axhline(curve["closed"], linewidth=1.6 if own else 0.9, **CLOSED)
        axes.set_title(f"{NAMES[group['activation']]}\n{_endings(losses[:, -1])}")
        axes.set_yscale("log")
        plain_numbers(axes.yaxis)
    panels[0].set_ylabel("loss L, half the sum of squares")
    figure.legend(
        handles=[
            Line2D([], [], color=BLUE, label=f"a run, K = {widest}"),
            Line2D([], [], label=r"$\hat L$, the global minimum for $z(1 - z)$", **CLOSED),
        ],
        loc="outside lower center",
        ncols=2,
    )
    return figure


def _panels(
    count: int, size: tuple[float, float], last: int
) -> tuple[Figure, "np.ndarray[Any, Any]"]:
    """Return panels whose steps, up to the last, are on a logarithmic axis that has a 0."""
    figure, (panels,) = new_figure(1, count, figsize=size, sharey=True, sharex=True, squeeze=False)
    ticks = [0] + [10**k for k in range(len(str(last)))]
    for axes in panels:
        axes.set_xscale("symlog", linthresh=1, linscale=0.5)
        axes.set(xlim=(0, last), xlabel="step")
        axes.set_xticks(ticks, [str(tick) for tick in ticks])
    return figure, panels


def _excess(group: dict[str, Any]) -> "np.ndarray[Any, Any]":
    """L / L_hat - 1, `[runs, looks]`; NaN, which is not drawn, where a run has diverged."""
    return np.array(group["excess"], dtype=float)


def _endings(losses: "np.ndarray[Any, Any]") -> str:
    low, high = f"{np.nanmin(losses):.2f}", f"{np.nanmax(losses):.2f}"
    return f"all end at {low}" if low == high else f"ends: {low} to {high}"
