"""A name for a file that overwrites none."""

from pathlib import Path


def new_name(path: Path) -> Path:
    """Make an empty file and return its name: `path`, or where that is taken `name-2.png`.

    It is made to hold the name: another process that looks for one meanwhile gets the next.

    Raises:
        OSError: the folder cannot be written.
    """
    number, free = 1, path
    while True:
        try:
            free.touch(exist_ok=False)
        except FileExistsError:
            number += 1
            free = path.with_name(f"{path.stem}-{number}{path.suffix}")
        else:
            return free
