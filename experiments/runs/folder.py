"""A run's folder: what a training command leaves behind, and what plots and reports read.

config.json    what was run: command, configuration, data, hash of the sources that decide
metrics.jsonl  a line per epoch, written as the epoch ends
summary.json   final counts, times, versions; written last, so its presence means "finished"
weights.npz    the trained parameters
*.png          figures, drawn from the files above

While it is trained there are also `lock` and `checkpoints/`.
"""

import hashlib
import os
import re
import shutil
from collections.abc import Iterable, Mapping
from contextlib import AbstractContextManager, ExitStack
from pathlib import Path

import numpy as np

from experiments.cli.errors import RunFolderError, UsageError, as_run_folder_error, reason
from experiments.environment.lock import FolderLock
from experiments.files.atomic_write import atomic_write, remove_dead_parts, sync_folder
from experiments.files.new_name import make_new
from experiments.runs.checkpoint import Checkpoints, Progress
from experiments.runs.json_files import json_line, write_json
from experiments.runs.reader import is_finished
from experiments.runs.records import Description, EpochRecord, Summary

RESULTS = "checkpoints/summary.json"
"""Where the summary lies until `RunFolder.mark_finished`: its run lacks nothing else."""


def make_parent(out: str) -> Path:
    """Make the folder that `--out` names, if need be, and return it.

    `hw1-q1`, `hw1-q2`, `hw1-reproduce` and the L1 path make a folder per run in it, `hw1-q3` and
    `experiments.publish` write into it themselves; in `hw1-data`, `--out` names a file.

    Raises:
        UsageError: it is no folder, or cannot be written to.
    """
    parent = Path(out)
    if not out.strip():  # such as "$RUNS" where that is not set; it would be the current folder
        raise UsageError(f"--out: got {out!r}, expected a folder; name one")
    if re.match(r"~([/\\]|$)", out):  # quoted, behind a "=", or on Windows
        raise UsageError(
            f"--out: got {out!r}, whose ~ the shell has not replaced, expected a folder; write its "
            "whole name"
        )
    try:
        parent.mkdir(parents=True, exist_ok=True)
        writable = os.access(parent, os.W_OK | os.X_OK)
    except (OSError, ValueError) as error:
        raise UsageError(
            f"--out: got {out!r} ({reason(error)}), expected a folder; name another one"
        ) from None
    if not writable:
        raise UsageError(f"--out: got {out!r}, expected a folder to write to; name another one")
    return parent


def folder_name(slug: str, description: Description) -> str:
    """Return what a run's folder is called: its configuration and the data's hash."""
    return f"{slug}-{description['data']['sha256'][:8]}"


def new_folder(parent: Path, name: str) -> Path:
    """Make a folder `name` in `parent`, or `name-2`, `name-3` if there is one already.

    Raises:
        RunFolderError: it cannot be made.
    """
    with as_run_folder_error(parent / name):
        return make_new(parent / name, Path.mkdir)


class RunFolder(AbstractContextManager["RunFolder"]):
    """A run's folder while it is written, locked for this process.

    As a context manager it gives the lock back, whatever happens inside. Between two calls only the
    lock is an open file: many runs may be trained together.
    """

    def __init__(self, path: Path, description: Description) -> None:
        """Open the folder of an unfinished run, or begin the run in a new folder.

        Raises:
            RunFolderError: the folder or its first files cannot be written, or another process
                writes to it or has just finished it.
        """
        if (path / "checkpoints").is_symlink():
            raise RunFolderError(
                f"{path / 'checkpoints'}: got a link, expected a folder of this run, for it is "
                "removed at the end; remove the link"
            )
        self.path, self.checkpoints = path, Checkpoints(path, description)
        self._results = path / RESULTS
        self._metrics, self._lock = path / "metrics.jsonl", FolderLock(path)
        with ExitStack() as on_error, as_run_folder_error(path):
            self._lock.acquire()
            on_error.callback(self.close)
            if is_finished(path):
                raise RunFolderError(
                    f"{path}: got a run that another process has just finished, expected an "
                    "unfinished one; start again"
                )
            remove_dead_parts(path)
            remove_dead_parts(self.checkpoints.path)
            if not (path / "config.json").exists():
                sync_folder(path.parent)
                self.truncate_metrics([])
                write_json(path / "config.json", description)
            on_error.pop_all()

    def truncate_metrics(self, records: Iterable[EpochRecord]) -> None:
        """Make `metrics.jsonl` hold these epochs and no others, and go on after them."""
        with as_run_folder_error(self.path):
            self._results.unlink(missing_ok=True)
            with atomic_write(self._metrics) as file:
                file.write(b"".join(map(json_line, records)))

    def add_epoch(self, record: EpochRecord) -> None:
        """Append one epoch's line to `metrics.jsonl`."""
        with as_run_folder_error(self.path), self._metrics.open("ab") as file:
            file.write(json_line(record))

    def save(self, progress: Progress, beside: Iterable[str] = ()) -> None:
        """Write a checkpoint; see `Checkpoints.save`."""
        with as_run_folder_error(self.path):
            self.checkpoints.save(progress, list(beside))

    def write_results(self, summary: Summary, weights: Mapping[str, np.ndarray]) -> None:
        """Write all that a finished run has, the summary beside the checkpoints.

        From here on nothing has to be computed any more. Of runs that were trained together all
        have their results written before the first is marked as finished: no kill leaves some of
        them without others, which would have to be trained among fewer, to other last bits.
        """
        with as_run_folder_error(self.path):
            with self._metrics.open("ab") as file:
                os.fsync(file.fileno())
            stored = self.path / "weights.npz"
            with atomic_write(stored) as file:
                np.savez(file, allow_pickle=False, **weights)
            with stored.open("rb") as file:
                summary["weights_sha256"] = hashlib.file_digest(file, "sha256").hexdigest()
            self.checkpoints.path.mkdir(exist_ok=True)
            write_json(self._results, summary)

    @property
    def has_results(self) -> bool:
        """Whether only `mark_finished` is missing."""
        return self._results.exists()

    def mark_finished(self) -> None:
        """Make a run with results a finished one; checkpoints are removed, the lock given back."""
        with as_run_folder_error(self.path):
            self._results.replace(self.path / "summary.json")
            sync_folder(self.path)
        shutil.rmtree(self.checkpoints.path, ignore_errors=True)
        self.close()

    def close(self) -> None:
        """Give the lock back; once is enough."""
        self._lock.release()

    def __exit__(self, *_error: object) -> None:
        self.close()
