"""Finished runs that can be taken over, since training them again would give the same numbers."""

import json
from collections.abc import Callable
from pathlib import Path

import numpy as np

from experiments.cli.commands import RunFolderError
from experiments.files.safe_read import read_file
from experiments.runs.folder import Record
from experiments.runs.reader import Run


def ignore(_line: str) -> None:
    """Say nothing."""


class FinishedRuns:
    """The finished runs that lie in one folder, whichever command has trained them.

    A run counts as what its `config.json` says, never as what its folder is called. One that is
    being trained, or was interrupted, has no `summary.json` and is passed over.

    Attributes:
        parent: the folder.
    """

    def __init__(self, parent: Path, warn: Callable[[str], None] = ignore) -> None:
        """Look at every run in `parent`.

        Args:
            parent: whose subfolders are looked at.
            warn: gets a line about each damaged run that is met, here and in `find`.
        """
        self.parent = parent
        self._warn = warn
        self._described: list[tuple[Path, Record]] = []
        for summary in sorted(parent.glob("*/summary.json")):
            config = summary.with_name("config.json")
            try:
                description = json.loads(read_file(config))
                if not isinstance(description, dict):
                    raise ValueError("no JSON object")
            except (OSError, ValueError, RecursionError) as error:
                warn(f"{config}: damaged ({error}), its run is left as it is and not reused")
            else:
                self._described.append((summary.parent, description))

    def find(self, description: Record) -> Path | None:
        """The folder of a whole run with this description, None if there is none.

        Args:
            description: as `config.json` holds it: command, configuration, data, sources.
        """
        for folder, found in self._described:
            if same(found, description):
                try:
                    check(folder, description)
                except RunFolderError as error:
                    self._warn(f"{error} (left as it is, not reused)")
                else:
                    return folder
        return None


def find_finished(parent: Path, description: Record) -> Path | None:
    """The folder in `parent` of a finished, undamaged run with this description, or None."""
    return FinishedRuns(parent).find(description)


def same(one: Record, other: Record) -> bool:
    """Whether two descriptions lead to the same numbers.

    Command, configuration, the data's hash and the hash of the deciding sources have to be equal;
    what the data set is called and where it lies may differ.
    """
    return all(
        name in one and name in other and one[name] == other[name]
        for name in ("command", "config", "sources_sha256")
    ) and (_hash(one) == _hash(other) is not None)


def check(folder: Path, description: Record) -> Run:
    """Read every file of a finished run, and hold it against its description.

    Raises:
        RunFolderError: a file is damaged, or another run's.
    """
    run = Run(folder)
    for name, held in (("config.json", run.config), ("summary.json", run.summary)):
        if not same(held, description):
            raise RunFolderError(
                f"{folder / name}: got another configuration, data or sources, expected those of "
                "one run; train it again"
            )
    _check_epochs(run)
    for split in ("train", "val", "test"):
        if not 0 <= run.accuracy(split) <= 1:
            raise RunFolderError(
                f"{folder / 'summary.json'}: got {split} accuracy {run.accuracy(split)}, expected "
                "one from 0 to 1; train the run again"
            )
    diverged = run.summary.get("diverged_at_epoch") is not None
    for name, array in run.weights().items():
        if not diverged and not np.isfinite(array).all():
            raise RunFolderError(
                f"{folder / 'weights.npz'}: got {name} with infinite entries or NaN, expected "
                "finite weights; train the run again"
            )
    return run


def _check_epochs(run: Run) -> None:
    asked = run.summary.get("diverged_at_epoch") or run.setting("epochs")
    numbers = [epoch.get("epoch") for epoch in run.epochs]
    if numbers != list(range(1, len(numbers) + 1)) or len(numbers) != asked:
        raise RunFolderError(
            f"{run.path / 'metrics.jsonl'}: got {len(numbers)} epochs, expected the epochs 1 to "
            f"{asked}; train the run again"
        )


def _hash(description: Record) -> str | None:
    data = description.get("data")
    found = data.get("sha256") if isinstance(data, dict) else None
    return found if isinstance(found, str) and found else None
