"""A name for a file or a folder that overwrites none."""

from collections.abc import Callable
from pathlib import Path


def make_new(path: Path, make: Callable[[Path], object], suffix: str = "") -> Path:
    """Make `path` and return it, or where that is taken `name-2`, `name-3`, before its suffix.

    `make` raises `FileExistsError` where something is. It is made to hold the name: another process
    that looks for one meanwhile gets the next.

    Raises:
        OSError: the folder cannot be written.
    """
    number, free = 1, path
    while True:
        try:
            make(free)
        except FileExistsError:
            number += 1
            free = path.with_name(f"{path.name.removesuffix(suffix)}-{number}{suffix}")
        else:
            return free


def make_new_file(path: Path) -> Path:
    """Make an empty file and return its name: `path`, or where that is taken `name-2.png`."""
    return make_new(path, lambda free: free.touch(exist_ok=False), path.suffix)
