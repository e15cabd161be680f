"""Read a finished run back from its folder."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np

from experiments.cli.commands import RunFolderError
from experiments.files.safe_read import check_is_file, read_file
from experiments.runs.folder import Record

# What every reader of a run relies on; a run of question 2 has it as well.
_CONFIG: dict[str, type] = {"command": str, "config": dict}
_SUMMARY: dict[str, type] = {
    "model": str,
    "seed": int,
    "synthetic": bool,
    "final": dict,
    "confusion": dict,
    "data": dict,
}


class Run:
    """A finished run as its folder tells it; every problem is a `RunFolderError` naming the file.

    Attributes:
        path: the folder.
        config: `config.json`.
        epochs: the lines of `metrics.jsonl`.
        summary: `summary.json`.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self.config = _read_json(path / "config.json", _CONFIG)
        self.summary = _read_json(path / "summary.json", _SUMMARY)
        self.epochs = _read_lines(path / "metrics.jsonl")

    def series(self, *keys: str) -> list[float]:
        """One number per epoch, such as `series("val", "accuracy")`."""
        values: list[Any] = list(self.epochs)
        for key in keys:
            try:
                values = [value[key] for value in values]
            except (KeyError, TypeError):
                raise RunFolderError(
                    f"{self.path / 'metrics.jsonl'}: got no {'.'.join(keys)}, expected one for "
                    "each epoch; train the run again"
                ) from None
        return values

    def setting(self, name: str) -> Any:
        """One field of the run's configuration."""
        try:
            return self.config["config"][name]
        except KeyError:
            raise RunFolderError(
                f"{self.path / 'config.json'}: got no {name}, expected one; train the run again"
            ) from None

    def accuracy(self, split: str) -> float:
        """The final accuracy on a split."""
        try:
            return float(self.summary["final"][split]["accuracy"])
        except (KeyError, TypeError, ValueError):
            raise RunFolderError(
                f"{self.path / 'summary.json'}: got no final {split} accuracy, expected one; "
                "train the run again"
            ) from None

    def weights(self) -> dict[str, np.ndarray]:
        """The trained parameters by name."""
        path = self.path / "weights.npz"
        try:
            check_is_file(path)
            with path.open("rb") as file, np.load(file, allow_pickle=False) as arrays:
                return {name: arrays[name] for name in arrays.files}
        except Exception as error:  # damaged archives raise nearly anything
            raise RunFolderError(
                f"{path}: got no weights ({type(error).__name__}), expected those of a finished "
                "run; train it again"
            ) from None


def _read_json(path: Path, expected: dict[str, type]) -> Record:
    try:
        content = json.loads(read_file(path))
    except FileNotFoundError:
        raise RunFolderError(
            f"{path}: got no such file, expected the folder of a finished run; check the path"
        ) from None
    except (OSError, ValueError, RecursionError) as error:
        raise RunFolderError(
            f"{path}: got a damaged file ({_reason(error)}), expected JSON; train the run again"
        ) from None
    if not isinstance(content, dict):
        raise RunFolderError(f"{path}: got no JSON object, expected one; train the run again")
    for key, kind in expected.items():
        if not isinstance(content.get(key), kind):
            raise RunFolderError(
                f"{path}: got {str(content.get(key))[:40]!r} as {key}, expected {kind.__name__}; "
                "train the run again"
            )
    return content


def _read_lines(path: Path) -> list[Record]:
    def lines() -> Iterator[Record]:
        for line in read_file(path).splitlines():
            record = json.loads(line)
            if not isinstance(record, dict):
                raise ValueError("a line is no object")
            yield record

    try:
        records = list(lines())
        if not records:
            raise ValueError("no epoch")
        return records
    except (OSError, ValueError, RecursionError) as error:
        raise RunFolderError(
            f"{path}: got a damaged file ({_reason(error)}), expected a JSON object per line; "
            "train the run again"
        ) from None


def _reason(error: Exception) -> object:
    """What is wrong, without the path again."""
    return (error.strerror if isinstance(error, OSError) else None) or error
