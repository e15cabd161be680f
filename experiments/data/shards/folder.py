"""A data set as a folder of shards, for data that do not fit into memory.

    index.json           what there is: splits, classes, each shard's length and SHA-256
    train-00000.bin ...  n images, uint8 [n, h, w, ch], then their n labels, uint8 [n]

Example i of a split is example i of the `.npz` that was converted. A shard is raw bytes, so any
image of it is one read at a known place and nothing has to be decompressed.
"""

import hashlib
import json
import math
import re
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from experiments.cli.commands import DataError
from experiments.cli.text import printable
from experiments.data.dataset import SPLITS, Split, is_image_shape
from experiments.environment.lock import FolderLock
from experiments.files.atomic_write import atomic_write
from experiments.files.json_object import read_object
from experiments.files.safe_read import check_is_file

FORMAT = "landscapes-shards-1"
INDEX = "index.json"
SHARD_EXAMPLES = 4096
"""Examples per shard unless told: 28 MB."""

_DESCRIBED = ("image_shape", "class_names", "name", "sha256", "synthetic")
_WRITTEN = re.compile(rf"({'|'.join(SPLITS)})-\d{{5,}}\.bin|\..*\.[0-9a-f]{{16}}\.part").fullmatch
"""Matches the names of shards, and of files that a killed process was writing."""
_PIECE = 2**20
_AGAIN = "convert the data again with hw1-data shard"


@dataclass(frozen=True)
class Shard:
    """One file of a split.

    Attributes:
        path: the file.
        examples: how many it holds.
        sha256: of its bytes, 64 hex digits.
        image_bytes: of each of its images.
    """

    path: Path
    examples: int
    sha256: str
    image_bytes: int

    @property
    def size(self) -> int:
        """Bytes of the file."""
        return self.examples * (self.image_bytes + 1)


@dataclass(frozen=True)
class Shards:
    """What an index says; no image is in memory.

    Attributes:
        splits: the shards of train, val and test, in order.
        class_names: the name of each label, in label order.
        name: what a plot or a printout calls the data.
        source: the folder.
        sha256: of the file that was converted, or of the drawn arrays.
        synthetic: whether the images were drawn.
        image_shape: height, width and channels.
    """

    splits: Mapping[str, tuple[Shard, ...]]
    class_names: tuple[str, ...]
    name: str
    source: str
    sha256: str
    synthetic: bool
    image_shape: tuple[int, int, int]

    @property
    def image_bytes(self) -> int:
        """Bytes of an image."""
        return math.prod(self.image_shape)

    def examples(self, split: str) -> int:
        """How many examples a split has."""
        return sum(shard.examples for shard in self.splits[split])


def is_shards(path: Path) -> bool:
    """Whether `path` is a folder with an index."""
    try:
        return (path / INDEX).is_file()
    except OSError:  # a path that is too long
        return False


def write_shards(
    blocks: Mapping[str, Iterable[Split]], folder: Path, description: Mapping[str, Any]
) -> Shards:
    """Write splits given block by block, a shard for each; only one block is in memory.

    The index comes last, so a conversion that was cut off is no data set, and the next one into the
    folder replaces it; one that fails leaves nothing.

    Args:
        blocks: for each of train, val, test its blocks in order.
        folder: made unless it exists, then it has to be empty or left by such a conversion.
        description: `class_names`, `image_shape`, `name`, `sha256`, `synthetic`, see `Shards`.

    Raises:
        DataError: the folder has other files, or cannot be written.
        RunFolderError: another process writes to it.
    """
    index = {
        "format": FORMAT,
        **{key: description[key] for key in _DESCRIBED},
    }
    try:
        with _filling(folder):
            index["splits"] = {
                name: [
                    _write(folder / f"{name}-{i:05d}.bin", block) for i, block in enumerate(parts)
                ]
                for name, parts in blocks.items()
            }
            with atomic_write(folder / INDEX) as file:
                file.write(json.dumps(index, indent=1).encode())
    except OSError as error:
        raise DataError(
            f"{printable(folder)}: got {error.strerror or error}, expected a folder with room for "
            "the shards; choose another place"
        ) from None
    return open_shards(folder)


def open_shards(folder: Path) -> Shards:
    """Read a folder's index and check every shard against it, a piece at a time.

    Raises:
        DataError: the index is missing or damaged, or a shard is missing, of another length, of
            another hash, or with labels out of range.
    """
    shards = _read_index(folder)
    for parts in shards.splits.values():
        for shard in parts:
            _check(shard, len(shards.class_names))
    return shards


@contextmanager
def _filling(folder: Path) -> Iterator[None]:
    """Lock a new or empty folder; what was written into it is removed after a failure, Ctrl-C too.

    What a killed process has left counts as empty: its lock lies there still, and no index.
    """
    is_new = not folder.exists()
    folder.mkdir(exist_ok=True)
    _refuse_foreign(folder)
    lock = FolderLock(folder)
    lock.acquire()
    try:
        _refuse_foreign(folder)  # another process may have been faster
        _remove_written(folder)
        try:
            yield
        except BaseException:
            _remove_written(folder)
            raise
    finally:
        lock.release()
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


def _write(path: Path, block: Split) -> dict[str, Any]:
    if block.labels.min() < 0 or block.labels.max() > np.iinfo(np.uint8).max:
        raise DataError(f"{path.name}: got labels beyond 0 to 255, expected few classes")
    images, labels = np.ascontiguousarray(block.images), block.labels.astype(np.uint8)
    digest = hashlib.sha256(images.data)
    digest.update(labels.data)
    with atomic_write(path) as file:
        file.write(images.data)
        file.write(labels.data)
    return {"file": path.name, "examples": len(labels), "sha256": digest.hexdigest()}


def _read_index(folder: Path) -> Shards:
    where = printable(folder / INDEX)
    try:
        index: Any = read_object(folder / INDEX)
        if index["format"] != FORMAT:
            raise ValueError(f"format {index['format']}")
        height, width, channels = shape = tuple(index["image_shape"])
        if not all(type(side) is int for side in shape) or not is_image_shape(shape):
            raise ValueError(f"images of {shape}")
        size = math.prod(shape)
        splits = {
            name: tuple(_described(folder, entry, size) for entry in index["splits"][name])
            for name in SPLITS
        }
        if not all(splits.values()):
            raise ValueError("a split without shards")
        return Shards(
            splits,
            tuple(str(name) for name in index["class_names"]),
            printable(index["name"])[:60],
            printable(folder),
            str(index["sha256"]),
            index["synthetic"] is True,
            (height, width, channels),
        )
    except OSError as error:
        raise DataError(
            f"{where}: got {error.strerror or error}, expected an index of shards; {_AGAIN}"
        ) from None
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise DataError(
            f"{where}: got a damaged index ({printable(error)[:100]}), expected {FORMAT}; {_AGAIN}"
        ) from None


def _described(folder: Path, entry: dict[str, Any], image_bytes: int) -> Shard:
    file, examples = str(entry["file"]), entry["examples"]
    if Path(file).name != file:  # an index has no business outside its folder
        raise ValueError(f"a shard elsewhere, {file}")
    if type(examples) is not int or examples < 1:
        raise ValueError(f"{examples} examples")
    return Shard(folder / file, examples, str(entry["sha256"]), image_bytes)


def _check(shard: Shard, n_classes: int) -> None:
    digest, where = hashlib.sha256(), printable(shard.path)
    try:
        check_is_file(shard.path)
        size = shard.path.stat().st_size
        if size != shard.size:
            raise DataError(f"{where}: got {size:,} bytes, expected {shard.size:,}; {_AGAIN}")
        with shard.path.open("rb") as file:
            while piece := file.read(_PIECE):
                digest.update(piece)
            file.seek(shard.examples * shard.image_bytes)
            labels = np.frombuffer(file.read(shard.examples), np.uint8)
    except OSError as error:
        raise DataError(
            f"{where}: got {error.strerror or error}, expected a shard; {_AGAIN}"
        ) from None
    except ValueError as error:
        raise DataError(f"{where}: got {error}, expected a shard; {_AGAIN}") from None
    if digest.hexdigest() != shard.sha256:
        raise DataError(
            f"{where}: got SHA-256 {digest.hexdigest()[:12]}, expected {shard.sha256[:12]}; "
            f"it is damaged, {_AGAIN}"
        )
    if labels.max() >= n_classes:
        raise DataError(f"{where}: got label {labels.max()}, expected 0 to {n_classes - 1}")


def read_labels(shards: Shards, split: str) -> NDArray[np.int64]:
    """Return the labels of a split, `[n]`; a byte each on the disk, so they are read whole."""
    parts = []
    for shard in shards.splits[split]:
        with shard.path.open("rb") as file:
            file.seek(shard.examples * shard.image_bytes)
            parts.append(np.frombuffer(file.read(shard.examples), np.uint8))
    return np.concatenate(parts).astype(np.int64)
