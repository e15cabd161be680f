"""The finished runs behind each part of the assignment, and which of them are missing."""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from experiments.assignment import PARTS, Value
from experiments.cli.commands import RunFolderError
from experiments.report.results import Measured
from experiments.report.words import measured, setting
from experiments.runs.folder import Record
from experiments.runs.reader import Run
from experiments.runs.sweep import group_by_configuration

SPLIT_WORDS = {"train": "train", "val": "validation", "test": "test"}


class Group:
    """One configuration over its seeds.

    Attributes:
        runs: the finished runs by seed, one or more.
    """

    def __init__(self, runs: Sequence[Run]) -> None:
        self.runs = sorted(runs, key=lambda run: run.summary["seed"])

    @property
    def first(self) -> Run:
        """The run of the smallest seed, which is the assignment's 42 where nobody asks else."""
        return self.runs[0]

    @property
    def names(self) -> list[str]:
        """The names of the run folders."""
        return [run.path.name for run in self.runs]

    @property
    def seeds(self) -> list[int]:
        """The seeds of the runs."""
        return [run.summary["seed"] for run in self.runs]

    @property
    def diverged(self) -> list[int]:
        """The seeds that ended early because a loss was no longer finite."""
        return [run.summary["seed"] for run in self.runs if run.summary.get("diverged_at_epoch")]

    def over_seeds(self, *keys: str) -> Measured:
        """A number of `summary.json` over the seeds, such as `("final", "test", "accuracy")`."""
        return measured([found(run, *keys) for run in self.runs])

    def accuracy(self, split: str) -> Measured:
        """The final accuracy on a split over the seeds."""
        return measured([run.accuracy(split) for run in self.runs])

    def mean_series(self, *keys: str) -> list[float | None]:
        """A number of each epoch, averaged over the seeds that have it; None where none has."""
        series = [run.series(*keys) for run in self.runs]
        longest = max(map(len, series))
        return [
            measured([values[k] for values in series if k < len(values)])["mean"]
            for k in range(longest)
        ]


class Parts:
    """The runs by part; what cannot be read is left out and named.

    Attributes:
        folders: the given run folders by part.
    """

    def __init__(
        self,
        folders: Mapping[str, Sequence[Path]],
        seeds: Sequence[int],
        failed: Sequence[tuple[str, str]] = (),
    ) -> None:
        self.folders = folders
        self._seeds = list(seeds)
        self._failed = list(failed)
        self._groups: dict[str, list[Group]] = {}
        for part in PARTS:
            runs = []
            for folder in folders.get(part, ()):
                try:
                    runs.append(Run(folder))
                except RunFolderError as error:
                    self._failed.append((part, str(error)))
            self._groups[part] = [Group(members) for members in group_by_configuration(runs)]

    def group(self, part: str, value: Value = None) -> Group | None:
        """The runs of a part with this value of its hyperparameter."""
        name = PARTS[part].varied
        for group in self._groups[part]:
            if not name or group.first.setting(name) == value:
                return group
        return None

    def groups(self, part: str) -> list[tuple[Value, Group]]:
        """Value and runs of the part's hyperparameter, in the assignment's order."""
        found = ((value, self.group(part, value)) for value in PARTS[part].values)
        return [(value, group) for value, group in found if group is not None]

    def has(self, part: str) -> bool:
        """Whether a figure can be drawn of the part: it has a run that can be read."""
        return bool(self._groups[part]) if part in PARTS else bool(self.folders.get(part))

    def missing(self, part: str) -> list[str]:
        """A line on every run of the part that is not there, and why where that is known."""
        lines = []
        if part in PARTS:
            asked = PARTS[part]
            for value in asked.values:
                which = f"{asked.varied} {setting(value)}" if asked.varied else asked.config.model
                group = self.group(part, value)
                absent = [s for s in self._seeds if group is None or s not in group.seeds]
                lines += [f"Missing: the run of `{which}` with seed {seed}." for seed in absent]
        elif not self.folders.get(part):
            lines.append("Missing: its run.")
        return lines + [f"What went wrong: {text}" for at, text in self._failed if at == part]

    def as_asked(self, part: str, value: Value = None) -> bool:
        """Whether the runs have the assignment's settings and, above all, its epochs."""
        group = self.group(part, value)
        if group is None:
            return False
        config = group.first.config["config"]
        wanted = PARTS[part].settings(value)
        return all(config.get(name) == setting for name, setting in wanted.items())

    def all_runs(self) -> list[tuple[str, Run]]:
        """Every run with its part, in the assignment's order and each part's own."""
        return [
            (part, run)
            for part, groups in self._groups.items()
            for group in groups
            for run in group.runs
        ]


def found(run: Run, *keys: str) -> Any:
    """A value of `summary.json`.

    Raises:
        RunFolderError: it is not there.
    """
    value: Any = run.summary
    for key in keys:
        if not isinstance(value, dict) or key not in value:
            raise RunFolderError(
                f"{run.path / 'summary.json'}: got no {'.'.join(keys)}, expected one; "
                "train the run again"
            )
        value = value[key]
    return value


def read_record(path: Path, *required: str) -> Record:
    """A JSON object with these keys.

    Raises:
        RunFolderError: there is no such file, or it is not that.
    """
    try:
        content = json.loads(path.read_bytes())
    except (OSError, ValueError, RecursionError) as error:
        raise RunFolderError(
            f"{path}: got no JSON ({type(error).__name__}), expected that of a finished run; "
            "run it again"
        ) from None
    absent = [key for key in required if not isinstance(content, dict) or key not in content]
    if absent:
        raise RunFolderError(f"{path}: got no {absent[0]}, expected one; run it again")
    return dict(content)
