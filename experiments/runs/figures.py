"""The figures in a finished run's folder, where a process may have been killed as it drew them."""

import shutil
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from experiments.cli.errors import RunFolderError, as_run_folder_error
from experiments.environment.lock import FolderLock
from experiments.files.atomic_write import remove_dead_parts

MAX_WAIT_S = 60.0
"""How long another process that draws a run's figures is waited for."""


LAST_FIGURE = "confusion.png"
"""What is drawn last, of either question: where it is, all are."""


def figures_of(
    folder: Path, draw: Callable[[Path, str], list[Path]], kind: str = "png"
) -> list[Path]:
    """Return a finished run's figures in a format; if they are not all there, they are drawn now.

    Raises:
        RunFolderError: the folder cannot be written, or another process draws there for long.
    """
    last = (folder / LAST_FIGURE).with_suffix(f".{kind}")
    if not last.exists():
        with as_run_folder_error(folder), FolderLock(folder).held(MAX_WAIT_S):
            if not last.exists():  # the process before may have drawn it
                _remove_left(folder)
                return draw(folder, kind)
    return sorted(folder.glob(f"*.{kind}"))


def tidy(folder: Path) -> None:
    """Remove what a process that was killed as it drew has left in a finished run's folder."""
    if not (folder / "lock").exists() and not any(folder.glob(".*.part")):
        return
    # Another process may draw there, or nobody may write.
    with suppress(OSError, RunFolderError), FolderLock(folder).held():
        _remove_left(folder)


def _remove_left(folder: Path) -> None:
    """Remove half-drawn figures, and the checkpoints where their own removal was cut short."""
    remove_dead_parts(folder)
    shutil.rmtree(folder / "checkpoints", ignore_errors=True)
