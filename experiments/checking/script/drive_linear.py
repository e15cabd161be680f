"""The perceptron and logistic regression, stepped example by example beside the definition."""

from collections.abc import Iterator, Sequence
from contextlib import suppress
from itertools import combinations

import numpy as np

from experiments.checking.catalogue import BY_KEY, variants
from experiments.checking.catalogue import linear_change as change
from experiments.checking.catalogue.linear_change import LinearChange, StepSize, linear_step
from experiments.checking.catalogue.variant import Variant
from experiments.checking.script import findings, steps
from experiments.checking.script.calling import UndrivableError, accepted, call
from experiments.checking.script.findings import Checked, Finding
from experiments.checking.script.steps import Known, Record, Step, recorded
from experiments.checking.script.student import (
    N_CLASSES,
    Student,
    drawn_examples,
    linear_student,
    update_of,
)
from experiments.checking.training.recipe import merged

N_FEATURES = 9
FROM_ZERO = 12
"""Examples that are stepped from the student's own first weights; then weights are drawn."""
RATE, PENALTY = 0.07, 0.3
RIGHT = LinearChange()


def drive_linear(cls: type, part: str) -> Checked:
    """Check a linear model for one part of the assignment."""
    checked, drive = Checked(part, cls.__name__), _Linear(cls, part)
    checked.add({"step": drive.about_step})
    if part != "1.2b" and checked.checks[0].verdict != "untested":
        checked.add(
            {
                "first weights": drive.about_first_weights,
                "order": drive.about_order,
                "prediction": drive.about_prediction,
            }
        )
    return checked


class _Linear:
    """A linear model of a student beside the definition, on drawn examples."""

    def __init__(self, cls: type, part: str) -> None:
        self._cls, self._part = cls, part
        penalty = PENALTY if part == "1.2b" else 0.0
        self._size = StepSize(RATE, penalty, N_FEATURES)
        self._options = {"learning_rate": RATE, "l2_penalty": penalty}
        self._own = change.perceptron if part == "1.1a" else change.logistic
        self._X, self._y = drawn_examples(7, 36, N_FEATURES)
        self._X[:, -1] = 1.0
        self._drawn = (np.random.RandomState(3).normal(0.0, 1.0, (N_CLASSES, N_FEATURES)),)

    def about_step(self) -> Finding:
        student = self._made()
        if self._part == "1.2b" and not self._takes("l2_penalty"):
            raise UndrivableError("update_weight takes no l2_penalty")
        records = recorded(student, self._X, self._y, self._step, {FROM_ZERO: self._drawn})
        right = self._stepping(RIGHT)
        single = [(v, v.linear) for v in variants(self._part) if v.linear and not v.harmless]
        known = [((v,), self._stepping(what)) for v, what in single]
        found = steps.about_step(records, ("W",), right, known, self._pairs(single))
        if self._part == "1.1a" and found.verdict == "wrong" and (by := _scaled(records, right)):
            says = f"as defined, times {by:.6g}: from zero weights the accuracies are the same"
            return findings.right("step", says)
        of_another_rate = self._part != "1.1a" and not self._takes("learning_rate")
        if found.verdict == "wrong" and of_another_rate and found.mistake != "rate forgotten":
            raise UndrivableError("update_weight takes no learning_rate, so its step is not known")
        return found

    def about_first_weights(self) -> Finding:
        (W,) = self._made().read()
        if not W.any():
            return findings.right("first weights", "zero")
        where = findings.difference("W", W, np.zeros_like(W))
        return findings.wrong("first weights", (BY_KEY["drawn weights"],), **where)

    def about_order(self) -> Finding:
        own = (self._made, self._drawn, self._step)
        return steps.about_order(*own, self._X, self._y, self._options)

    def about_prediction(self) -> Finding:
        student = self._made()
        (W,) = student.shared(self._drawn)
        expected = (self._X @ W.T).argmax(axis=1)
        return steps.about_prediction(student.model, self._X, self._y, expected)

    def _made(self) -> Student:
        return linear_student(self._cls, N_FEATURES, self._options)

    def _takes(self, option: str) -> bool:
        asked = {option: 0.0}
        by_update = accepted(update_of(self._made().model), asked)
        return bool(by_update or accepted(self._cls, asked, anything=False))

    def _step(self, student: Student, k: int) -> None:
        call(update_of(student.model), self._X[k].copy(), self._y[k], **self._options)

    def _stepping(self, what: LinearChange) -> Step:
        own, size = self._own, self._size
        return lambda arrays, x, label: (linear_step(what, own, arrays[0], x, label, size),)

    def _pairs(self, single: Sequence[tuple[Variant, LinearChange]]) -> Iterator[Known]:
        for (one, first), (other, second) in combinations(single, 2):
            with suppress(ValueError):
                yield (one, other), self._stepping(merged(RIGHT, [first, second]))


def _scaled(records: Sequence[Record], right: Step) -> float | None:
    """Return the one positive factor by which every step differs from the right one, or None."""
    factors = []
    for record in records:
        expected = record.stepped(right)[0] - record.before[0]
        taken = record.after[0] - record.before[0]
        if not expected.any():
            if taken.any():
                return None
            continue
        factor = float((taken * expected).sum() / (expected**2).sum())
        if not steps.same(taken, factor * expected):
            return None
        factors.append(factor)
    alike = factors and min(factors) > 0 and np.ptp(factors) < 1e-9 * max(factors)
    return factors[0] if alike else None
