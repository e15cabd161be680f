"""Three helpers for a notebook's cells."""

import inspect
import io
from collections.abc import Callable
from typing import Any

from matplotlib.figure import Figure

from experiments.plots.style import mark_synthetic

DPI = 64  # keeps a notebook with its figures stored below 300 KB


def show_figure(figure: Figure, alt: str, *, synthetic: bool = True) -> None:
    """Display a figure with an alternative text.

    Args:
        figure: what to show.
        alt: what it shows, for readers who cannot see it.
        synthetic: whether it shows drawn images or what was trained on them; it is marked so.
    """
    from IPython.display import Image, display  # in a notebook it is there

    mark_synthetic(figure, synthetic)
    png = io.BytesIO()
    figure.savefig(png, format="png", dpi=DPI)
    display(Image(png.getvalue(), alt=alt))  # type: ignore[no-untyped-call]


def show_source(*objects: Any) -> None:
    """Print the source of functions or classes of this project."""
    print("\n\n".join(inspect.getsource(thing).rstrip() for thing in objects))


def check(test: Callable[[], None]) -> None:
    """Run the check of an exercise, and print whether the exercise is solved.

    Used as a decorator. An exercise that is not written yet raises NotImplementedError.

    Raises:
        AssertionError: the exercise is written, and wrong.
    """
    name = test.__name__.replace("_", " ").strip()
    try:
        test()
    except NotImplementedError:
        print(f"{name}: not written yet")
    else:
        print(f"{name}: right")
