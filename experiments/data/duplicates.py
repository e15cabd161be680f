"""Images that a data set holds more than once, pixel for pixel."""

import hashlib
from typing import NamedTuple

from experiments.data.dataset import Dataset


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
