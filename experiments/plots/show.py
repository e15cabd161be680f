"""Open saved figures in the system's viewer."""

import os
import sys
import webbrowser
from collections.abc import Sequence
from pathlib import Path

from PIL import Image


def show(figures: Sequence[Path]) -> str:
    """Open each figure and return the line that says so, or why not."""
    linux = sys.platform.startswith("linux")
    if linux and not (os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")):
        return "note: no display to show figures on; they are in the run's folder"
    for figure in figures:
        if figure.suffix == ".png":
            with Image.open(figure) as image:
                image.show(title=figure.stem)
        else:
            webbrowser.open(figure.absolute().as_uri())
    return f"{len(figures)} figures opened"
