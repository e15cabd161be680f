"""Which release of the course's file a data set looks like, and hence what its labels mean.

Both releases hold the same images; v1 has its class numbers permuted. All six class counts of train
and val together differ, so that the counts alone tell the true name of each label.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from experiments.data.dataset import CLASS_NAMES

V2_COUNTS = (2191, 2271, 2404, 2512, 2274, 2382)
"""Examples of each class in train and val together, in the order of v2's labels."""


class Release(NamedTuple):
    """What a data set looks like.

    Attributes:
        name: "v2", "v1" or "unknown".
        class_names: the name of each label, in label order.
    """

    name: str
    class_names: tuple[str, ...]


def identify(train_labels: NDArray[np.int64], val_labels: NDArray[np.int64]) -> Release:
    """Tell the release from the class counts of train and val together.

    Args:
        train_labels: `[n_train]`.
        val_labels: `[n_val]`.

    Returns:
        The release. An unknown one is taken to have the assignment's class numbers.
    """
    labels = np.concatenate([train_labels, val_labels])
    in_range = labels[(labels >= 0) & (labels < len(CLASS_NAMES))]
    counts = tuple(np.bincount(in_range, minlength=len(CLASS_NAMES)).tolist())
    if len(in_range) < len(labels) or sorted(counts) != sorted(V2_COUNTS):
        return Release("unknown", CLASS_NAMES)
    if counts == V2_COUNTS:
        return Release("v2", CLASS_NAMES)
    name_of = dict(zip(V2_COUNTS, CLASS_NAMES, strict=True))
    return Release("v1", tuple(name_of[count] for count in counts))
