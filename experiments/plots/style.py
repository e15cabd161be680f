"""One style for all figures: readable in grey and by colour-blind readers, the same in each figure.

Figures are made without pyplot: no window can open, and no state is left between two of them.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import matplotlib as mpl
import numpy as np
from matplotlib.axes import Axes
from matplotlib.axis import Axis
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.ticker import (
    FuncFormatter,
    LogLocator,
    MaxNLocator,
    NullFormatter,
    StrMethodFormatter,
)

from experiments.cli.text import wrap_phrases
from experiments.files.atomic_write import atomic_write
from experiments.files.new_name import make_new_file

# Okabe and Ito's colours; line styles differ too, for readers in grey.
SPLIT_STYLES: dict[str, dict[str, Any]] = {
    "train": {"color": "#0072B2", "linestyle": "-"},
    "val": {"color": "#D55E00", "linestyle": "--"},
    "test": {"color": "#009E73", "linestyle": ":"},
}
SERIES_COLOURS = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#000000")
BLUE, ORANGE = SERIES_COLOURS[:2]
SYNTHETIC_COLOUR = "#B00000"
DASHED: Any = (0, (4, 1.5))
DOTTED: Any = (0, (1, 1.5))

_RC: Any = {
    "font.size": 10,
    "axes.titlesize": 10,
    "axes.titlelocation": "left",
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.grid": True,
    "grid.color": "#DDDDDD",
    "grid.linewidth": 0.6,
    "lines.linewidth": 1.6,
    "legend.frameon": False,
    "svg.hashsalt": "hw1",
}
_UNDATED: Any = {"svg": {"Date": None}, "pdf": {"CreationDate": None}}
"""A date would make two drawings of the same run differ."""
mpl.rcdefaults()  # a matplotlibrc in the folder or the home has no say
mpl.rcParams.update(_RC)


def new_figure(rows: int = 1, columns: int = 1, **options: Any) -> tuple[Figure, Any]:
    """Return a figure and its axes in the common style, laid out without overlaps."""
    figure = Figure(layout="constrained", figsize=options.pop("figsize", (5.6, 3.6)))
    FigureCanvasAgg(figure)
    return figure, figure.subplots(rows, columns, **options)


def literal(text: str) -> str:
    """Return a text that is drawn as it is: Matplotlib takes what stands between `$` for a formula.

    Class names and names of data are anybody's; one that is no formula would end the drawing.
    """
    return text.replace("$", r"\$")


def entitle(axes: Axes, text: str, characters: int = 62, *, synthetic: bool = False) -> None:
    """Set a title, broken into lines of so many characters; a data set's `$` is no formula.

    Of one panel among others it says, too, that its numbers come from drawn images.
    """
    marked = f"{text}, SYNTHETIC data" if synthetic else text
    title = axes.set_title(wrap_phrases(marked, characters), parse_math=False)
    if synthetic:
        title.set_color(SYNTHETIC_COLOUR)


def head(figure: Figure, text: str, **options: Any) -> None:
    """Set a heading above all panels; a data set's `$` is no formula."""
    figure.suptitle(text, x=0.01, ha="left", fontsize=10, parse_math=False, **options)


def mark_synthetic(figure: Figure, *synthetic: bool) -> None:
    """Say on the figure itself which of the runs it shows come from drawn images: all, or some."""
    if not any(synthetic):
        return
    mark = "SYNTHETIC data" if all(synthetic) else "partly SYNTHETIC data"
    if heading := figure.get_suptitle():
        head(figure, f"{heading}: {mark}", color=SYNTHETIC_COLOUR)
    else:
        figure.suptitle(mark, x=0.99, ha="right", fontsize=9, color=SYNTHETIC_COLOUR)


def plot_by_epoch(axes: Axes, values: Sequence[float | None] | np.ndarray, **line: Any) -> None:
    """Draw values against their epochs, from 1; None, which is not finite, leaves a gap."""
    heights = np.array(values, dtype=float)
    # A run of one epoch is a point, which a line alone would not show.
    line["marker"] = "o" if len(heights) < 3 else None
    axes.plot(np.arange(1, len(heights) + 1), heights, **line)


def percentages(axis: Axis) -> None:
    """Label an axis of shares in per cent, with as many digits as its ticks have: 90%, 92.5%."""
    axis.set_major_formatter(FuncFormatter(lambda share, _: f"{100 * share:.6g}%"))


def plain_numbers(axis: Axis, subs: Sequence[float] = (1.0, 2.0, 5.0)) -> None:
    """Label a logarithmic axis at these multiples of the powers of ten: 0.5, not 5e-1."""
    axis.set_major_locator(LogLocator(subs=subs))
    axis.set_major_formatter(StrMethodFormatter("{x:g}"))
    axis.set_minor_formatter(NullFormatter())


def whole_epochs(axes: Axes) -> None:
    """Label the horizontal axis in whole epochs, a single one too."""
    axes.set_xlabel("epoch")
    axes.xaxis.set_major_locator(MaxNLocator(integer=True, min_n_ticks=1, steps=[1, 2, 5, 10]))


def save(figure: Figure, path: Path) -> Path:
    """Save a figure whole or not at all; the suffix decides the format."""
    with atomic_write(path) as file:
        kind = path.suffix[1:]
        figure.savefig(file, format=kind, dpi=200, metadata=_UNDATED.get(kind))
    return path


def save_new(figure: Figure, path: Path) -> Path:
    """Save a figure beside whatever is there; return its path, see `make_new_file`."""
    free = make_new_file(path)
    try:
        return save(figure, free)
    except BaseException:
        free.unlink(missing_ok=True)
        raise
