"""The reference numbers of known data files: what right programs give on them with seed 42."""

from collections.abc import Mapping
from typing import NamedTuple

from experiments.assignment import Measure, Value

Counts = tuple[int, ...]


class Printed(NamedTuple):
    """What programs print of one configuration, seed 42: for each number, the values seen.

    Attributes:
        part: the assignment's part.
        value: of the hyperparameter that it sweeps over.
        numbers: values by measure, with four digits.
    """

    part: str
    value: Value
    numbers: Mapping[Measure, tuple[float, ...]]


class Reference(NamedTuple):
    """Runs of the assignment's scripts on one file, seed 42.

    Attributes:
        name: what the file is called in a sentence.
        counts: correct examples in train, val and test of the models that a plain loop repeats
            digit for digit; two numbers where its output, rounded, leaves two.
        norms: their weight norms.
        accuracies: validation and test accuracy of the others, by part and value: of the course's
            file from public reports of the same exercise, else from the usual PyTorch script.
        before: accuracy in train and val before training, of the linear models and of 1.3.
        printed: digits that right programs print of the others, where they agree on them.
    """

    name: str
    counts: Mapping[str, tuple[Counts, Counts, Counts]] = {}
    norms: Mapping[str, float] = {}
    accuracies: Mapping[tuple[str, Value], tuple[float | None, float]] = {}
    before: tuple[tuple[float, float], ...] = ()
    printed: tuple[Printed, ...] = ()


# Chaotic: another order of summation, another digit. Seen on twelve machines.
SEEN_OF_1_3 = (0.5443, 0.544, 0.5423, 0.5417, 0.5403, 0.539, 0.532, 0.5307, 0.53, 0.5273)
COURSE = Reference(
    "the course's file, second release",
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
    ((0.1562, 0.1553), (0.1694, 0.1880)),
    (
        Printed("1.3", None, {"test": SEEN_OF_1_3}),
        Printed(
            "2.1",
            0.00001,
            {"val": (0.4694,), "test": (0.4623,), "loss": (1.4207,), "val_loss": (1.4462,)},
        ),
        Printed(
            "2.1",
            0.001,
            {"val": (0.5264,), "test": (0.5247,), "loss": (1.1338,), "val_loss": (1.2616,)},
        ),
        Printed("2.2a", 512, {"val": (0.5028,), "test": (0.5190,)}),
        Printed("2.2c", 0.0, {"val": (0.4701,), "test": (0.4887, 0.4883)}),
    ),
)
FIRST_RELEASE = Reference("the course's file, first release", {"1.1a": ((7068,), (577,), (1156,))})
PHOTOGRAPHS = Reference(
    "landscapes48.npz",
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
    ((0.1561, 0.1560), (0.1713, 0.1717)),
)
PHOTOGRAPHS_SHA256 = "718ad497"

REFERENCES = (COURSE, FIRST_RELEASE, PHOTOGRAPHS)
UNKNOWN = Reference("another file")

SIZES = (12_630, 1_404, 3_000)
"""Examples of each split in the course's file and in every file made like it."""
COURSE_CLASS_0 = (1_973, 218)
"""Buildings in train and val of the second release: the examples right with weights of zero."""
