"""Which runs are there already: finished, unfinished, or begun otherwise."""

import re
from collections.abc import Callable
from pathlib import Path

import numpy as np

from experiments.cli.errors import RunFolderError
from experiments.data.dataset import SPLITS
from experiments.runs.checkpoint import Checkpoints
from experiments.runs.folder import RESULTS, RunFolder, folder_name, new_folder
from experiments.runs.reader import Run, read_descriptions
from experiments.runs.records import Description, same_numbers

_HASH_AND_NUMBER = r"-[0-9a-f]{8}(-\d+)?"


class FinishedRuns:
    """The finished runs that lie in one folder, whichever command has trained them.

    A run counts as what its `config.json` says, never as what its folder is called. One that is
    being trained, or was interrupted, has no `summary.json` and is passed over.
    """

    def __init__(self, parent: Path, warn: Callable[[str], None] = lambda _line: None) -> None:
        """Look at every run in `parent`; `warn` gets a line about each damaged one that is met."""
        self._warn = warn
        self._described = list(read_descriptions(parent, finished=True, warn=warn))

    def find(self, description: Description) -> Path | None:
        """Return the folder of a whole run with this description, None if there is none."""
        for folder, found in self._described:
            if same_numbers(found, description):
                try:
                    check(folder, description)
                except RunFolderError as error:
                    self._warn(f"{error} (left as it is, not reused)")
                else:
                    return folder
        return None


def check(folder: Path, description: Description) -> Run:
    """Read every file of a finished run, and hold it against its description.

    Raises:
        RunFolderError: a file is damaged, or another run's.
    """
    run = Run(folder)
    for file, held in (("config.json", run.config), ("summary.json", run.summary)):
        if not same_numbers(held, description):
            raise RunFolderError(
                f"{folder / file}: got another configuration, data or sources, expected those of "
                "one run; train it again"
            )
    diverged = run.summary.get("diverged_at_epoch")
    asked, numbers = diverged or run.setting("epochs"), [record["epoch"] for record in run.epochs]
    if numbers != list(range(1, len(numbers) + 1)) or len(numbers) != asked:
        raise RunFolderError(
            f"{folder / 'metrics.jsonl'}: got {len(numbers)} epochs, expected the epochs 1 to "
            f"{asked}; train the run again"
        )
    for split in SPLITS:
        if not 0 <= run.accuracy(split) <= 1:
            raise RunFolderError(
                f"{folder / 'summary.json'}: got {split} accuracy {run.accuracy(split)}, expected "
                "one from 0 to 1; train the run again"
            )
    for name, array in run.weights().items():
        if diverged is None and not np.isfinite(array).all():
            raise RunFolderError(
                f"{folder / 'weights.npz'}: got {name} with infinite entries or NaN, expected "
                "finite weights; train the run again"
            )
    return run


def open_run(
    parent: Path, slug: str, description: Description, resume: bool
) -> tuple[RunFolder, bool]:
    """Open a folder for a run: an unfinished one's if `resume` and there is one, else a new one.

    Returns:
        The folder, called `slug` and the data's hash, and whether there was one already.

    Raises:
        RunFolderError: it cannot be written, or another process is writing to it.
    """
    found = find_unfinished(parent, description) if resume else None
    path = found or new_folder(parent, folder_name(slug, description))
    return RunFolder(path, description), found is not None


def find_unfinished(parent: Path, description: Description) -> Path | None:
    """Return the folder in `parent` of an unfinished run with this description, or None.

    Of several, the one that has come farthest.
    """
    begun = read_descriptions(parent, finished=False)
    found = [path for path, other in begun if same_numbers(other, description)]
    return max(
        found,
        key=lambda path: (
            (path / RESULTS).exists(),
            max(Checkpoints(path, description).epochs(), default=0),
        ),
        default=None,
    )


def refuse_others(parent: Path, slug: str, description: Description) -> None:
    """Refuse to begin a run where an unfinished one of the same name was begun otherwise.

    A run counts as begun otherwise if its folder is called what this run's would be, or if its data
    file has the same path and other content.

    Raises:
        RunFolderError: there is one; it differs in its configuration, data or sources.
    """
    for path, other in read_descriptions(parent, finished=False):
        if not re.fullmatch(re.escape(slug) + _HASH_AND_NUMBER, path.name):
            continue
        same_name = path.name.startswith(folder_name(slug, description))
        if same_name or other["data"].get("source") == description["data"].get("source"):
            raise RunFolderError(
                f"{path}: got an unfinished run that differs in "
                f"{_differences(other, description)}, expected one of this command; start anew "
                "without --resume"
            )


def _differences(other: Description, wanted: Description) -> str:
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
