"""What is said of numbers that are known, as lines and as JSON."""

from collections.abc import Mapping, Sequence
from typing import Any

from experiments.assignment import Measure
from experiments.checking.given_numbers import Given
from experiments.checking.known_runs import Recognised
from experiments.checking.reading.show import TITLES
from experiments.checking.report import SAYS, given_text, wrapped

FULL_DIGITS = 4
RECOGNISED = "EQUAL to the digits that right programs print"


def recognised_lines(found: Sequence[Recognised], given: Mapping[Measure, Given]) -> list[str]:
    """Return what is said of numbers that are known, the verdict first."""
    right = [one for one in found if one.mistake is None]
    shown = right or found
    answer = RECOGNISED if right else f"{SAYS['mistake']}: {'; '.join(_mistakes(found))}"
    lines = wrapped(f"{answer}: {shown[0].says}" if right else answer, 0)
    lines += [line for one in shown[bool(right) :] for line in wrapped(f"Also {one.says}.", 2)]
    if not right and found[0].mistake:
        lines += wrapped(found[0].mistake.theory, 2)
    numbers = ", ".join(f"{TITLES[m]} {given_text(given[m])}" for m in shown[0].measures)
    lines += wrapped(f"Compared: {numbers}; nothing was trained.", 2)
    if min(given[m].digits for m in shown[0].measures) < FULL_DIGITS:
        lines += wrapped("So few digits agree with many other programs too.", 2)
    elif len(shown[0].measures) == 1:
        lines += wrapped(
            "One number agrees by chance in one program of a hundred; others, or --data FILE, tell "
            "more.",
            2,
        )
    return lines


def _mistakes(found: Sequence[Recognised]) -> list[str]:
    return list(dict.fromkeys(one.mistake.says for one in found if one.mistake))


def recognised_object(
    found: Sequence[Recognised], given: Mapping[Measure, Given]
) -> dict[str, Any]:
    """Return the same for scripts."""
    right = [one for one in found if one.mistake is None]
    first = (right or found)[0]
    return {
        "question": first.part,
        "verdict": "equal" if right else "mistake",
        "good": bool(right),
        "mistake": None if right or not first.mistake else first.mistake.key,
        "file": first.file,
        "value": first.value,
        "recognised": [one.says for one in right or found],
        "given": {measure: number.value for measure, number in given.items()},
    }
