"""The finished runs behind each part of the assignment, and which of them are missing."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

from experiments.assignment import PARTS, Value
from experiments.cli.errors import RunFolderError
from experiments.report.configurations import Configuration, configuration, label
from experiments.runs.reader import Run
from experiments.runs.sweep import group_by_configuration


class RunsByPart:
    """The runs by part; what cannot be read is left out and named.

    Attributes:
        folders: the given run folders by part.
        configurations: of each part of questions 1 and 2, in the assignment's order.
    """

    def __init__(
        self,
        folders: Mapping[str, Sequence[Path]],
        seeds: Sequence[int] = (),
        failed: Sequence[tuple[str, str]] = (),
    ) -> None:
        self.folders = folders
        self._seeds = list(seeds)
        self._failed = list(failed)
        self._groups = {part: self._read(part) for part in PARTS}
        self.configurations = {part: self._summarised(part) for part in PARTS}

    @contextmanager
    def noting(self, part: str) -> Iterator[None]:
        """Go on after a damaged run, and remember why the part lacks its numbers."""
        try:
            yield
        except RunFolderError as error:
            self._failed.append((part, str(error)))

    def _read(self, part: str) -> list[list[Run]]:
        runs = []
        for folder in self.folders.get(part, ()):
            with self.noting(part):
                runs.append(Run(folder))
        runs.sort(key=lambda run: int(run.summary["seed"]))
        return group_by_configuration(runs)

    def _summarised(self, part: str) -> list[Configuration]:
        made = []
        for value in PARTS[part].values:
            with self.noting(part):
                if runs := self.runs(part, value):
                    made.append(configuration(part, value, runs))
        return made

    def runs(self, part: str, value: Value = None) -> list[Run]:
        """Return the runs of a part with this value of its hyperparameter, by seed."""
        name = PARTS[part].varied
        for runs in self._groups[part]:
            if not name or runs[0].setting(name) == value:
                return runs
        return []

    def configuration(self, part: str, value: Value = None) -> Configuration | None:
        """Return one configuration of a part, if it has runs."""
        return next((c for c in self.configurations[part] if c.value == value), None)

    def has(self, part: str) -> bool:
        """Return whether the part has anything that a figure could be drawn from."""
        return bool(self._groups[part]) if part in PARTS else bool(self.folders.get(part))

    def missing(self, part: str) -> list[str]:
        """Return a line on what runs of the part are not there, and why where it is known."""
        lines = []
        if part in PARTS:
            for value in PARTS[part].values:
                there = {int(run.summary["seed"]) for run in self.runs(part, value)}
                absent = [str(seed) for seed in self._seeds if seed not in there]
                s = "s" * (len(absent) > 1)
                if absent:
                    which = f"{label(part, value)} with seed{s} {', '.join(absent)}"
                    lines.append(f"Missing: the run{s} of {which}.")
        elif not self.folders.get(part):
            lines.append("Missing: its run.")
        return lines + [f"What went wrong: {text}" for at, text in self._failed if at == part]

    def as_asked(self, part: str, value: Value = None) -> bool:
        """Return whether the runs have the assignment's settings and, above all, its epochs."""
        runs = self.runs(part, value)
        wanted = PARTS[part].settings(value).items()
        return bool(runs) and wanted <= runs[0].config["config"].items()

    def all_runs(self) -> list[tuple[str, Run]]:
        """Return every run with its part, in the assignment's order and each part's own."""
        return [
            (part, run) for part, groups in self._groups.items() for runs in groups for run in runs
        ]
