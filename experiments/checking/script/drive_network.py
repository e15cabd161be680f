"""Question 1.3's network, stepped example by example beside the definition."""

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

import numpy as np

from experiments.checking.catalogue import BY_KEY, variants
from experiments.checking.catalogue.network_change import NetworkChange, network_step
from experiments.checking.catalogue.readouts import Losses
from experiments.checking.catalogue.variant import Variant
from experiments.checking.script import epochs, findings
from experiments.checking.script.arrays import Array
from experiments.checking.script.calling import UndrivableError
from experiments.checking.script.findings import Checked, Finding
from experiments.checking.script.student_network import (
    N_CLASSES,
    N_EXAMPLES,
    drawn_examples,
    drawn_params,
    made,
    shared,
)
from scratch.mlp import MLPParams
from scratch.mlp import scores as scores_of
from scratch.softmax import cross_entropy

PART = "1.3"
RATE = 0.05
# Enough weights for mean and deviation to be told to a few percent.
DRAWN_FEATURES, DRAWN_HIDDEN = 60, 40
RIGHT = NetworkChange()
STEPPED_TWICE = BY_KEY["every step twice"]

Step = Callable[[MLPParams, Array, int], MLPParams]


class Record(NamedTuple):
    """One step that a student's network took.

    Attributes:
        x: `[d]`.
        label: the example's class.
        before: the parameters.
        after: those after the step.
    """

    x: Array
    label: int
    before: MLPParams
    after: MLPParams


def drive_network(cls: type) -> Checked:
    """Check a network for question 1.3."""
    checked = Checked(PART, cls.__name__)
    try:
        made(cls)
    except UndrivableError as error:
        unit_more = _unit_more(cls)
        checked.checks.append(unit_more or findings.untested("step", str(error)))
        return checked
    for about, check in (
        ("step", _about_step),
        ("first weights", _about_first_weights),
        ("loss", _about_loss),
        ("order", _about_order),
        ("prediction", _about_prediction),
    ):
        try:
            checked.checks.append(check(cls))
        except (UndrivableError, AttributeError) as error:
            checked.checks.append(findings.untested(about, str(error)))  # type: ignore[arg-type]
    return checked


def _unit_more(cls: type) -> Finding | None:
    try:
        made(cls, units_more=1)
    except UndrivableError:
        return None
    return findings.wrong("first weights", BY_KEY["one unit more"])


def _records(cls: type) -> list[Record]:
    X, y = drawn_examples()
    student = made(cls)
    student.write(drawn_params())
    records = []
    for k in range(N_EXAMPLES):
        before = student.read()
        student.train(X[k : k + 1], y[k : k + 1], RATE)
        records.append(Record(X[k], int(y[k]), before, student.read()))
    return records


def _stepping(what: NetworkChange) -> Step:
    return lambda p, x, label: network_step(what, p, x, label, RATE)[0]


def _twice(p: MLPParams, x: Array, label: int) -> MLPParams:
    return _stepping(RIGHT)(_stepping(RIGHT)(p, x, label), x, label)


def _about_step(cls: type) -> Finding:
    records = _records(cls)
    right = _stepping(RIGHT)
    first = next((k for k, r in enumerate(records) if not _same(r, right)), None)
    if first is None:
        return findings.right("step", f"{len(records)} examples stepped as defined")
    record = records[first]
    expected = right(record.before, record.x, record.label)
    name, got, wanted = next(
        (n, a, b)
        for n, a, b in zip(MLPParams._fields, record.after, expected, strict=True)
        if not epochs.same(a, b)
    )
    entry = np.unravel_index(np.argmax(np.abs(got - wanted)), wanted.shape)
    where: dict[str, Any] = {
        "example": first + 1,
        "array": f"{name}[{', '.join(map(str, entry))}]",
        "got": float(got[entry]),
        "expected": float(wanted[entry]),
    }
    known: list[tuple[Variant, Step]] = [
        (v, _stepping(v.network)) for v in variants(PART) if v.network and v.network.in_step
    ]
    for variant, step in [*known, (STEPPED_TWICE, _twice)]:
        if all(_same(r, step) for r in records):
            return findings.wrong("step", variant, **where)
    return findings.wrong("step", None, "none of the known mistakes steps like that", **where)


def _same(record: Record, step: Step) -> bool:
    with np.errstate(all="ignore"):
        expected = step(record.before, record.x, record.label)
    return all(epochs.same(a, b) for a, b in zip(record.after, expected, strict=True))


def _about_first_weights(cls: type) -> Finding:
    np.random.seed(42)
    p = made(cls, DRAWN_FEATURES, DRAWN_HIDDEN).read()
    sizes = (DRAWN_FEATURES, DRAWN_HIDDEN, N_CLASSES)
    if _equal(p, RIGHT.draw(np.random.RandomState(42), *sizes)):
        return findings.right("first weights", "normal of mean 0.1 and deviation 0.1, W1 first")
    draws = [
        (v, v.network.draw)
        for v in variants(PART)
        if v.network and v.network.draw is not RIGHT.draw
    ]
    for variant, draw in draws:
        if _equal(p, draw(np.random.RandomState(42), *sizes)):
            return findings.wrong("first weights", variant)
    mean, deviation = float(p.W1.mean()), float(p.W1.std())
    where: dict[str, Any] = {"array": "W1", "got": deviation, "expected": 0.1}
    if p.b1.any() or p.b2.any():
        return findings.wrong("first weights", BY_KEY["biases drawn"], **where)
    if _alike(p, RIGHT.draw(np.random.RandomState(0), *sizes)):
        return findings.right(
            "first weights", "mean 0.1 and deviation 0.1, by another generator or in another order"
        )
    for variant, draw in draws:
        if _alike(p, draw(np.random.RandomState(0), *sizes)):
            return findings.wrong("first weights", variant, **where)
    return findings.wrong(
        "first weights", None, f"W1 has mean {mean:.4f} and deviation {deviation:.4f}", **where
    )


def _equal(p: MLPParams, other: MLPParams) -> bool:
    return all(epochs.same(a, b) for a, b in zip(p, other, strict=True))


def _alike(p: MLPParams, other: MLPParams) -> bool:
    """Whether the weights have about the mean and the deviation of others."""
    for a, b in ((p.W1, other.W1), (p.W2, other.W2)):
        error = b.std() / b.size**0.5
        if abs(a.mean() - b.mean()) > 6 * error or abs(a.std() / (b.std() or 1.0) - 1) > 0.15:
            return False
    return True


def _about_loss(cls: type) -> Finding:
    """Compare the returned loss: of weights that stand still, then of a training."""
    X, y = drawn_examples()
    student = made(cls)
    returned = []
    for deviation, rate in ((6.0, 0.0), (0.7, RATE)):
        p = shared(student, drawn_params(deviation))
        value = student.train(X, y, rate)
        told = np.asarray(value if value is not None else [], dtype=float).ravel()
        if told.size != 1:
            return findings.untested("loss", f"train_epoch returns {told.size} numbers, not one")
        returned.append((float(told[0]), _losses(p, X, y, rate)))
    losses = [losses for _, losses in returned]
    right = [float(one.before.mean()) for one in losses]
    if all(_close(value, mean) for (value, _), mean in zip(returned, right, strict=True)):
        return findings.right("loss", "the mean of each example's, before its step")
    for variant in variants(PART):
        if variant.read_out and variant.read_out.loss:
            read = variant.read_out.loss
            if all(_close(value, read(one)) for value, one in returned):
                return findings.wrong("loss", variant, got=returned[0][0], expected=right[0])
    if _close(returned[0][0], right[0]):
        return findings.untested("loss", "right where weights stand still; the steps are others")
    return findings.wrong(
        "loss",
        None,
        "the returned loss is not the mean cross-entropy of the examples, each before its step",
        got=returned[0][0],
        expected=right[0],
    )


def _losses(p: MLPParams, X: Array, y: Array, rate: float) -> Losses:
    before, after = [], []
    for x, label in zip(X, y, strict=True):
        p, loss = network_step(RIGHT, p, x, int(label), rate)
        before.append(loss)
        after.append(cross_entropy(scores_of(p, x), int(label)))
    last = [cross_entropy(s, int(k)) for s, k in zip(scores_of(p, X), y, strict=True)]
    return Losses(np.array(before), np.array(after), float(np.mean(last)))


def _close(value: float, expected: float | None) -> bool:
    return expected is not None and bool(np.isclose(value, expected, rtol=1e-7, atol=1e-10))


def _about_order(cls: type) -> Finding:
    """Compare an epoch with the student's own steps, one after the other."""
    X, y = drawn_examples()

    def trained(order: Sequence[int]) -> list[Array]:
        student = made(cls)
        student.write(drawn_params())
        for k in order:
            student.train(X[k : k + 1], y[k : k + 1], RATE)
        return list(student.read())

    student = made(cls)
    student.write(drawn_params())
    np.random.seed(epochs.SEED)
    student.train(X, y, RATE)
    return epochs.about_order(list(student.read()), trained, N_EXAMPLES)


def _about_prediction(cls: type) -> Finding:
    X, y = drawn_examples()
    student = made(cls)
    p = shared(student, drawn_params())
    return epochs.about_prediction(student.model, X, y, scores_of(p, X).argmax(axis=1))
