"""A run's folder: what a training command leaves behind, and what plots and reports read.

config.json    what was run: command, configuration, data, hash of the sources that decide
metrics.jsonl  a line per epoch, written as the epoch ends
summary.json   final counts, times, versions; written last, so its presence means "finished"
weights.npz    the trained parameters
*.png          figures, drawn from the files above

While it is trained there are also `lock` and `checkpoints/`.
"""

import os
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np

from experiments.cli.commands import RunFolderError, UsageError
from experiments.files.atomic_write import atomic_write
from experiments.runs.checkpoint import Checkpoints
from experiments.runs.json_files import (
    Lines,
    Record,
    as_run_folder_error,
    remove_parts,
    sync_folder,
    write_json,
)
from experiments.runs.lock import FolderLock

__all__ = ["Record", "RunFolder", "make_parent", "new_folder", "write_json"]


def make_parent(out: str) -> Path:
    """The folder that `--out` names, made if need be.

    Raises:
        UsageError: it is no folder, or cannot be written to.
    """
    parent = Path(out)
    if not out.strip():  # such as "$RUNS" where that is not set; it would be the current folder
        raise UsageError(f"--out: got {out!r}, expected a folder; name one")
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
    """A run's folder while it is written, locked for this process.

    As a context manager it gives the lock back, whatever happens inside.

    Attributes:
        path: the folder.
        checkpoints: the run's.
    """

    def __init__(self, parent: Path, name: str, config: Record) -> None:
        """Make a new folder `name` in `parent`, or `name-2`, `name-3` if there is one already.

        Raises:
            RunFolderError: the folder or its first files cannot be written.
        """
        self._open(new_folder(parent, name))
        with self._closing_on_error(), as_run_folder_error(self.path):
            sync_folder(parent)
            self.rewind([])
            write_json(self.path / "config.json", config)

    @classmethod
    def reopen(cls, path: Path) -> "RunFolder":
        """The folder of an unfinished run, to be continued; `rewind` says from where.

        Raises:
            RunFolderError: another process writes to it, or has just finished it.
        """
        folder = cls.__new__(cls)
        folder._open(path)
        with folder._closing_on_error(), as_run_folder_error(path):
            if (path / "summary.json").exists():
                raise RunFolderError(
                    f"{path}: got a run that another process has just finished, expected an "
                    "unfinished one; start again"
                )
            remove_parts(path)
            folder.checkpoints.clean()
        return folder

    def _open(self, path: Path) -> None:
        self.path = path
        self.checkpoints = Checkpoints(path)
        self._metrics: Lines | None = None
        self._lock = FolderLock(path)
        with as_run_folder_error(path):
            self._lock.acquire()

    def rewind(self, records: Sequence[Record]) -> None:
        """Make `metrics.jsonl` hold these epochs and no others, and go on after them."""
        with as_run_folder_error(self.path):
            if self._metrics is not None:
                self._metrics.close()
            self._prepared.unlink(missing_ok=True)
            self._metrics = Lines(self.path / "metrics.jsonl", list(records))

    def add_epoch(self, record: Record) -> None:
        """Append one epoch's line to `metrics.jsonl`."""
        with as_run_folder_error(self.path):
            self._lines.add(record)

    def save(self, epoch: int, header: Record, arrays: Mapping[str, np.ndarray]) -> None:
        """Write a checkpoint; see `Checkpoints.save`."""
        with as_run_folder_error(self.path):
            self.checkpoints.save(epoch, header, arrays)

    def finish(self, summary: Record, weights: Mapping[str, np.ndarray]) -> None:
        """Write the weights and then the summary, which makes the run a finished one."""
        self.prepare(summary, weights)
        self.commit()

    def prepare(self, summary: Record, weights: Mapping[str, np.ndarray]) -> None:
        """Write all that a finished run has, the summary beside the checkpoints.

        From here on nothing has to be computed any more: runs that were trained together are all
        prepared before the first is committed, so that no kill leaves some of them without others.
        """
        with as_run_folder_error(self.path):
            self._lines.sync()
            self._lines.close()
            with atomic_write(self.path / "weights.npz") as file:
                np.savez(file, allow_pickle=False, **weights)
            self.checkpoints.path.mkdir(exist_ok=True)
            write_json(self._prepared, summary)

    @property
    def is_prepared(self) -> bool:
        """Whether only `commit` is missing."""
        return self._prepared.exists()

    def commit(self) -> None:
        """Make a prepared run a finished one: its checkpoints are removed, the lock given back."""
        with as_run_folder_error(self.path):
            self._prepared.replace(self.path / "summary.json")
            sync_folder(self.path)
        self.checkpoints.remove()
        self.close()

    def close(self) -> None:
        """Close the files and give the lock back; once is enough."""
        if self._metrics is not None:
            self._metrics.close()
        self._lock.release()

    def __enter__(self) -> "RunFolder":
        return self

    def __exit__(self, *_error: object) -> None:
        self.close()

    @property
    def _lines(self) -> Lines:
        if self._metrics is None:
            raise RuntimeError("a folder that is reopened has to be rewound")
        return self._metrics

    @property
    def _prepared(self) -> Path:
        return self.checkpoints.path / "summary.json"

    def _closing_on_error(self) -> "_ClosingOnError":
        return _ClosingOnError(self)


class _ClosingOnError:
    """Close a folder if the block fails."""

    def __init__(self, folder: RunFolder) -> None:
        self._folder = folder

    def __enter__(self) -> None:
        pass

    def __exit__(self, kind: type[BaseException] | None, *_rest: object) -> None:
        if kind is not None:
            self._folder.close()


def new_folder(parent: Path, name: str) -> Path:
    """Make a folder `name` in `parent`, or `name-2`, `name-3` if there is one already.

    Raises:
        RunFolderError: it cannot be made.
    """
    number = 1
    with as_run_folder_error(parent / name):
        while True:
            path = parent / (name if number == 1 else f"{name}-{number}")
            try:
                path.mkdir()
            except FileExistsError:
                number += 1
            else:
                return path
