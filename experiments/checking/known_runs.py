"""Runs whose digits are known: what right programs print on known files, and a few wrong ones.

Numbers that are these are recognised at once, without data and without training.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from experiments.assignment import PARTS, Measure, Value, decimal
from experiments.checking.catalogue import BY_KEY
from experiments.checking.catalogue.variant import Variant
from experiments.checking.given_numbers import ACCURACIES, Given
from experiments.checking.reading.show import TITLES
from experiments.checking.report import SAYS, Answer, given_text, wrapped
from experiments.references import COURSE, REFERENCES, SIZES, Printed

PRINTED_UNIT = 1e-4
"""Known digits are known to four decimals."""
FULL_DIGITS = 4
RECOGNISED = "EQUAL to the digits that right programs print"

# Seen in public solutions on the course's file, second release.
_SEEN = (
    ("deviation 0.01", Printed("1.3", None, {"test": (0.5133,)})),
    ("sigmoid", Printed("1.2a", None, {"test": (0.4783,)})),
    ("sigmoid", Printed("1.2b", None, {"test": (0.5113,)})),
    ("2 lambda", Printed("1.2b", None, {"test": (0.4997,)})),
    ("softmax before the loss", Printed("2.1", 0.001, {"val": (0.4751,), "test": (0.4827,)})),
    ("1 layer", Printed("2.2a", 64, {"val": (0.6033,), "test": (0.6013,)})),
    ("first layer kept", Printed("2.2a", 64, {"val": (0.5819,), "test": (0.5730,)})),
)


class Recognised(NamedTuple):
    """A known run that numbers are equal to.

    Attributes:
        part: the assignment's.
        value: of the hyperparameter that it sweeps over.
        file: what the file is called in a sentence.
        measures: the numbers that were compared.
        mistake: what was done wrong, None for a right program.
    """

    part: str
    value: Value
    file: str
    measures: tuple[Measure, ...]
    mistake: Variant | None = None

    @property
    def says(self) -> str:
        """The question and its configuration, in words."""
        varied = PARTS[self.part].varied_words
        swept = f", {varied} {decimal(self.value)}" if varied else ""
        return f"question {self.part}{swept}, on {self.file}"


def recognise(given: Mapping[Measure, Given], part: str | None) -> list[Recognised]:
    """Return every known run, of a part or of any, that all these final numbers are equal to."""
    found = []
    for file, printed, mistake in _known():
        compared = tuple(name for name in given if name in printed.numbers)
        if (
            part in (None, printed.part)
            and (mistake is None or all(given[name].digits >= FULL_DIGITS for name in compared))
            and any(name in ACCURACIES for name in compared)
            and all(_equal(given[name], printed.numbers[name]) for name in compared)
        ):
            found.append(Recognised(printed.part, printed.value, file, compared, mistake))
    return found


def file_of(before: Mapping[Measure, Given]) -> str | None:
    """Tell a file's name by the accuracies before training, None for an unknown one."""
    if before.keys() >= {"train", "val"}:
        for reference in REFERENCES:
            for train, val in reference.before:
                if _equal(before["train"], (train,)) and _equal(before["val"], (val,)):
                    return reference.name
    return None


def _known() -> Iterator[tuple[str, Printed, Variant | None]]:
    """Give every known run with its file's name and what was done wrong, None for nothing."""
    for reference in REFERENCES:
        for part, counts in reference.counts.items():
            numbers: dict[Measure, tuple[float, ...]] = {
                split: tuple(count / size for count in some)
                for split, some, size in zip(ACCURACIES, counts, SIZES, strict=True)
            }
            if part in reference.norms:
                numbers["norm"] = (reference.norms[part],)
            yield reference.name, Printed(part, None, numbers), None
        for printed in reference.printed:
            yield reference.name, printed, None
    for key, printed in _SEEN:
        yield COURSE.name, printed, BY_KEY[key]


def _equal(given: Given, values: tuple[float, ...]) -> bool:
    """Whether a number is one of the values, as far as both are known."""
    return any(given.agrees(value, PRINTED_UNIT) for value in values)


def recognised(found: Sequence[Recognised], given: Mapping[Measure, Given]) -> Answer:
    """Return what is said of numbers that are known."""
    right = [one for one in found if one.mistake is None]
    shown = right or found
    first = shown[0]
    mistakes = dict.fromkeys(one.mistake.says for one in found if one.mistake)
    lines = wrapped(
        f"{RECOGNISED}: {first.says}" if right else f"{SAYS['mistake']}: {'; '.join(mistakes)}", 0
    )
    lines += [line for one in shown[bool(right) :] for line in wrapped(f"Also {one.says}.", 2)]
    if first.mistake:
        lines += wrapped(first.mistake.theory, 2)
    numbers = ", ".join(f"{TITLES[m]} {given_text(given[m])}" for m in first.measures)
    lines += wrapped(f"Compared: {numbers}; nothing was trained.", 2)
    if min(given[m].digits for m in first.measures) < FULL_DIGITS:
        lines += wrapped("So few digits agree with many other programs too.", 2)
    elif len(first.measures) == 1:
        lines += wrapped(
            "One number agrees by chance in one program of a hundred; others, or --data FILE, tell "
            "more.",
            2,
        )
    content = {
        "question": first.part,
        "verdict": "equal" if right else "mistake",
        "good": bool(right),
        "mistake": first.mistake and first.mistake.key,
        "file": first.file,
        "value": first.value,
        "recognised": [one.says for one in shown],
        "given": {measure: number.value for measure, number in given.items()},
    }
    return Answer(lines[0], lines, content)
