"""The one folder outside of `--out` that this project writes to."""

import os
from pathlib import Path


def cache_folder() -> Path:
    """Return the user's cache folder, which need not exist yet.

    It is `$HW1_CACHE`, else `$XDG_CACHE_HOME/landscapes-hw1`, else `~/.cache/landscapes-hw1`.
    Everything in it can be drawn or downloaded again.

    Raises:
        FileNotFoundError: there is no home folder either.
    """
    try:
        if own := os.environ.get("HW1_CACHE"):
            return Path(own).expanduser()
        shared = Path(os.environ.get("XDG_CACHE_HOME", ""))
        # The XDG specification has relative paths ignored.
        parent = shared if shared.is_absolute() else Path.home() / ".cache"
        return parent / "landscapes-hw1"
    except RuntimeError:
        raise FileNotFoundError("there is no home folder; set HW1_CACHE") from None
