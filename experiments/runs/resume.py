"""What `--resume` finds under `--out`: runs that are finished, unfinished, or begun otherwise."""

import re
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TypeVar

from experiments.cli.commands import RunFolderError
from experiments.runs.checkpoint import checkpoint_epochs
from experiments.runs.finished import FinishedRuns
from experiments.runs.folder import RunFolder, folder_name, has_results, new_folder
from experiments.runs.reader import read_descriptions
from experiments.runs.records import Description, same_numbers

C = TypeVar("C")

_HASH_AND_NUMBER = r"-[0-9a-f]{8}(-\d+)?"


def open_run(
    parent: Path, slug: str, description: Description, resume: bool
) -> tuple[RunFolder, bool]:
    """Open a folder for a run: an unfinished one's if `resume` and there is one, else a new one.

    Args:
        parent: where it lies.
        slug: how its name begins; the data's hash follows.
        description: as `config.json` holds it.
        resume: whether to look for an unfinished one.

    Returns:
        The folder, and whether there was one already.

    Raises:
        RunFolderError: it cannot be written, or another process is writing to it.
    """
    found = find_unfinished(parent, description) if resume else None
    path = found or new_folder(parent, folder_name(slug, description))
    return RunFolder(path, description), found is not None


def finished_runs(
    parent: Path, wanted: Mapping[C, tuple[str, Description]], say: Callable[[str], None]
) -> dict[C, Path]:
    """Return the folders of those runs that are finished; what becomes of the others is said.

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


def find_unfinished(parent: Path, description: Description) -> Path | None:
    """Return the folder in `parent` of an unfinished run with this description, or None.

    Of several, the one that has come farthest.
    """
    begun = read_descriptions(parent, finished=False)
    found = [path for path, other in begun if same_numbers(other, description)]
    return max(
        found,
        key=lambda path: (has_results(path), max(checkpoint_epochs(path), default=0)),
        default=None,
    )


def refuse_others(parent: Path, slug: str, description: Description) -> None:
    """Refuse to begin a run where an unfinished one of the same name was begun otherwise.

    Called where no matching run has been found. A run counts as begun otherwise if its folder is
    called what this run's would be, or if its data file has the same path and other content.

    Raises:
        RunFolderError: naming what differs.
    """
    for path, other in read_descriptions(parent, finished=False):
        if not re.fullmatch(re.escape(slug) + _HASH_AND_NUMBER, path.name):
            continue
        same_name = path.name.startswith(folder_name(slug, description))
        if same_name or other["data"].get("source") == description["data"].get("source"):
            raise RunFolderError(
                f"{path}: got an unfinished run that differs in "
                f"{differences(other, description)}, expected one of this command; start anew "
                "without --resume"
            )


def differences(other: Description, wanted: Description) -> str:
    """Say in what two runs differ: "learning_rate (0.1, not 0.2) and data"."""
    parts = ["command"] if other["command"] != wanted["command"] else []
    held, asked = other["config"], wanted["config"]
    parts += [
        f"{name} ({held.get(name)}, not {asked.get(name)})"
        for name in dict.fromkeys([*held, *asked])
        if held.get(name) != asked.get(name)
    ]
    hashes = {
        "the data's hash": (other["data"]["sha256"], wanted["data"]["sha256"]),
        "the hash of the sources": (other["sources_sha256"], wanted["sources_sha256"]),
    }
    parts += [
        f"{what} ({before[:8]}, not {now[:8]})"
        for what, (before, now) in hashes.items()
        if before != now
    ]
    return " and ".join(parts)
