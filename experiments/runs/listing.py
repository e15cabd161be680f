"""The runs under a folder, finished or not, a row each."""

import os
from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import datetime
from itertools import islice
from pathlib import Path
from typing import Any, NamedTuple

from experiments.cli.errors import RunFolderError
from experiments.cli.tables import text_table
from experiments.cli.text import printable, wrap_phrases
from experiments.configs.labels import Config
from experiments.data.dataset import SPLITS
from experiments.runs.find import trains_a_model
from experiments.runs.json_files import count_records, read_record
from experiments.runs.records import Description, Summary
from experiments.runs.titles import configuration, data_name, run_labels

LABEL_WIDTH = 28


class Listed(NamedTuple):
    """A run, and when its last file was written, in seconds since 1970.

    `done` epochs are trained. `accuracies` are the final ones by split, none where the run is not
    finished; `diverged` tells whether it ended for a measure that was not finite.
    """

    folder: Path
    label: str
    config: Config
    data: str
    done: int
    accuracies: dict[str, float]
    diverged: bool
    changed: float

    @property
    def epochs(self) -> str:
        """The epochs trained, and of how many where some are left."""
        if self.diverged:
            return f"{self.done} div."
        finished = bool(self.accuracies)
        return str(self.done) if finished else f"{self.done}/{self.config.epochs}"

    @property
    def date(self) -> str:
        """The local time of its last change, to the minute."""
        with suppress(ValueError, OverflowError, OSError):  # beyond the year 9999
            return datetime.fromtimestamp(self.changed).isoformat(" ", "minutes")
        return "unknown"


def list_runs(folder: Path, order: str, warn: Callable[[str], None]) -> list[Listed]:
    """Return the runs of questions 1 and 2 in a folder and those below it.

    `order` is `date`, a split's name or `epochs`, largest first; or `name`. `warn` gets a line for
    each run that cannot be read.

    Raises:
        RunFolderError: the folders go deeper than Python's recursion.
    """
    found = []
    try:
        # rglob ends in an error where a folder goes meanwhile, as checkpoints do; walk passes on.
        places = sorted(Path(at) for at, _, files in os.walk(folder) if "config.json" in files)
    except RecursionError:
        raise RunFolderError(
            f"{printable(folder)}: got folders too deep inside each other, expected runs within a "
            "hundred levels; name a folder nearer to them"
        ) from None
    for place in filter(trains_a_model, places):
        try:
            description = read_record(place / "config.json", Description)
            found.append((description, _read(place, description)))
        except RunFolderError as error:
            warn(str(error))
    labels = run_labels([(run.config, description) for description, run in found])
    runs = [run._replace(label=label) for (_, run), label in zip(found, labels, strict=True)]
    return sorted(runs, key=lambda run: _rank(run, order))


def lines(runs: Sequence[Listed]) -> list[str]:
    """Return the table, each run's folder below its row; nothing for no runs."""
    names = [wrap_phrases(run.label, LABEL_WIDTH) for run in runs]
    cells = [
        [name, run.epochs, *_accuracies(run), run.date]
        for name, run in zip(names, runs, strict=True)
    ]
    rows = iter(text_table(["run", "epochs", *SPLITS, "date"], cells))
    said = [next(rows)] if runs else []
    for name, run in zip(names, runs, strict=True):
        said += [*islice(rows, len(name.splitlines())), f"  {printable(run.folder)}"]
    return said


def as_dict(run: Listed) -> dict[str, Any]:
    """Return a run for scripts."""
    return {
        "folder": str(run.folder),
        "label": run.label,
        "config": run.config.as_dict(),
        "data": run.data,
        "finished": bool(run.accuracies),
        "diverged": run.diverged,
        "epochs": run.done,
        **{split: run.accuracies.get(split) for split in SPLITS},
        "date": run.date,
    }


def _read(folder: Path, description: Description) -> Listed:
    config, data = configuration(folder, description), data_name(description["data"])
    summary, metrics = folder / "summary.json", folder / "metrics.jsonl"
    files = [file for file in (folder / "config.json", metrics, summary) if file.exists()]
    done = count_records(metrics) if metrics in files else 0  # it has just begun
    changed = max(file.stat().st_mtime for file in files)
    accuracies: dict[str, float] = {}
    diverged = False
    if summary in files:
        measured = read_record(summary, Summary)
        accuracies = {split: measured["final"][split]["accuracy"] for split in SPLITS}
        diverged = measured.get("diverged_at_epoch") is not None
    return Listed(folder, "", config, data, done, accuracies, diverged, changed)


def _rank(run: Listed, order: str) -> tuple[float, str]:
    values = {"date": run.changed, "epochs": run.done, "name": 0.0, **run.accuracies}
    return -values.get(order, -1.0), str(run.folder)


def _accuracies(run: Listed) -> list[str]:
    return [f"{run.accuracies[split]:.4f}" if run.accuracies else "" for split in SPLITS]
