"""Finished runs that can be taken over, since training them again would give the same numbers."""

from collections.abc import Callable
from pathlib import Path

import numpy as np

from experiments.cli.commands import RunFolderError
from experiments.runs.reader import Run, read_descriptions
from experiments.runs.records import Description, same_numbers


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
    numbers = [epoch["epoch"] for epoch in run.epochs]
    if numbers != list(range(1, len(numbers) + 1)) or len(numbers) != asked:
        raise RunFolderError(
            f"{run.path / 'metrics.jsonl'}: got {len(numbers)} epochs, expected the epochs 1 to "
            f"{asked}; train the run again"
        )
