"""Shards where a data set is expected: labels and description are there, images on the disk."""

from dataclasses import dataclass
from pathlib import Path
from typing import NoReturn

import numpy as np

from experiments.cli.data_source import parse_source
from experiments.data.dataset import SPLITS, Dataset, Split
from experiments.data.load import load
from experiments.data.shards.folder import Shards, is_shards, open_shards, read_labels


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

    Attributes:
        shards: where the images are.
    """

    shards: Shards


def open_data(source: str | None) -> Dataset:
    """Load the data set that `--data` names; of a folder of shards the labels alone.

    Raises:
        UsageError, DataError: see `experiments.data.load.load` and `open_shards`.
    """
    parsed = parse_source(source)
    if isinstance(parsed, Path) and is_shards(parsed):
        return load_shards(parsed)
    return load(source)


def load_shards(folder: Path) -> ShardedDataset:
    """Open a folder of shards, every one checked.

    Raises:
        DataError: the index or a shard is damaged.
    """
    shards = open_shards(folder)
    splits = {}
    for name in SPLITS:
        labels = read_labels(shards, name)
        blank = np.broadcast_to(np.uint8(0), (len(labels), *shards.image_shape))
        splits[name] = _OnDisk(blank, labels)
    return ShardedDataset(
        **splits,
        class_names=shards.class_names,
        name=shards.name,
        source=shards.source,
        sha256=shards.sha256,
        synthetic=shards.synthetic,
        shards=shards,
    )
