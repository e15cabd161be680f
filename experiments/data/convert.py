"""Turn data into shards: a data set in memory, or a file that fits into no memory."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np

from experiments.data.dataset import SPLITS, Dataset, Split
from experiments.data.load import named
from experiments.data.npz.entries import OpenedNpz, opened_npz, with_channels
from experiments.data.shards.folder import SHARD_EXAMPLES, Shards, write_shards

MAX_BYTES = 2**42
"""What the arrays of a file may come to: 600 million images, more than a disk holds."""


def convert(data: Dataset, folder: Path, shard_examples: int = SHARD_EXAMPLES) -> Shards:
    """Write a data set, already checked, as shards, and read every one of them back.

    Raises:
        DataError: the folder exists and is not empty, or the disk does not take the shards.
    """

    def blocks(split: Split) -> Iterator[Split]:
        for at in range(0, len(split), shard_examples):
            some = slice(at, at + shard_examples)
            yield Split(split.images[some], split.labels[some])

    return write_shards(
        {name: blocks(split) for name, split in data.splits.items()}, folder, data.description
    )


def convert_file(path: Path, folder: Path, shard_examples: int = SHARD_EXAMPLES) -> Shards:
    """Write a file in the course's format as shards; in memory are one shard and all labels.

    The file is checked like one that is loaded, each entry's CRC when its last image has been
    written; where that fails nothing is left.

    Raises:
        DataError: the file is not what it should be, or the folder cannot be used.
    """
    with opened_npz(path, MAX_BYTES) as npz:
        labels = {name: npz.array(f"{name}_labels").astype(np.int64).reshape(-1) for name in SPLITS}
        blank = {
            name: Split(
                np.broadcast_to(np.uint8(0), with_channels(npz.entries[f"{name}_images"].shape)),
                own,
            )
            for name, own in labels.items()
        }
        data = named(path, blank, npz.sha256, synthetic=npz.synthetic, class_names=npz.class_names)
        blocks = {name: _blocks(npz, name, labels[name], shard_examples) for name in SPLITS}
        return write_shards(blocks, folder, data.description)


def _blocks(npz: OpenedNpz, name: str, labels: np.ndarray, size: int) -> Iterator[Split]:
    at = 0
    for images in npz.blocks(f"{name}_images", size):
        images = images.reshape(with_channels(images.shape))
        yield Split(images, labels[at : at + len(images)])
        at += len(images)
