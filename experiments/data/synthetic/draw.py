"""The synthetic data set: how many of which class in which split, drawn in batches."""

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from experiments.data.dataset import CLASS_NAMES, COURSE_SHAPE, SPLITS, Split
from experiments.data.synthetic import buildings, forest, glacier, mountain, sea, street
from experiments.data.synthetic.canvas import Array, Dice
from experiments.data.synthetic.photograph import photograph

Scene = Callable[[Dice], Array]

# The photographs' own numbers: 17,034 in three splits, and how many of each class.
SPLIT_SIZES = (12630, 1404, 3000)
CLASS_SIZES = (2628, 2745, 2957, 3037, 2784, 2883)

# What a class may show, with weights. Mountains and glaciers share the snow-clad range on purpose:
# the photographs' labels do not part them either.
SCENES: dict[str, dict[Scene, float]] = {
    "buildings": {
        buildings.skyline: 3,
        buildings.facade: 4,
        buildings.tower: 4,
        buildings.house: 2,
    },
    "forest": {forest.stand: 6, forest.thicket: 2, forest.mist: 1.5, forest.edge: 1},
    "glacier": {
        glacier.ice_front: 3,
        glacier.tongue: 2.5,
        glacier.snowfield: 2.5,
        glacier.moraine: 2.5,
        glacier.high_peaks: 1.5,
    },
    "mountain": {
        mountain.peaks: 4,
        mountain.hills: 2,
        mountain.layers: 1.5,
        mountain.lake: 1.5,
        glacier.high_peaks: 0.7,
    },
    "sea": {sea.open_water: 3, sea.beach: 3, sea.coast: 2, sea.surf: 1.5, sea.sunset: 1},
    "street": {street.canyon: 6, street.avenue: 2.5, street.across: 2},
}

# 64 pictures of float32 take 1.8 MB: the arrays a scene works on stay in the processor's cache.
BATCH = 64


def split_sizes(n_images: int) -> tuple[int, int, int]:
    """Return the sizes of train, val and test, in the photographs' proportions."""
    total = sum(SPLIT_SIZES)
    val, test = (max(1, round(n_images * size / total)) for size in SPLIT_SIZES[1:])
    return n_images - val - test, val, test


def _labels(rng: np.random.Generator, n: int) -> NDArray[np.int64]:
    """Shuffled labels of one split `[n]`, each class in its share to within one image."""
    bounds = np.rint(np.cumsum(CLASS_SIZES) / sum(CLASS_SIZES) * n).astype(np.int64)
    labels = np.searchsorted(bounds, np.arange(n), side="right")
    return rng.permutation(labels)


def _draw(rng: np.random.Generator, labels: NDArray[np.int64]) -> NDArray[np.uint8]:
    """One picture for each label, uint8 `[n, 48, 48, 3]`."""
    images = np.empty((len(labels), *COURSE_SHAPE), np.uint8)
    # Once a large array has been freed, glibc keeps freed memory rather than hand it back to the
    # system after every expression: a third less time. Elsewhere the line does nothing.
    np.empty(30 << 20, np.uint8)
    for label, name in enumerate(CLASS_NAMES):
        places = np.flatnonzero(labels == label)
        kinds = Dice(rng, len(places)).index(list(SCENES[name].values()))
        for kind, scene in enumerate(SCENES[name]):
            chosen = places[kinds == kind]
            for start in range(0, len(chosen), BATCH):
                batch = chosen[start : start + BATCH]
                dice = Dice(rng, len(batch))
                images[batch] = photograph(dice, scene(dice))
    return images


def draw_landscapes(n_images: int, seed: int) -> dict[str, Split]:
    """Draw the six classes of landscapes, as hard to tell apart by their pixels as photographs.

    The same arguments give the same images. Nothing is read or downloaded.

    `n_images` are in all three splits: 12630 / 1404 / 3000 of 17034, any other number in the same
    proportions, but fewer than 18 may lack a class. The seed is `numpy.random.default_rng`'s.
    """
    sizes = split_sizes(n_images)
    # Two streams, so that a change to the one leaves what the other draws as it was.
    for_labels, for_images = np.random.default_rng(seed).spawn(2)
    labels = np.concatenate([_labels(for_labels, size) for size in sizes])
    images = _draw(for_images, labels)
    borders = np.cumsum(sizes)[:-1]
    drawn = map(Split, np.split(images, borders), np.split(labels, borders))
    return dict(zip(SPLITS, drawn, strict=True))
