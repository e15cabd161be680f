"""A data set in words: where it is from, and how many images of what it holds."""

import numpy as np

from experiments.cli.tables import text_table
from experiments.data.dataset import Dataset
from experiments.data.duplicates import find_duplicates
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
        looks_like = _RELEASES[identify(data.train, data.val).name]
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
    counts = [
        np.bincount(split.labels, minlength=len(data.class_names)).tolist()
        for split in data.splits.values()
    ]
    rows = [
        (f"{label} {name}", *numbers)
        for label, (name, *numbers) in enumerate(zip(data.class_names, *counts, strict=True))
    ]
    rows.append(("all", *(sum(column) for column in counts)))
    cells = [[name, *(f"{n:,}" for n in (*row, sum(row)))] for name, *row in rows]
    return "\n".join(text_table(["class", *data.splits, "all"], cells))
