"""Which run is meant: by its folder, by a file in it, by a sweep over it, or the newest."""

import json
from pathlib import Path

from experiments.cli.commands import RunFolderError
from experiments.cli.text import printable
from experiments.files.safe_read import is_folder, read_file

PARENT = "runs"
"""Where the commands leave their runs, and look for the newest."""


def find_run(named: str | None, parent: str = PARENT) -> Path:
    """Return the folder of the run that is meant.

    Args:
        named: a run's folder, a file in it, or a sweep's folder, whose best run is taken; None for
            the newest finished run in `parent`.
        parent: where to look for the newest.

    Raises:
        RunFolderError: there is none.
    """
    if named is None:
        return newest_run(Path(parent))
    place = Path(named)
    if not is_folder(place) and is_run(place.parent):
        return place.parent
    if _is_file(place / "sweep.json"):
        return _best_of_sweep(place)
    return place


def is_run(folder: Path) -> bool:
    """Whether a folder is that of a finished run."""
    return _is_file(folder / "summary.json") and _is_file(folder / "config.json")


def newest_run(parent: Path) -> Path:
    """Return the run in `parent` that was finished last.

    Raises:
        RunFolderError: none is finished there.
    """
    finished = [file for file in parent.glob("*/summary.json") if is_run(file.parent)]
    if not finished:
        raise RunFolderError(
            f"{printable(parent)}: got no finished run, expected one; train with hw1-q1 or "
            "hw1-q2, or name the run's folder"
        )
    return max(finished, key=lambda file: file.stat().st_mtime_ns).parent


def _best_of_sweep(folder: Path) -> Path:
    try:
        content = json.loads(read_file(folder / "sweep.json"))
        name = content["rows"][content["best"]]["runs"][0]
        run = folder.parent / Path(str(name)).name
    except (OSError, ValueError, KeyError, IndexError, TypeError, RecursionError):
        raise RunFolderError(
            f"{printable(folder / 'sweep.json')}: got no best run, expected that of a finished "
            "sweep; name a run's folder"
        ) from None
    return run


def _is_file(path: Path) -> bool:
    try:
        return path.is_file()
    except (OSError, ValueError):  # too long, a null character
        return False
