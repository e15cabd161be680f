"""What a data set is: whole arrays, a hash of what was drawn, the release that its classes tell."""

from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import pytest

from experiments.cli.errors import DataError
from experiments.data.dataset import CLASS_NAMES, Dataset, Split, hash_splits
from experiments.data.release import V2_COUNTS, identify


def test_a_drawn_hash_tells_labels_and_splits_apart(tiny_data: Dataset) -> None:
    known = hash_splits(tiny_data.splits)
    swapped = tiny_data.splits | {"val": tiny_data.test, "test": tiny_data.val}
    labels = tiny_data.val.labels.copy()
    labels[0] ^= 1
    relabelled = tiny_data.splits | {"val": Split(tiny_data.val.images, labels)}
    assert len({known, hash_splits(swapped), hash_splits(relabelled)}) == 3


def test_a_data_set_of_wrong_arrays_cannot_be_made(tiny_data: Dataset) -> None:
    short = Split(tiny_data.val.images, tiny_data.val.labels[1:])
    with pytest.raises(
        DataError,
        match=r"drawn by tests: val: got images uint8 \[24, 48, 48, 3\], labels int64 \[23\]",
    ):
        replace(tiny_data, val=short)


def splits_of(counts: tuple[int, ...], shape: tuple[int, ...] = (48, 48, 3)) -> Iterator[Split]:
    labels = np.random.default_rng(0).permutation(np.repeat(np.arange(len(counts)), counts))
    for part in np.split(labels, [len(labels) - 1404]):
        yield Split(np.broadcast_to(np.uint8(0), (len(part), *shape)), part)


def test_v2() -> None:
    assert identify(*splits_of(V2_COUNTS)) == ("v2", CLASS_NAMES)


@pytest.mark.parametrize("order", [(5, 4, 3, 2, 1, 0), (1, 2, 0, 3, 4, 5)])
def test_v1_names_its_classes_truly(order: tuple[int, ...]) -> None:
    release = identify(*splits_of(tuple(V2_COUNTS[k] for k in order)))
    assert release == ("v1", tuple(CLASS_NAMES[k] for k in order))


@pytest.mark.parametrize(
    "counts",
    [(2190, 2272, *V2_COUNTS[2:]), (400,) * 6, (*V2_COUNTS[:5], 0)],
    ids=["one label differs", "equal counts", "no streets"],
)
def test_unknown(counts: tuple[int, ...]) -> None:
    assert identify(*splits_of(counts)) == ("unknown", CLASS_NAMES)


def test_other_data_are_no_release() -> None:
    """Six classes of other images, or a seventh class: numbers are all that is known of them."""
    grey = identify(*splits_of(V2_COUNTS, shape=(28, 28, 1)))
    more = identify(*splits_of((*V2_COUNTS[:5], 2381, 1)))
    assert grey == ("other", tuple(f"class {k}" for k in range(6)))
    assert more == ("other", tuple(f"class {k}" for k in range(7)))
