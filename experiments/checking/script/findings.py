"""What is found about a student's classes."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any, Literal

import numpy as np

from experiments.checking.catalogue.variant import Variant
from experiments.checking.script.calling import UndrivableError, reason

Outcome = Literal["right", "wrong", "untested"]
About = Literal["step", "first weights", "loss", "order", "prediction", "dropout"]


@dataclass(frozen=True)
class Finding:
    """One check of one class.

    Attributes:
        about: what was checked.
        verdict: what was found.
        mistake: the key of the known mistake that does the same.
        says: what was found, in words.
        example: at which example the first difference is, from 1.
        array: in which array and entry.
        got: the student's number there.
        expected: the assignment's.
    """

    about: About
    verdict: Outcome
    mistake: str | None = None
    says: str = ""
    example: int | None = None
    array: str | None = None
    got: float | None = None
    expected: float | None = None


@dataclass
class Checked:
    """All that was checked of one class for one part of the assignment.

    Attributes:
        part: the assignment's.
        name: the class's.
        checks: what was found; the step comes first.
    """

    part: str
    name: str
    checks: list[Finding] = field(default_factory=list)

    def add(self, checks: Mapping[About, Callable[[], Finding]]) -> None:
        """Make checks; what cannot be made for the student's code is untested."""
        for about, check in checks.items():
            try:
                self.checks.append(check())
            except UndrivableError as error:
                self.checks.append(untested(about, str(error)))
            except Exception as error:  # what a student's functions return may be anything
                self.checks.append(untested(about, reason(error)))

    @property
    def deciding(self) -> Finding | None:
        """The first check that is wrong, else the step's if it could not be made."""
        wrong = [check for check in self.checks if check.verdict == "wrong"]
        steps = [check for check in self.checks if check.about == "step"]
        return next((check for check in wrong + steps if check.verdict != "right"), None)

    @property
    def verdict(self) -> Outcome:
        """Right if everything that could be checked is."""
        if not self.checks:
            return "untested"
        return self.deciding.verdict if self.deciding else "right"

    def as_object(self) -> dict[str, Any]:
        """Return it as JSON has it."""
        deciding = self.deciding or untested("step", "")
        return {
            "part": self.part,
            "class": self.name,
            "verdict": self.verdict,
            "mistake": deciding.mistake,
            "example": deciding.example,
            "says": deciding.says,
            "checks": [asdict(check) for check in self.checks],
        }


def right(about: About, says: str = "") -> Finding:
    """Return that a check was passed."""
    return Finding(about, "right", says=says)


def untested(about: About, says: str) -> Finding:
    """Return that a check could not be made."""
    return Finding(about, "untested", says=says)


def wrong(about: About, chosen: Sequence[Variant], says: str = "", **where: Any) -> Finding:
    """Return that a check was not passed, and where the first difference is.

    It says which mistakes that looks like, of one the theory too, else what `says` has.
    """
    keys = " + ".join(v.key for v in chosen)
    words = " and ".join(v.says for v in chosen) or says
    if len(chosen) == 1:
        words += f". {chosen[0].theory}"
    return Finding(about, "wrong", keys or None, words, **where)


def difference(name: str, found: Any, expected: Any) -> dict[str, Any]:
    """Return the entry of an array that differs most, as a finding has it."""
    entry = np.unravel_index(np.argmax(np.abs(found - expected)), expected.shape)
    return {
        "array": f"{name}[{', '.join(map(str, entry))}]",
        "got": float(found[entry]),
        "expected": float(expected[entry]),
    }
