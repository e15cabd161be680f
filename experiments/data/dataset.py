"""The one value type for a data set of images, and its validator."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from experiments.cli.errors import DataError

CLASS_NAMES = ("buildings", "forest", "glacier", "mountain", "sea", "street")
SPLITS: Final = ("train", "val", "test")
COURSE_SHAPE = (48, 48, 3)
"""Height, width and channels of the course's images, and of the drawn ones."""
MAX_SIDE = 1024
MAX_CHANNELS = 4
MAX_CLASSES = 256


@dataclass(frozen=True, eq=False)
class Split:
    """One split: the examples that are trained on, tuned on or tested on.

    Attributes:
        images: uint8 `[n, h, w, ch]`, 1 to 4 channels; the course's `[n, 48, 48, 3]`.
        labels: int64 `[n]`, class numbers from 0.
    """

    images: NDArray[np.uint8]
    labels: NDArray[np.int64]

    def __len__(self) -> int:
        return len(self.labels)

    @property
    def pixels(self) -> NDArray[np.uint8]:
        """The images as rows, uint8 `[n, h w ch]`, without a copy."""
        return self.images.reshape(len(self.images), -1)


@dataclass(frozen=True, eq=False)
class Dataset:
    """A data set of images in three splits.

    Attributes:
        train: what is trained on.
        val: what is tuned on.
        test: what is read once, at the end.
        class_names: the name of each label, in label order.
        name: what a plot or a printout calls it, a few words.
        source: where it came from: the file's path, or how it was drawn.
        sha256: the hash of the file's bytes, or of the drawn arrays, 64 hex digits.
        synthetic: whether the images were drawn rather than photographed.

    Raises:
        DataError: a split is empty, a label is out of range, or a class is not in the train split.
    """

    train: Split
    val: Split
    test: Split
    class_names: tuple[str, ...]
    name: str
    source: str
    sha256: str
    synthetic: bool

    def __post_init__(self) -> None:
        n_classes = len(self.class_names)
        for name, split in self.splits.items():
            _validate_split(f"{self.source}: {name}", split, self.image_shape, n_classes)
        counts = np.bincount(self.train.labels, minlength=n_classes)
        missing = [name for name, n in zip(self.class_names, counts, strict=True) if n == 0]
        if n_classes < 2:
            raise DataError(
                f"{self.source}: train_labels: got one class, expected two or more; use a complete "
                "file"
            )
        if missing == [self.class_names[0]]:
            raise DataError(
                f"{self.source}: train_labels: got labels from {self.train.labels.min()}, expected "
                "them from 0; save the labels less that number"
            )
        if missing:
            raise DataError(
                f"{self.source}: train_labels: got no example of {', '.join(missing)}, expected "
                "every class in the train split; use a complete file"
            )

    @property
    def description(self) -> dict[str, str | bool | list[str] | list[int]]:
        """All but the images and labels, as the files of a run hold it."""
        return {
            "name": self.name,
            "source": self.source,
            "sha256": self.sha256,
            "synthetic": self.synthetic,
            "class_names": list(self.class_names),
            "image_shape": list(self.image_shape),
        }

    @property
    def image_shape(self) -> tuple[int, int, int]:
        """Height, width and channels of every image."""
        height, width, channels = self.train.images.shape[1:]
        return height, width, channels

    @property
    def banner(self) -> str:
        """What a command says of its data first, in a line that tells drawn from photographed."""
        kind = "SYNTHETIC data" if self.synthetic else "data"
        return f"{kind}: {self.name} ({self.source}, sha256 {self.sha256[:8]})"

    @property
    def splits(self) -> dict[str, Split]:
        """The three splits by name, in the order train, val, test."""
        return {"train": self.train, "val": self.val, "test": self.test}


def hash_splits(splits: Mapping[str, Split]) -> str:
    """Return the SHA-256 of the arrays themselves, which identifies drawn data that lie in no file.

    It is over each split's name, length, images and labels, in the order of `SPLITS`.
    """
    digest = hashlib.sha256()
    for name in SPLITS:
        split = splits[name]
        digest.update(f"{name} {len(split)}\n".encode())
        digest.update(np.ascontiguousarray(split.images).data)
        digest.update(np.ascontiguousarray(split.labels, dtype="<i8").data)
    return digest.hexdigest()


def is_image_shape(shape: tuple[int, ...]) -> bool:
    """Whether these are height, width and channels that an image may have."""
    return (
        len(shape) == 3
        and all(1 <= side <= MAX_SIDE for side in shape[:2])
        and 1 <= shape[2] <= MAX_CHANNELS
    )


def _validate_split(name: str, split: Split, shape: tuple[int, ...], n_classes: int) -> None:
    images, labels = split.images, split.labels
    as_expected = images.dtype == np.uint8 and labels.dtype == np.int64
    if not as_expected or images.shape != (*labels.shape, *shape):
        raise DataError(
            f"{name}: got images {images.dtype} {list(images.shape)}, labels {labels.dtype} "
            f"{list(labels.shape)}, expected uint8 [n, {str(shape)[1:-1]}] and int64 [n]; "
            "prepare the file again"
        )
    if len(images) == 0:
        raise DataError(f"{name}_images: got no images, expected at least one; use a complete file")
    if labels.min() < 0 or labels.max() >= n_classes:
        raise DataError(
            f"{name}_labels: got labels from {labels.min()} to {labels.max()}, "
            f"expected 0 to {n_classes - 1}; prepare the file again"
        )
