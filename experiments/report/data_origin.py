"""Which known file the runs were trained on, and what a correct run gives on it."""

from typing import NamedTuple

from experiments.assignment import PARTS, Value, unchanged
from experiments.data.dataset import SPLITS
from experiments.references import (
    COURSE,
    COURSE_CLASS_0,
    PHOTOGRAPHS,
    PHOTOGRAPHS_SHA256,
    SIZES,
    UNKNOWN,
    Counts,
    Reference,
)
from experiments.report.runs_by_part import RunsByPart


class Origin(NamedTuple):
    """What is known of the data that the runs saw.

    Attributes:
        synthetic: drawn, so that no published number applies.
        full_size: of the course's sizes, so that its test split is the public one.
        reference: the known file that it is, `UNKNOWN` for any other.
    """

    synthetic: bool
    full_size: bool
    reference: Reference = UNKNOWN


def identify(parts: RunsByPart) -> Origin:
    """Tell the data from what the runs say: its hash, its sizes, and the class-0 counts.

    Raises:
        RunFolderError: a run's summary lacks what each has.
    """
    runs = [run for _, run in parts.all_runs()]
    if not runs:
        return Origin(False, False)
    first = runs[0]
    sizes = tuple(int(first.number("final", split, "total")) for split in SPLITS)
    if first.summary["synthetic"]:
        return Origin(True, sizes == SIZES)
    sha256 = str(first.summary["data"].get("sha256"))
    if sha256.startswith(PHOTOGRAPHS_SHA256):
        return Origin(False, True, PHOTOGRAPHS)
    zero = [
        tuple(int(run.number("initial", split, "correct")) for split in ("train", "val"))
        for part, run in parts.all_runs()
        if part in COURSE.counts
    ]
    course = sizes == SIZES and bool(zero) and zero[0] == COURSE_CLASS_0
    return Origin(False, sizes == SIZES, COURSE if course else UNKNOWN)


def expected_counts(origin: Origin, part: str) -> tuple[Counts, Counts, Counts] | None:
    """Return seed 42's correct examples in train, val, test, to the digit; None if not known."""
    return origin.reference.counts.get(part) if unchanged(part, PARTS[part], None) else None


def expected_accuracy(origin: Origin, part: str, value: Value, split: str) -> float | None:
    """Return validation or test accuracy of a reference on this very file; None if not known."""
    known = origin.reference.accuracies.get((part, value))
    if known is None or split == "train" or not unchanged(part, PARTS[part], value):
        return None
    return known[split == "test"]
