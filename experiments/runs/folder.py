"""A run's folder: what a training command leaves behind, and what plots and reports read.

config.json    what was run: command, configuration, data, hash of the sources that decide
metrics.jsonl  a line per epoch, written as the epoch ends
summary.json   final counts, times, versions; written last, so its presence means "finished"
weights.npz    the trained parameters
*.png          figures, drawn from the files above
"""

import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np

from experiments.atomic import replacing
from experiments.commands import RunFolderError, UsageError

Record = dict[str, Any]


def make_parent(out: str) -> Path:
    """The folder that `--out` names, made if need be.

    Raises:
        UsageError: it is no folder, or cannot be written to.
    """
    parent = Path(out)
    try:
        parent.mkdir(parents=True, exist_ok=True)
        writable = os.access(parent, os.W_OK | os.X_OK)
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) else error
        raise UsageError(
            f"--out: got {out!r} ({reason}), expected a folder; name another one"
        ) from None
    if not writable:
        raise UsageError(f"--out: got {out!r}, expected a folder to write to; name another one")
    return parent


class RunFolder:
    """A run's folder while it is written.

    Attributes:
        path: the folder.
    """

    def __init__(self, parent: Path, name: str, config: Record) -> None:
        """Make a new folder `name` in `parent`, or `name-2`, `name-3` if there is one already.

        Raises:
            RunFolderError: the folder or its first file cannot be written.
        """
        self.path = new_folder(parent, name)
        with _as_run_folder_error(self.path):
            self._metrics = (self.path / "metrics.jsonl").open("a", encoding="utf-8")
            write_json(self.path / "config.json", config)

    def add_epoch(self, record: Record) -> None:
        """Append one epoch's line to `metrics.jsonl`."""
        with _as_run_folder_error(self.path):
            self._metrics.write(json.dumps(record, allow_nan=False) + "\n")
            self._metrics.flush()

    def finish(self, summary: Record, weights: Mapping[str, np.ndarray]) -> None:
        """Write the weights and then the summary, which makes the run a finished one."""
        with _as_run_folder_error(self.path):
            self._metrics.close()
            with replacing(self.path / "weights.npz") as file:
                np.savez(file, allow_pickle=False, **weights)
            write_json(self.path / "summary.json", summary)


def write_json(path: Path, content: Record) -> None:
    """Write a JSON file whole or not at all; NaN and infinity are refused."""
    with replacing(path) as file:
        file.write((json.dumps(content, indent=2, allow_nan=False) + "\n").encode())


def new_folder(parent: Path, name: str) -> Path:
    """Make a folder `name` in `parent`, or `name-2`, `name-3` if there is one already.

    Raises:
        RunFolderError: it cannot be made.
    """
    number = 1
    with _as_run_folder_error(parent / name):
        while True:
            path = parent / (name if number == 1 else f"{name}-{number}")
            try:
                path.mkdir()
            except FileExistsError:
                number += 1
            else:
                return path


class _as_run_folder_error:  # noqa: N801  (used as a context manager)
    """Turn what the file system refuses into a `RunFolderError`."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def __enter__(self) -> None:
        pass

    def __exit__(self, kind: object, error: BaseException | None, trace: object) -> None:
        if isinstance(error, OSError):
            raise RunFolderError(
                f"{self.path}: cannot be written ({error.strerror or error}); make room or name "
                "another --out"
            ) from None
