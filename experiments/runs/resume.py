"""What `--resume` finds under `--out`: runs that are finished, unfinished, or begun otherwise."""

from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path
from typing import TypeVar

from experiments.cli.commands import RunFolderError
from experiments.runs.finished import FinishedRuns
from experiments.runs.json_files import Record, as_run_folder_error, remove_parts
from experiments.runs.lock import FolderLock
from experiments.runs.unfinished import find_unfinished, refuse_others

C = TypeVar("C")

PATIENCE = 60.0
"""Seconds to wait for another process that draws a run's figures."""


def finished_runs(
    parent: Path, wanted: Mapping[C, tuple[str, Record]], say: Callable[[str], None]
) -> dict[C, Path]:
    """The folders of those runs that are finished; what becomes of the others is said.

    Args:
        parent: where to look.
        wanted: how each run's folder is called but for the data's hash, and its description.
        say: gets a line about each finished run, or that there is nothing to continue.

    Raises:
        RunFolderError: an unfinished run of the same name was begun with another configuration,
            other data or other sources.
    """
    finished = FinishedRuns(parent, say)
    found: dict[C, Path] = {}
    begun = False
    for config, (slug, description) in wanted.items():
        folder = finished.find(description)
        if folder is not None:
            found[config] = folder
            say(f"finished, nothing to do: {folder}")
        elif find_unfinished(parent, description) is not None:
            begun = True
        else:
            refuse_others(parent, slug, description)
    if not begun and len(found) < len(wanted):
        say(f"nothing to continue under {parent}: starting anew")
    return found


def tidy(folder: Path) -> None:
    """Remove what a process that was killed as it drew has left in a finished run's folder."""
    if not (folder / "lock").exists() and not any(folder.glob(".*.part")):
        return
    lock = FolderLock(folder)
    with suppress(OSError, RunFolderError):  # another process draws there, or nobody may write
        lock.acquire()
        try:
            remove_parts(folder)
        finally:
            lock.release()


def figures_of(folder: Path, draw: Callable[[Path], list[Path]], last: str) -> list[Path]:
    """The figures of a finished run, drawn where its process was killed before the last one.

    Args:
        folder: the run's.
        draw: draws all of them.
        last: the file that is drawn last.

    Raises:
        RunFolderError: the folder cannot be written, or another process draws there for long.
    """
    if not (folder / last).exists():
        lock = FolderLock(folder)
        with as_run_folder_error(folder):
            lock.acquire(PATIENCE)
            try:
                if not (folder / last).exists():  # the process before may have drawn it
                    remove_parts(folder)
                    return draw(folder)
            finally:
                lock.release()
    return sorted(folder.glob("*.png"))
