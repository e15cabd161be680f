"""Figures of question 3's theorems: the networks with one c, and what weight decay does to M."""

from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from experiments.plots.style import BLUE, DASHED, DOTTED, ORANGE, SERIES_COLOURS, new_figure

Array = Any
DECAY_CONSTANT = 3 * 2 ** (-2 / 3)
DECAY_STRENGTH = 0.3
"""What multiplies v^2 + w^2, and the ridge penalty lambda^2, in the right-hand panel."""
LINES = ("-", DASHED)
COLOURS, WIDTHS = ("black", *SERIES_COLOURS[:3]), (2.4, 1.5, 1.5, 1.5)
FIRST_EIGENVECTOR = 0.45
"""The angle of M's first eigenvector."""


def rotation(angle: float) -> Array:
    """Return the rotation of the plane by an angle."""
    c, s = np.cos(angle), np.sin(angle)
    return np.array([[c, -s], [s, c]])


def _boost(angle: float) -> Array:
    """Return the hyperbolic rotation, which keeps x^2 - y^2."""
    c, s = np.cosh(angle), np.sinh(angle)
    return np.array([[c, s], [s, c]])


FIBRES = (
    (np.array([-1.5, -0.5]), [rotation(angle) for angle in (0.6, -0.7, -1.4)]),
    (np.array([-1.5, 0.5]), [_boost(angle) for angle in (0.6, -0.5, -1.0)]),
)
"""The eigenvalues of M in each panel, and what W is multiplied by."""


def draw_fibre() -> Figure:
    """Draw networks of two units with one c: pairs of rows turned by a rotation and by a boost.

    With v = +-1 and J = diag(v), W' J W = -M is left alone by W -> R W where R' J R = J: by
    rotations where v has one sign, by hyperbolic ones where it has both.
    """
    figure, panels = new_figure(1, 2, figsize=(8.0, 3.7), sharey=True)
    for axes, (lam, moves) in zip(panels, FIBRES, strict=True):
        _pairs(axes, lam, moves)
    panels[0].set_title("$v = (1, 1)$: rotations")
    panels[1].set_title("$v = (1, -1)$: hyperbolic rotations")
    panels[1].set_ylabel("")
    figure.legend(
        handles=[
            Line2D([], [], color="black", linewidth=2.2, label="rows along eigenvectors of $M$"),
            Line2D([], [], color=BLUE, label="$w_1$, other pairs with the same $c$"),
            Line2D([], [], color=BLUE, linestyle=DASHED, label="$w_2$"),
        ],
        loc="outside lower center",
        ncols=3,
    )
    return figure


def _pairs(axes: Axes, lam: Array, moves: list[Array]) -> None:
    """Draw the curves that w_1 and w_2 lie on for one M = Q diag(lam) Q', and some pairs."""
    v = -np.sign(lam)
    Q = rotation(FIRST_EIGENVECTOR)
    rows = np.sqrt(np.abs(lam))[:, None] * Q.T
    x, y = np.meshgrid(np.linspace(-2.2, 2.2, 401), np.linspace(-1.4, 1.6, 301))
    points = np.stack([x, y], axis=-1)
    form = np.sum((points @ np.linalg.inv((Q * lam) @ Q.T)) * points, axis=-1)
    for i, sign in enumerate(v):
        axes.contour(x, y, form, levels=[-sign], colors="#999999", linestyles=[LINES[i]])
    for move, colour, width in zip([np.eye(2), *moves], COLOURS, WIDTHS, strict=True):
        for w, line in zip(move @ rows, LINES, strict=True):
            axes.plot([0, w[0]], [0, w[1]], color=colour, linestyle=line, linewidth=width)
            axes.plot(*w, "o", color=colour, markersize=5)
    axes.set(xlim=(-2.2, 2.2), ylim=(-1.4, 1.6), xlabel="first weight", ylabel="second weight")
    axes.set_aspect("equal")


def draw_decay() -> Figure:
    """Draw weight decay as a penalty on M: its level set, and what it makes of an eigenvalue."""
    figure, (left, right) = new_figure(1, 2, figsize=(8.0, 3.9))
    _level_sets(left)
    _shrinkage(right)
    return figure


def _level_sets(axes: Axes) -> None:
    angle = np.linspace(0, 2 * np.pi, 2001)
    for power, label, style in (
        (2 / 3, r"$\sum|\lambda_j|^{2/3}$, decay of the network", {"color": BLUE}),
        (1, r"$\sum|\lambda_j|$, its convex hull", {"color": "#777777", "linestyle": DOTTED}),
        (2, r"$\sum\lambda_j^2$, ridge on $M$", {"color": ORANGE, "linestyle": DASHED}),
    ):
        x, y = (np.sign(u) * np.abs(u) ** (2 / power) for u in (np.cos(angle), np.sin(angle)))
        axes.plot(x, y, label=label, **style)
    axes.set(xlabel=r"$\lambda_1$", ylabel=r"$\lambda_2$", title="Penalty = 1", ylim=(-1.15, 2.1))
    axes.set_aspect("equal")
    axes.legend(loc="upper center", fontsize=8)


def _shrinkage(axes: Axes) -> None:
    wanted = np.linspace(-3, 3, 1201)
    axes.plot(wanted, wanted, color="#BBBBBB", linewidth=0.9, label="no penalty")
    ridge = wanted / (1 + 2 * DECAY_STRENGTH)
    axes.plot(wanted, ridge, color=ORANGE, linestyle=DASHED, label="ridge on $M$")
    kept = decayed_eigenvalue(wanted)
    jumps = np.flatnonzero(np.abs(np.diff(kept)) > 0.1) + 1
    x, y = (np.insert(values, jumps, np.nan) for values in (wanted, kept))  # gaps at the jumps
    axes.plot(x, y, color=BLUE, label="decay of the network, theorem")
    tried = np.linspace(-2.8, 2.8, 15)
    axes.plot(tried, trained_eigenvalue(tried), "o", color="black", markersize=4, label="trained")
    axes.set(
        xlabel=r"$\lambda$, the data's eigenvalue",
        ylabel=r"$\hat\lambda$, the penalized one",
        title="Small eigenvalues become zero, not small",
    )
    axes.legend(fontsize=8)


def decayed_eigenvalue(wanted: Array) -> Array:
    """Return the minimizer of (x - wanted)^2 / 2 + s 3 2^(-2/3) |x|^(2/3), s = DECAY_STRENGTH.

    By search on a grid of step 1e-3; one number per entry of `wanted`.
    """
    grid = np.linspace(-4, 4, 8001)
    penalty = DECAY_STRENGTH * DECAY_CONSTANT * np.abs(grid) ** (2 / 3)
    value = (grid - np.asarray(wanted)[:, None]) ** 2 / 2 + penalty
    return grid[value.argmin(axis=1)]


def trained_eigenvalue(wanted: Array) -> Array:
    """Return -v w^2 after gradient descent on (v w^2 + wanted)^2 / 2 + s (v^2 + w^2).

    Of 4,000 steps, the best of six starts for each entry of `wanted`.
    """
    rate, w = 0.03, np.full((6, len(wanted)), 1.2)
    v = np.array([-1.5, -0.8, -0.3, 0.3, 0.8, 1.5])[:, None] + 0 * w
    for _ in range(4_000):
        gap = v * w**2 + wanted
        v, w = (
            v - rate * (gap * w**2 + 2 * DECAY_STRENGTH * v),
            w - rate * (2 * gap * v * w + 2 * DECAY_STRENGTH * w),
        )
    loss = (v * w**2 + wanted) ** 2 / 2 + DECAY_STRENGTH * (v**2 + w**2)
    best = loss.argmin(axis=0)
    return -(v * w**2)[best, np.arange(len(wanted))]
