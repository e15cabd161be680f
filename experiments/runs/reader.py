"""Read a finished run back from its folder."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np

from experiments.commands import RunFolderError
from experiments.runs.folder import Record


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
        self.config = _read_json(path / "config.json")
        self.summary = _read_json(path / "summary.json")
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

    def weights(self) -> dict[str, np.ndarray]:
        """The trained parameters by name."""
        path = self.path / "weights.npz"
        try:
            with np.load(path, allow_pickle=False) as file:
                return {name: file[name] for name in file.files}
        except Exception as error:  # damaged archives raise nearly anything
            raise RunFolderError(
                f"{path}: got no weights ({type(error).__name__}), expected those of a finished "
                "run; train it again"
            ) from None


def _read_json(path: Path) -> Record:
    try:
        content = json.loads(path.read_bytes())
    except FileNotFoundError:
        raise RunFolderError(
            f"{path}: got no such file, expected the folder of a finished run; check the path"
        ) from None
    except (OSError, ValueError, RecursionError) as error:
        raise RunFolderError(
            f"{path}: got a damaged file ({error}), expected JSON; train the run again"
        ) from None
    if not isinstance(content, dict):
        raise RunFolderError(f"{path}: got no JSON object, expected one; train the run again")
    return content


def _read_lines(path: Path) -> list[Record]:
    def lines() -> Iterator[Record]:
        for line in path.read_bytes().splitlines():
            record = json.loads(line)
            if not isinstance(record, dict):
                raise ValueError("a line is no object")
            yield record

    try:
        return list(lines())
    except (OSError, ValueError, RecursionError) as error:
        raise RunFolderError(
            f"{path}: got a damaged file ({error}), expected a JSON object per line; "
            "train the run again"
        ) from None
