"""A name for a file that overwrites none."""

from pathlib import Path


def new_name(path: Path) -> Path:
    """Return `path`, or where there is such a file `name-2.png`, `name-3.png`."""
    number, free = 1, path
    while free.exists():
        number += 1
        free = path.with_name(f"{path.stem}-{number}{path.suffix}")
    return free
