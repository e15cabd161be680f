"""Which release of the course's file a data set looks like, and hence what its labels mean.

Both releases hold the same images; v1 has its class numbers permuted. All six class counts of train
and val together differ, so that the counts alone tell the true name of each label.
"""

from typing import NamedTuple

import numpy as np

from experiments.data.dataset import CLASS_NAMES, COURSE_SHAPE, MAX_CLASSES, Split

V2_COUNTS = (2191, 2271, 2404, 2512, 2274, 2382)
"""Examples of each class in train and val together, in the order of v2's labels."""


class Release(NamedTuple):
    """The release ("v2", "v1", "unknown" of their shape, or "other") and the name of each label."""

    name: str
    class_names: tuple[str, ...]


def identify(train: Split, val: Split) -> Release:
    """Tell the release from the images' shape and the class counts of train and val together.

    Returns:
        The release. An unknown file of the course's shape is taken to have the assignment's class
        numbers; the classes of any other are called by their numbers.
    """
    labels = np.concatenate([train.labels, val.labels])
    n_classes = int(labels.max(initial=0)) + 1
    if train.images.shape[1:] != COURSE_SHAPE or n_classes > len(CLASS_NAMES):
        return Release("other", tuple(f"class {k}" for k in range(min(n_classes, MAX_CLASSES))))
    in_range = labels[labels >= 0]
    counts = tuple(np.bincount(in_range, minlength=len(CLASS_NAMES)).tolist())
    if len(in_range) < len(labels) or sorted(counts) != sorted(V2_COUNTS):
        return Release("unknown", CLASS_NAMES)
    if counts == V2_COUNTS:
        return Release("v2", CLASS_NAMES)
    name_of = dict(zip(V2_COUNTS, CLASS_NAMES, strict=True))
    return Release("v1", tuple(name_of[count] for count in counts))
