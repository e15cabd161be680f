"""What is checked alike of every class of question 1: steps, an epoch's order, and predictions."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np

from experiments.checking.catalogue import BY_KEY
from experiments.checking.catalogue.variant import Variant
from experiments.checking.script import findings
from experiments.checking.script.arrays import Array
from experiments.checking.script.calling import call, numbers_of
from experiments.checking.script.findings import Finding
from experiments.checking.script.student import Arrays, Student

SEED = 5
RELATIVE, ABSOLUTE = 1e-6, 1e-9
"""Sums in another order differ by less; every mistake that is looked for by far more."""

# (arrays, features, label): the arrays after an example's step.
Step = Callable[[Arrays, Array, int], Arrays]
# (student, number): the student's own step along an example.
OwnStep = Callable[[Student, int], None]
Known = tuple[tuple[Variant, ...], Step]


class Record(NamedTuple):
    """One step that a student's class took.

    Attributes:
        x: `[d]`.
        label: the example's class.
        before: the arrays.
        after: those after the step.
    """

    x: Array
    label: int
    before: Arrays
    after: Arrays

    def stepped(self, step: Step) -> Arrays:
        """Return the arrays after another step."""
        with np.errstate(all="ignore"):
            return step(self.before, self.x, self.label)


def same(found: Array, expected: Array) -> bool:
    """Return whether two arrays are equal but for the order of their sums."""
    return found.shape == expected.shape and bool(
        np.allclose(found, expected, rtol=RELATIVE, atol=ABSOLUTE, equal_nan=True)
    )


def all_same(found: Iterable[Array], expected: Iterable[Array]) -> bool:
    """Return whether all arrays are the same."""
    return all(same(a, b) for a, b in zip(found, expected, strict=True))


def tells(value: float, expected: float) -> bool:
    """Return whether a number that a function returns is this one, or this one rounded."""
    close = np.isclose(value, expected, rtol=1e-7, atol=1e-10)
    return bool(close) or any(value == round(expected, digits) for digits in range(2, 8))


def recorded(
    student: Student, X: Array, y: Array, step: OwnStep, written: Mapping[int, Sequence[Array]]
) -> list[Record]:
    """Let a student step along every example, after some of which other arrays are written."""
    records = []
    for k, (x, label) in enumerate(zip(X, y, strict=True)):
        if k in written:
            student.write(written[k])
        before = student.read()
        step(student, k)
        records.append(Record(x, int(label), before, student.read()))
    return records


def about_step(
    records: Sequence[Record],
    names: Sequence[str],
    right: Step,
    known: Iterable[Known],
    pairs: Iterable[Known] = (),
) -> Finding:
    """Compare steps with the definition's, and name the mistakes, one or two, that step so."""

    def twice(arrays: Arrays, x: Array, label: int) -> Arrays:
        return right(right(arrays, x, label), x, label)

    def all_by(step: Step) -> bool:
        return all(all_same(r.after, r.stepped(step)) for r in records)

    differing = (k for k, r in enumerate(records) if not all_same(r.after, r.stepped(right)))
    first = next(differing, None)
    if first is None:
        return findings.right("step", f"{len(records)} examples stepped as defined")
    arrays = zip(names, records[first].after, records[first].stepped(right), strict=True)
    name, found, expected = next(each for each in arrays if not same(*each[1:]))
    where: dict[str, Any] = {"example": first + 1, **findings.difference(name, found, expected)}
    for chosen, step in (*known, ((BY_KEY["every step twice"],), twice), *pairs):
        if all_by(step):
            return findings.wrong("step", chosen, **where)
    return findings.wrong("step", (), "none of the known mistakes steps like that", **where)


def about_order(
    made: Callable[[], Student],
    arrays: Sequence[Array],
    step: OwnStep,
    X: Array,
    y: Array,
    options: Mapping[str, float],
) -> Finding:
    """Say in which order `train_epoch` takes the student's own steps, from these arrays."""
    n = len(y)

    def trained(order: Iterable[int]) -> Arrays:
        student = made()
        student.write(arrays)
        for k in order:
            step(student, k)
        return student.read()

    student = made()
    student.write(arrays)
    np.random.seed(SEED)
    student.train(X, y, **options)
    found = student.read()
    if all_same(found, trained(range(n))):
        return findings.right("order", "one step per example, in the order given")
    in_place = np.arange(n)
    np.random.RandomState(SEED).shuffle(in_place)
    candidates = [
        ("shuffled again", np.random.RandomState(SEED).permutation(n).tolist()),
        ("shuffled again", in_place.tolist()),
        ("last dropped", range(n - 1)),
        ("every step twice", [k for k in range(n) for _ in range(2)]),
        *(("one example", [k]) for k in range(n)),
    ]
    for key, order in candidates:
        if all_same(found, trained(order)):
            return findings.wrong("order", (BY_KEY[key],))
    start, alone = trained([]), [trained([k]) for k in range(n)]
    for divisor in (n, 1):
        summed = [
            before + sum((one[i] - before for one in alone), np.zeros_like(before)) / divisor
            for i, before in enumerate(start)
        ]
        if all_same(found, summed):
            return findings.wrong("order", (BY_KEY["one batch"],))
    return findings.wrong(
        "order", (), "an epoch is not one step for each example in the order given"
    )


def about_prediction(model: Any, X: Array, y: Array, expected: Array) -> Finding:
    """Compare predictions and accuracy with those of the student's own weights."""
    predicted = np.asarray(call(model.predict, X.copy())).ravel()
    if predicted.shape != expected.shape:
        return findings.wrong(
            "prediction", (), f"predict gives {predicted.size} labels for {len(y)} examples"
        )
    if (predicted != expected).any():
        k = int((predicted != expected).argmax())
        says = "predict does not give the class of the largest score"
        where = {"got": float(predicted[k]), "expected": float(expected[k])}
        return findings.wrong("prediction", (), says, example=k + 1, **where)
    if hasattr(model, "evaluate"):
        told = numbers_of(call(model.evaluate, X.copy(), y.copy()))
        share = float((expected == y).mean())
        # In percent, or beside the number of examples, it is right too.
        if len(told) == 1 and not (tells(told[0], share) or tells(told[0], 100 * share)):
            says = "evaluate does not give the share of right predictions"
            return findings.wrong("prediction", (), says, got=told[0], expected=share)
    return findings.right("prediction", "the class of the largest score")
