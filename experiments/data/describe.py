"""A data set in words: where it is from, how many images of what it holds, which of them twice."""

import hashlib
from typing import NamedTuple

import numpy as np

from experiments.cli.tables import text_table
from experiments.data.dataset import CLASS_NAMES, Dataset
from experiments.data.release import identify

_RELEASES = {
    "v2": "looks like v2, the class numbers of the assignment",
    "v1": "looks like v1, whose class numbers are permuted; these names are true",
    "unknown": "unknown, taken to have the class numbers of the assignment",
    "other": "none: not the course's images",
}


def describe(data: Dataset) -> str:
    """Several lines of text, at most 80 characters wide but for the source's own length."""
    if data.synthetic:
        kind, looks_like = f"{data.name}: drawn, not photographed", "none, since it is synthetic"
    else:
        kind = data.name
        release = identify(data.train, data.val).name
        if release == "unknown" and set(data.class_names) != set(CLASS_NAMES):
            release = "other"  # the file names its classes itself
        looks_like = _RELEASES[release]
    head = {
        "data": kind,
        "from": data.source,
        "sha256": data.sha256,
        "images": " x ".join(map(str, data.image_shape)),
        "release": looks_like,
        "twice": find_duplicates(data).text,
    }
    return "\n".join([*(f"{key:9}{value}" for key, value in head.items()), "", class_table(data)])


def class_table(data: Dataset) -> str:
    """How many images of each class each split has."""
    n_classes, splits = len(data.class_names), data.splits.values()
    counts = np.stack([np.bincount(split.labels, minlength=n_classes) for split in splits])
    counts = np.vstack([counts, counts.sum(0)]).T
    counts = np.vstack([counts, counts.sum(0)])
    names = [*(f"{label} {name}" for label, name in enumerate(data.class_names)), "all"]
    cells = [[name, *(f"{n:,}" for n in row)] for name, row in zip(names, counts, strict=True)]
    return "\n".join(text_table(["class", *data.splits, "all"], cells))


class Duplicates(NamedTuple):
    """Groups of images that are equal to the pixel.

    Attributes:
        groups: how many, each of two images or more.
        images: how many images are in them.
        across: groups with images of more than one split: what is tested was trained on.
        contradictory: groups whose images carry different labels: no model is right on all.
    """

    groups: int
    images: int
    across: int
    contradictory: int

    @property
    def text(self) -> str:
        """The counts in words."""
        if not self.groups:
            return "no image is there twice"
        return (
            f"{self.images:,} images, {self.groups:,} groups; {self.across:,} across splits, "
            f"{self.contradictory:,} with different labels"
        )


def find_duplicates(data: Dataset) -> Duplicates:
    """Count the groups of equal images of all splits together; a fifth of a second."""
    places: dict[bytes, list[tuple[str, int]]] = {}
    for name, split in data.splits.items():
        for pixels, label in zip(split.pixels, split.labels.tolist(), strict=True):
            digest = hashlib.blake2b(pixels.tobytes(), digest_size=16).digest()
            places.setdefault(digest, []).append((name, label))
    groups = [group for group in places.values() if len(group) > 1]
    return Duplicates(
        groups=len(groups),
        images=sum(map(len, groups)),
        across=sum(len({split for split, _ in group}) > 1 for group in groups),
        contradictory=sum(len({label for _, label in group}) > 1 for group in groups),
    )
