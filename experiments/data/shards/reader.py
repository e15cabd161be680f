"""Batches from shards through Grain, in any order, with a bounded number of them in memory.

Images are read at their place in the file, straight into the batch: no shard is mapped
or loaded, the resident memory is that of the batches under way. The price is one read per
image: the operating system's cache serves it in microseconds, a disk by two or three
blocks at random places.
"""

import math
import os
import threading
from collections.abc import Iterator
from contextlib import AbstractContextManager

import grain  # type: ignore[import-untyped]
import numpy as np
from numpy.typing import NDArray

from experiments.cli.errors import DataError
from experiments.cli.text import printable
from experiments.data.shards.dataset import ShardedDataset

Block = tuple[NDArray[np.uint8], NDArray[np.int32]]
"""Pixels `[n, h w ch]` and labels `[n]`."""

AHEAD = 2
"""Blocks that are read while another is trained on."""
_BINARY = getattr(os, "O_BINARY", 0)
_place = threading.Lock()


def _read_at(file: int, row: memoryview, place: int) -> int:
    """Fill a row from a place in a file; return how many bytes there were."""
    if hasattr(os, "preadv"):
        return os.preadv(file, [row], place)
    with _place:  # Windows: all threads share the file's position
        os.lseek(file, place, os.SEEK_SET)
        found = os.read(file, len(row))
    row[: len(found)] = found
    return len(found)


class ShardReader(AbstractContextManager["ShardReader"]):
    """Random access to the examples of one split; a context manager, for its open files.

    Attributes:
        labels: int32 `[n]`.
    """

    def __init__(self, data: ShardedDataset, split: str) -> None:
        self._paths = [shard.path for shard in data.shards[split]]
        self._image_bytes = math.prod(data.image_shape)
        self._starts = np.cumsum([0, *(shard.examples for shard in data.shards[split])])
        self.labels = data.splits[split].labels.astype(np.int32)
        self._files = [os.open(path, os.O_RDONLY | _BINARY) for path in self._paths]
        self._changed = [os.fstat(file).st_mtime_ns for file in self._files]

    def __len__(self) -> int:
        return len(self.labels)

    def read(self, examples: NDArray[np.integer]) -> Block:
        """Return the examples of those numbers, in that order.

        Raises:
            DataError: a shard has been changed since it was opened.
        """
        pixels = np.empty((len(examples), self._image_bytes), np.uint8)
        which = np.searchsorted(self._starts, examples, side="right") - 1
        places = (examples - self._starts[which]) * self._image_bytes
        for row, shard, place in zip(pixels, which.tolist(), places.tolist(), strict=True):
            if _read_at(self._files[shard], row.data, place) != self._image_bytes:
                raise self._other_shard(shard)
        for shard in set(which.tolist()):
            if os.fstat(self._files[shard]).st_mtime_ns != self._changed[shard]:
                raise self._other_shard(shard)
        return pixels, self.labels[examples]

    def _other_shard(self, shard: int) -> DataError:
        return DataError(
            f"{printable(self._paths[shard])}: got a shard that was changed meanwhile, expected "
            "the one that was checked; convert the data again with hw1-data shard"
        )

    def blocks(self, order: NDArray[np.integer], size: int) -> Iterator[Block]:
        """Return the examples of `order`, `size` at a time, the last block shorter; read ahead."""
        starts = grain.MapDataset.range(0, len(order), size)
        blocks = starts.map(lambda start: self.read(order[start : start + size]))
        # Grain's threads read whole blocks.
        ahead = grain.ReadOptions(num_threads=AHEAD, prefetch_buffer_size=AHEAD)
        return iter(blocks.to_iter_dataset(ahead))

    def __exit__(self, *_: object) -> None:
        for file in self._files:
            os.close(file)
