"""The one folder outside of `--out` that this project writes to."""

import os
from pathlib import Path

FOLDER_NAME = "landscapes-hw1"


def cache_folder() -> Path:
    """Return the user's cache folder, which need not exist yet.

    It is `$HW1_CACHE`, else `$XDG_CACHE_HOME/landscapes-hw1`, else `~/.cache/landscapes-hw1`.
    Everything in it can be drawn or downloaded again.

    Raises:
        FileNotFoundError: there is no home folder either.
    """
    shared = os.environ.get("XDG_CACHE_HOME", "")
    try:
        if own := os.environ.get("HW1_CACHE"):
            return Path(own).expanduser()
        if Path(shared).is_absolute():  # the XDG specification has relative ones ignored
            return Path(shared) / FOLDER_NAME
        return Path.home() / ".cache" / FOLDER_NAME
    except RuntimeError:
        raise FileNotFoundError("there is no home folder; set HW1_CACHE") from None
