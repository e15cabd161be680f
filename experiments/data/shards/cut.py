"""Cut a file that fits into no memory into shards."""

import hashlib
import json
import re
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import numpy as np

from experiments.cli.errors import DataError, as_data_error
from experiments.cli.text import printable
from experiments.data.dataset import SPLITS, Split
from experiments.data.load import named
from experiments.data.npz.read import opened_npz
from experiments.data.shards.dataset import FORMAT, INDEX, ShardedDataset, open_shards
from experiments.environment.lock import FolderLock
from experiments.files.atomic_write import atomic_write

MAX_BYTES = 2**42
"""What the arrays of a file may come to: 600 million images, more than a disk holds."""
SHARD_EXAMPLES = 4096
"""Examples per shard unless told: 28 MB."""

_DESCRIBED = ("image_shape", "class_names", "name", "sha256", "synthetic")
_WRITTEN = re.compile(rf"({'|'.join(SPLITS)})-\d{{5,}}\.bin|\..*\.[0-9a-f]{{16}}\.part").fullmatch
"""Matches the names of shards, and of files that a killed process was writing."""


def cut(path: Path, folder: Path, shard_examples: int = SHARD_EXAMPLES) -> ShardedDataset:
    """Write a file in the course's format as shards; in memory are one shard and all labels.

    The file is checked like one that is loaded, each entry's CRC when its last image has been
    written. The index comes last, so what was broken off is no data set, and the next cut into the
    folder replaces it; one that fails leaves nothing.

    Args:
        path: the file.
        folder: made unless it exists, then it has to be empty or left by such a cut.
        shard_examples: examples per shard, the last one of a split shorter.

    Raises:
        DataError: the file is not what it should be, or the folder has other files, or cannot be
            written.
        RunFolderError: another process writes to it.
    """
    with opened_npz(path, MAX_BYTES) as npz:
        blank = {}
        for name in SPLITS:
            shape = npz.entries[f"{name}_images"].shape
            blank[name] = Split(np.broadcast_to(np.uint8(0), shape), npz.labels(name))
        description = named(path, npz, blank).description
        index: dict[str, Any] = {"format": FORMAT, **{key: description[key] for key in _DESCRIBED}}
        room = "a folder with room for the shards; choose another place"
        with as_data_error(folder, room), _filling(folder):
            index["splits"] = {
                name: [
                    _write(folder / f"{name}-{i:05d}.bin", part)
                    for i, part in enumerate(npz.blocks(name, shard_examples))
                ]
                for name in SPLITS
            }
            with atomic_write(folder / INDEX) as file:
                file.write(json.dumps(index, indent=1).encode())
    return open_shards(folder)


@contextmanager
def _filling(folder: Path) -> Iterator[None]:
    """Lock a new or empty folder; what was written into it is removed after a failure, Ctrl-C too.

    What a killed process has left counts as empty: its lock lies there still, and no index.
    """
    is_new = not folder.exists()
    folder.mkdir(exist_ok=True)
    _refuse_foreign(folder)
    try:
        with FolderLock(folder).held():
            _refuse_foreign(folder)  # another process may have been faster
            _remove_written(folder)
            try:
                yield
            except BaseException:
                _remove_written(folder)
                raise
    finally:
        if is_new:
            with suppress(OSError):  # it is not empty
                folder.rmdir()


def _refuse_foreign(folder: Path) -> None:
    names = {path.name for path in folder.iterdir()}
    if names and not ("lock" in names and all(name == "lock" or _WRITTEN(name) for name in names)):
        raise DataError(
            f"{printable(folder)}: got a folder with files in it, expected a new or an empty "
            "one; name another"
        )


def _remove_written(folder: Path) -> None:
    for file in folder.iterdir():
        if _WRITTEN(file.name):
            with suppress(OSError):
                file.unlink()


def _write(path: Path, part: Split) -> dict[str, Any]:
    """Write a shard of these examples; return its entry of the index."""
    digest = hashlib.sha256()
    with atomic_write(path) as file:
        for content in (part.images.data, part.labels.astype(np.uint8).data):
            file.write(content)
            digest.update(content)
    return {"file": path.name, "examples": len(part), "sha256": digest.hexdigest()}
