"""The one value type for a data set of landscapes, and its validator."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from experiments.commands import DataError

CLASS_NAMES = ("buildings", "forest", "glacier", "mountain", "sea", "street")
SPLITS = ("train", "val", "test")
IMAGE_SHAPE = (48, 48, 3)


@dataclass(frozen=True)
class Split:
    """One split: the examples that are trained on, tuned on or tested on.

    Attributes:
        images: uint8 `[n, 48, 48, 3]`, red, green, blue in 0 to 255.
        labels: int64 `[n]`, class numbers from 0.
    """

    images: NDArray[np.uint8]
    labels: NDArray[np.int64]

    def __len__(self) -> int:
        return len(self.labels)

    @property
    def pixels(self) -> NDArray[np.uint8]:
        """The images as rows, uint8 `[n, 6912]`, without a copy."""
        return self.images.reshape(len(self.images), -1)


@dataclass(frozen=True)
class Dataset:
    """A data set of landscapes in three splits.

    Attributes:
        train: what is trained on.
        val: what is tuned on.
        test: what is read once, at the end.
        class_names: the name of each label, in label order.
        name: what a plot or a printout calls it, a few words.
        source: where it came from: the file's path, or how it was drawn.
        sha256: the hash of the file's bytes, or of the drawn arrays, 64 hex digits.
        synthetic: whether the images were drawn rather than photographed.
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
        validate(self)

    @property
    def splits(self) -> dict[str, Split]:
        """The three splits by name, in the order train, val, test."""
        return {"train": self.train, "val": self.val, "test": self.test}


def validate(data: Dataset) -> None:
    """Check every invariant of a data set.

    Raises:
        DataError: naming the first entry that is wrong, its value, and what is expected.
    """
    for name, split in data.splits.items():
        _validate_split(name, split, len(data.class_names))
    present = np.bincount(data.train.labels, minlength=len(data.class_names)) > 0
    if not present.all():
        missing = ", ".join(
            n for n, there in zip(data.class_names, present, strict=True) if not there
        )
        raise DataError(
            f"{data.source}: no training example of {missing}, expected every class in the "
            "train split; use a complete file"
        )


def _validate_split(name: str, split: Split, n_classes: int) -> None:
    images, labels = split.images, split.labels
    if images.dtype != np.uint8 or images.shape[1:] != IMAGE_SHAPE:
        raise DataError(
            f"{name}_images: got {images.dtype} {list(images.shape)}, "
            "expected uint8 [n, 48, 48, 3]; prepare the file with hw1-data prepare"
        )
    if len(images) == 0:
        raise DataError(f"{name}_images: got no images, expected at least one; use a complete file")
    if labels.dtype != np.int64 or labels.shape != (len(images),):
        raise DataError(
            f"{name}_labels: got {labels.dtype} {list(labels.shape)}, expected one integer for each "
            f"of the {len(images)} images; prepare the file again"
        )
    if labels.min() < 0 or labels.max() >= n_classes:
        raise DataError(
            f"{name}_labels: got labels from {labels.min()} to {labels.max()}, "
            f"expected 0 to {n_classes - 1}; prepare the file again"
        )
