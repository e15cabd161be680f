"""Read runs back from their folders."""

import hashlib
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np

from experiments.cli.errors import RunFolderError, reason
from experiments.files.arrays import read_arrays
from experiments.files.safe_read import check_is_file, read_object
from experiments.runs.json_files import read_record, read_records
from experiments.runs.records import (
    LARGEST,
    Description,
    EpochRecord,
    PathPoint,
    Setting,
    Summary,
    checked,
)


class Run:
    """A finished run as its folder tells it; every problem is a `RunFolderError` naming the file.

    `config`, `epochs` and `summary` are what `config.json`, `metrics.jsonl` and `summary.json`
    hold.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self.config = read_record(path / "config.json", Description)
        if not is_finished(path):
            raise RunFolderError(
                f"{path}: got a run that is not finished, expected a finished one; give its "
                "command again with --resume"
            )
        self.summary = read_record(path / "summary.json", Summary)
        self.epochs = read_records(path / "metrics.jsonl", EpochRecord)
        held = self.summary
        if (self.config["command"], self.config["config"]) != (held["command"], held["config"]):
            raise RunFolderError(
                f"{path / 'summary.json'}: got other settings than those of config.json, expected "
                "the same; train the run again"
            )

    def series(self, *keys: str) -> list[float | None]:
        """Return one number per epoch, as in `series("loss")`; None if not finite or too large."""
        return [self._measure("metrics.jsonl", record, keys) for record in self.epochs]

    def accuracies(self, split: str) -> list[float]:
        """Return the accuracy on a split after each epoch."""
        return [value or 0.0 for value in self.series(split, "accuracy")]  # a Tally's is no None

    def setting(self, name: str) -> Setting:
        """Return one field of the run's configuration."""
        if name not in self.config["config"]:
            raise self._lacks("config.json", name)
        return self.config["config"][name]

    def measure(self, *keys: str) -> float | None:
        """Return one number of the summary, such as `measure("final", "loss")`, if it is finite."""
        return self._measure("summary.json", self.summary, keys)

    def number(self, *keys: str) -> float:
        """Return one number of the summary that has to be finite."""
        value = self.measure(*keys)
        if value is None:
            raise self._lacks("summary.json", ".".join(keys))
        return value

    def accuracy(self, split: str) -> float:
        """Return the final accuracy on a split."""
        return self.number("final", split, "accuracy")

    def l1_path(self) -> list[PathPoint]:
        """Return the points of a path of L1 solutions."""
        if not (points := self.summary.get("path")):
            raise RunFolderError(
                f"{self.path / 'summary.json'}: got no path of L1 solutions, expected one; run it "
                "again"
            )
        return points

    def weights(self) -> dict[str, np.ndarray]:
        """Return the trained parameters by name."""
        path = self.path / "weights.npz"
        try:
            check_is_file(path)
            with path.open("rb") as file:
                arrays = read_arrays(file, path.stat().st_size)
                file.seek(0)
                digest = hashlib.file_digest(file, "sha256").hexdigest()
            for name, array in arrays.items():
                if array.dtype not in (np.float32, np.float64):
                    raise ValueError(f"{name!r:.40} of type {array.dtype}")
        except (OSError, ValueError) as error:
            raise RunFolderError(
                f"{path}: got no weights ({reason(error):.80}), expected those of a finished run; "
                "train it again"
            ) from None
        # Runs of earlier versions have no hash.
        if (expected := self.summary.get("weights_sha256", digest)) != digest:
            raise RunFolderError(
                f"{path}: got weights of SHA-256 {digest[:12]}, expected {expected[:12]} as "
                "summary.json says; train the run again"
            )
        return arrays

    def _measure(self, file: str, record: object, keys: tuple[str, ...]) -> float | None:
        """Return the number that stands in a record under these keys, one inside the other."""
        for key in keys:
            if not isinstance(record, dict) or key not in record:
                raise self._lacks(file, ".".join(keys))
            record = record[key]
        if record is None or isinstance(record, int | float):
            return None if record is None or abs(record) > LARGEST else record
        raise self._lacks(file, ".".join(keys))

    def _lacks(self, file: str, name: str) -> RunFolderError:
        return RunFolderError(
            f"{self.path / file}: got no {name}, expected one; train the run again"
        )


def is_finished(folder: Path) -> bool:
    """Return whether a run's folder has its summary, which is written last."""
    return (folder / "summary.json").exists()


def read_descriptions(
    parent: Path, *, finished: bool, warn: Callable[[str], None] = lambda _line: None
) -> Iterator[tuple[Path, Description]]:
    """Yield folder and description of the runs in a folder, in the order of their names.

    Those are the finished ones, or the ones that are being trained or were ended. `warn` gets a
    line about each run whose description is damaged.
    """
    for file in sorted(parent.glob("*/config.json")):
        if is_finished(file.parent) == finished:
            try:
                description = checked(Description, read_object(file))
            except (OSError, ValueError) as error:
                warn(f"{file}: damaged ({error}), its run is left as it is and not reused")
            else:
                yield file.parent, description
