"""Data that have no path of L1 solutions are refused, before a folder is made."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from silent import Silent

from experiments.cli.errors import DataError
from experiments.data.dataset import Dataset, Split
from experiments.training.lasso_path import run_lasso_path


@pytest.mark.parametrize("level", [0, 1, 130, 255])
def test_images_of_one_color(level: int, tiny_data: Dataset, tmp_path: Path) -> None:
    """Where sums are rounded, the largest slope of gray images is next to zero, not zero."""
    labels = tiny_data.train.labels
    images = np.full_like(tiny_data.train.images, level)
    data = replace(tiny_data, train=Split(images, labels))
    with pytest.raises(DataError, match="all of one color"):
        run_lasso_path(data, tmp_path, Silent(), "quick")
    assert not list(tmp_path.iterdir())


def test_a_class_without_an_example(tiny_data: Dataset, tmp_path: Path) -> None:
    first = np.flatnonzero(tiny_data.train.labels < 5)
    few = Split(tiny_data.train.images[first], tiny_data.train.labels[first])
    data = object.__new__(Dataset)  # past its check: the path takes some of the examples
    for name, value in {**vars(tiny_data), "train": few}.items():
        object.__setattr__(data, name, value)
    with pytest.raises(DataError, match="no example of class 5"):
        run_lasso_path(data, tmp_path, Silent(), "quick")
