"""Figures, drawn from run folders alone."""

import logging
import os
from pathlib import Path

from experiments.files.cache import cache_folder

# Matplotlib keeps a list of the machine's fonts. It goes into this project's cache, not into a
# folder of its own in the user's home; whoever names another one has the last word. Where that
# cannot be a folder, Matplotlib finds itself another.
try:
    os.environ.setdefault("MPLCONFIGDIR", str(cache_folder() / "matplotlib"))
    Path(os.environ["MPLCONFIGDIR"]).mkdir(parents=True, exist_ok=True)
except OSError:
    os.environ.pop("MPLCONFIGDIR", None)

# A bad line in a matplotlibrc, or a new list of fonts, is nothing to tell a student of.
logging.getLogger("matplotlib").setLevel(logging.ERROR)
