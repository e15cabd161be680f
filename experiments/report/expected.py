"""What the numbers should be: the assignment's own solution, and reference runs on known files.

Published values carry the assignment's digits. A known file is one on which the assignment's plain
scripts were run too: the course's second release, and `landscapes48.npz`, all photographs of the
public data set prepared by `hw1-data prepare`. Seed 42 throughout.
"""

from typing import NamedTuple

from experiments.report.parts import Parts, found

TOLERANCE = 0.02
WIDE_TOLERANCE = 0.03
DIVERGENT_LOSS = 5.0
"""A validation loss above this is what the largest learning rate of 2.1 is expected to end with."""

Key = tuple[str, object]
Counts = tuple[int, ...]


class Published(NamedTuple):
    """The assignment's solution for one configuration; an empty text is no value.

    Attributes:
        val: validation accuracy, as printed.
        test: test accuracy, as printed.
        tolerance: by how much a correct run may miss it.
        train: train accuracy, as printed.
    """

    val: str
    test: str
    tolerance: float = TOLERANCE
    train: str = ""


PUBLISHED: dict[Key, Published] = {
    ("1.1a", None): Published("0.41", "0.39", train="0.56"),
    ("1.2a", None): Published("", "0.46"),
    ("1.2b", None): Published("", "0.51"),
    ("1.3", None): Published("", "0.54"),
    ("2.1", 0.00001): Published("", "", WIDE_TOLERANCE),
    ("2.1", 0.001): Published("0.5313", "0.5263"),
    ("2.1", 0.1): Published("", ""),
    ("2.2a", 64): Published("0.6061", "0.6003"),
    ("2.2a", 512): Published("0.4979", "0.5203"),
    ("2.2b", 0.01): Published("0.5776", "0.5777"),
    ("2.2b", 0.25): Published("0.6125", "0.6063"),
    ("2.2b", 0.5): Published("0.5990", "0.5863"),
    ("2.2c", 0.0): Published("0.4644", "0.4780", WIDE_TOLERANCE),
    ("2.2c", 0.9): Published("0.5990", "0.5950"),
}


class Reference(NamedTuple):
    """Runs of the assignment's scripts on one file, seed 42.

    Attributes:
        name: what the file is called in a sentence.
        source: the scripts of question 2's values.
        counts: correct examples in train, val and test of the models that a plain loop repeats
            digit for digit; two numbers where its output, rounded, leaves two.
        norms: their weight norms.
        accuracies: validation and test accuracy of the others.
    """

    name: str
    source: str
    counts: dict[str, tuple[Counts, Counts, Counts]]
    norms: dict[str, float]
    accuracies: dict[Key, tuple[float | None, float]]


COURSE = Reference(
    "the course's file, second release",
    "public reports of the same exercise",
    {
        "1.1a": ((7070,), (543,), (1123,)),
        "1.2a": ((8455,), (649,), (1379,)),
        "1.2b": ((7177,), (698,), (1516,)),
    },
    {"1.2a": 23.0806, "1.2b": 4.3217},
    {
        ("1.3", None): (None, 0.536),
        ("2.1", 0.00001): (0.4694, 0.4623),
        ("2.1", 0.001): (0.5264, 0.5247),
        ("2.2a", 64): (0.6057, 0.6046),
        ("2.2a", 512): (0.5026, 0.5185),
        ("2.2b", 0.01): (0.5764, 0.5759),
        ("2.2b", 0.25): (0.6062, 0.6039),
        ("2.2b", 0.5): (0.6002, 0.5940),
        ("2.2c", 0.0): (0.4689, 0.4871),
        ("2.2c", 0.9): (0.5964, 0.5998),
    },
)
PHOTOGRAPHS = Reference(
    "landscapes48.npz",
    "the usual PyTorch script",
    {
        "1.1a": ((6557, 6558), (559,), (1196,)),
        "1.2a": ((8300, 8301), (641,), (1371,)),
        "1.2b": ((6656,), (637,), (1376,)),
    },
    {"1.2a": 23.3705, "1.2b": 4.3443},
    {
        ("1.3", None): (0.5150, 0.5170),
        ("2.1", 0.00001): (0.4708, 0.4643),
        ("2.1", 0.001): (0.5249, 0.5230),
        ("2.2a", 64): (0.5926, 0.6093),
        ("2.2a", 512): (0.5185, 0.5217),
        ("2.2b", 0.01): (0.5712, 0.5903),
        ("2.2b", 0.25): (0.5890, 0.6090),
        ("2.2b", 0.5): (0.5969, 0.6083),
        ("2.2c", 0.0): (0.4850, 0.4947),
        ("2.2c", 0.9): (0.6047, 0.6077),
    },
)
PHOTOGRAPHS_SHA256 = "718ad497"

SIZES = (12_630, 1_404, 3_000)
"""Examples of each split in the course's file and in every file made like it."""
_COURSE_CLASS_0 = (1_973, 218)
"""Buildings in train and val of the second release: the examples right with weights of zero."""


class Origin(NamedTuple):
    """What is known of the data that the runs saw.

    Attributes:
        synthetic: drawn, so that no published number applies.
        full_size: of the course's sizes, so that its test split is the public one.
        reference: the known file that it is, None for any other.
    """

    synthetic: bool
    full_size: bool
    reference: Reference | None

    @property
    def course(self) -> bool:
        """Whether train and val are the course's own."""
        return self.reference is COURSE


def identify(parts: Parts) -> Origin:
    """Tell the data from what the runs say: its hash, its sizes, and the class-0 counts.

    Raises:
        RunFolderError: a run's summary lacks what each has.
    """
    runs = [run for _, run in parts.all_runs()]
    if not runs:
        return Origin(False, False, None)
    first = runs[0]
    sizes = tuple(found(first, "final", split, "total") for split in ("train", "val", "test"))
    if first.summary["synthetic"]:
        return Origin(True, sizes == SIZES, None)
    sha256 = str(first.summary["data"].get("sha256"))
    if sha256.startswith(PHOTOGRAPHS_SHA256):
        return Origin(False, True, PHOTOGRAPHS)
    zero = [
        tuple(found(run, "initial", split, "correct") for split in ("train", "val"))
        for part, run in parts.all_runs()
        if part in COURSE.counts
    ]
    course = sizes == SIZES and bool(zero) and zero[0] == _COURSE_CLASS_0
    return Origin(False, sizes == SIZES, COURSE if course else None)


def expected_counts(origin: Origin, part: str) -> tuple[Counts, Counts, Counts] | None:
    """Correct examples in train, val, test of seed 42, to the digit; None if not known."""
    return origin.reference.counts.get(part) if origin.reference else None


def expected_accuracy(origin: Origin, key: Key, split: str) -> float | None:
    """Validation or test accuracy on this very file within the tolerance; None if not known."""
    if not origin.reference or key not in origin.reference.accuracies or split == "train":
        return None
    return origin.reference.accuracies[key][split == "test"]
