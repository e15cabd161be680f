"""A data set as a folder of shards, for data that do not fit into memory.

    index.json           what there is: splits, classes, each shard's length and SHA-256
    train-00000.bin ...  n images, uint8 [n, h, w, ch], then their n labels, uint8 [n]

Example i of a split is example i of the `.npz` that was cut. A shard is raw bytes, so any image of
it is one read at a known place and nothing has to be decompressed.
"""

import hashlib
import math
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple, NoReturn

import numpy as np
from numpy.typing import NDArray

from experiments.cli.data_source import parse_source
from experiments.cli.errors import DataError, as_data_error
from experiments.cli.text import printable
from experiments.data.dataset import SPLITS, Dataset, Split, is_image_shape
from experiments.data.load import load
from experiments.files.safe_read import check_is_file, read_object

FORMAT = "landscapes-shards-1"
INDEX = "index.json"

_AGAIN = "convert the data again with hw1-data shard"


class Shard(NamedTuple):
    """One file of a split, how many examples it holds, and the SHA-256 of its bytes in hex."""

    path: Path
    examples: int
    sha256: str


@dataclass(frozen=True, eq=False)
class _OnDisk(Split):
    """A split whose images take no memory: one black pixel stands for all of them."""

    @property
    def pixels(self) -> NoReturn:
        """Never there."""
        raise AssertionError("these images are on the disk; read them with ShardReader")


@dataclass(frozen=True, eq=False)
class ShardedDataset(Dataset):
    """A data set of which only labels and description are in memory.

    The images of train, val and test are in their `shards`, in order.
    """

    shards: Mapping[str, tuple[Shard, ...]]


def open_data(source: str | None) -> Dataset:
    """Load the data set that `--data` names; of a folder of shards the labels alone.

    Raises:
        UsageError, DataError: see `experiments.data.load.load` and `open_shards`.
    """
    parsed = parse_source(source)
    return open_shards(parsed) if isinstance(parsed, Path) and is_shards(parsed) else load(source)


def is_shards(path: Path) -> bool:
    """Whether `path` is a folder with an index."""
    try:
        return (path / INDEX).is_file()
    except OSError:  # a path that is too long
        return False


def open_shards(folder: Path) -> ShardedDataset:
    """Read a folder's index and check every shard against it, a piece at a time.

    Raises:
        DataError: the index is missing or damaged, or a shard is missing, of another length, of
            another hash, or with labels out of range.
    """
    shape, described = _read_index(folder)
    splits: dict[str, Any] = {}
    for name, parts in described["shards"].items():
        n_classes = len(described["class_names"])
        labels = np.concatenate([_checked(shard, math.prod(shape), n_classes) for shard in parts])
        images = np.broadcast_to(np.uint8(0), (len(labels), *shape))
        splits[name] = _OnDisk(images, labels.astype(np.int64))
    return ShardedDataset(**splits, **described)


def _read_index(folder: Path) -> tuple[tuple[int, ...], dict[str, Any]]:
    """Return the images' shape, and what else a data set has but its splits."""
    where = folder / INDEX
    try:
        with as_data_error(where, f"an index of shards; {_AGAIN}"):
            index: Any = read_object(where)
        if index["format"] != FORMAT:
            raise ValueError(f"format {index['format']}")
        shape = tuple(index["image_shape"])
        if not all(type(side) is int for side in shape) or not is_image_shape(shape):
            raise ValueError(f"images of {shape}")
        shards = {
            name: tuple(_shard(folder, entry) for entry in index["splits"][name]) for name in SPLITS
        }
        if not all(shards.values()):
            raise ValueError("a split without shards")
        return shape, {
            "shards": shards,
            "class_names": tuple(str(name) for name in index["class_names"]),
            "name": printable(index["name"])[:60],
            "source": printable(folder),
            "sha256": str(index["sha256"]),
            "synthetic": index["synthetic"] is True,
        }
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise DataError(
            f"{printable(where)}: got a damaged index ({printable(error)[:100]}), expected "
            f"{FORMAT}; {_AGAIN}"
        ) from None


def _shard(folder: Path, entry: dict[str, Any]) -> Shard:
    file, examples = str(entry["file"]), entry["examples"]
    if Path(file).name != file:  # an index has no business outside its folder
        raise ValueError(f"a shard elsewhere, {file}")
    if type(examples) is not int or examples < 1:
        raise ValueError(f"{examples} examples")
    return Shard(folder / file, examples, str(entry["sha256"]))


def _checked(shard: Shard, image_bytes: int, n_classes: int) -> NDArray[np.uint8]:
    """Return the labels of a shard that is what the index says."""
    where, size = printable(shard.path), shard.examples * (image_bytes + 1)
    with as_data_error(shard.path, f"a shard; {_AGAIN}", (OSError, ValueError)):
        check_is_file(shard.path)
        if (found := shard.path.stat().st_size) != size:
            raise DataError(f"{where}: got {found:,} bytes, expected {size:,}; {_AGAIN}")
        with shard.path.open("rb") as file:
            digest = hashlib.file_digest(file, "sha256").hexdigest()
            file.seek(shard.examples * image_bytes)
            labels = np.frombuffer(file.read(shard.examples), np.uint8)
    if digest != shard.sha256:
        raise DataError(
            f"{where}: got SHA-256 {digest[:12]}, expected {shard.sha256[:12]}; "
            f"it is damaged, {_AGAIN}"
        )
    if labels.max() >= n_classes:
        raise DataError(f"{where}: got label {labels.max()}, expected 0 to {n_classes - 1}")
    return labels
