"""Read the course's `.npz` whole; `experiments.data.npz.entries` says what is checked, and how."""

from pathlib import Path
from typing import NamedTuple

import numpy as np

from experiments.data.dataset import SPLITS, Split
from experiments.data.npz.entries import opened_npz, with_channels

MAX_BYTES = 2**30
"""What the arrays of one file may need in memory: nine times the course's data set."""


class Contents(NamedTuple):
    """What a file in the course's format holds.

    Attributes:
        splits: the splits train, val, test by name; not yet validated as a data set.
        sha256: the hash of the file's bytes, 64 hex digits.
        synthetic: whether the file says that its images were drawn.
        comment: the archive's comment, empty in the course's files.
        class_names: the names of the labels, None where the file gives none, as the course's.
    """

    splits: dict[str, Split]
    sha256: str
    synthetic: bool
    comment: bytes
    class_names: tuple[str, ...] | None


def read_npz(path: Path) -> Contents:
    """Read a file in the course's format.

    It holds, for each split, `<split>_images`, uint8 `[n, h, w, ch]` or `[n, h, w]`, and
    `<split>_labels`, integers of any type, `[n]` or `[n, 1]`. It may give `class_names`, texts
    `[c]`; files written by this project may also say whether they are `synthetic`, a bool `[]`.
    Peak memory is that of the arrays and a few MiB.

    Args:
        path: the file.

    Returns:
        The splits with their labels as int64 `[n]`, and what else the file says.

    Raises:
        DataError: the file is missing, unreadable, damaged, a bomb, or not in this format.
    """
    with opened_npz(path, MAX_BYTES) as npz:
        splits = {
            split: Split(
                _with_channels(npz.array(f"{split}_images")),
                npz.array(f"{split}_labels").astype(np.int64).reshape(-1),
            )
            for split in SPLITS
        }
        return Contents(splits, npz.sha256, npz.synthetic, npz.archive.comment, npz.class_names)


def _with_channels(images: np.ndarray) -> np.ndarray:
    return images.reshape(with_channels(images.shape))
