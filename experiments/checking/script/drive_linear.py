"""The perceptron and logistic regression, stepped example by example beside the definition."""

from collections.abc import Callable, Sequence
from itertools import combinations
from typing import Any, NamedTuple

import numpy as np

from experiments.checking.catalogue import BY_KEY, variants
from experiments.checking.catalogue import linear_change as change
from experiments.checking.catalogue.linear_change import Coefficients, LinearChange, StepSize
from experiments.checking.catalogue.variant import Variant
from experiments.checking.script import epochs, findings
from experiments.checking.script.arrays import Array, Slot, find_matrix
from experiments.checking.script.calling import UndrivableError, call, guarded, takes
from experiments.checking.script.findings import Checked, Finding
from experiments.checking.training.recipe import merged

N_CLASSES, N_FEATURES, N_EXAMPLES = 6, 9, 36
FROM_ZERO = 12
"""Examples that are stepped from the student's own first weights; then weights are drawn."""
RATE, PENALTY = 0.1, 0.3
STEPPED_TWICE = BY_KEY["every step twice"]
RIGHT = LinearChange()

Step = Callable[[Array, Array, int], Array]


class Record(NamedTuple):
    """One step that a student's class took.

    Attributes:
        x: `[d]`.
        label: the example's class.
        before: W, `[c, d]`.
        after: W after the step.
    """

    x: Array
    label: int
    before: Array
    after: Array


def drive_linear(cls: type, part: str) -> Checked:
    """Check a linear model for one part of the assignment."""
    checked = Checked(part, cls.__name__)
    own = change.perceptron if part == "1.1a" else change.logistic
    penalty = PENALTY if part == "1.2b" else 0.0
    size = StepSize(RATE, penalty, N_FEATURES)
    try:
        model, slot = _made(cls)
        if part == "1.2b" and not takes(model.update_weight, "l2_penalty"):
            raise UndrivableError("update_weight takes no l2_penalty")
        records = _records(model, slot, penalty)
    except UndrivableError as error:
        checked.checks.append(findings.untested("step", str(error)))
        return checked
    checked.checks.append(_about_step(records, part, own, size))
    if part != "1.2b":
        checked.checks.append(_about_first_weights(cls))
        checked.checks.append(_about_order(cls, penalty))
        checked.checks.append(_about_prediction(cls))
    return checked


def drawn_examples() -> tuple[Array, Array]:
    """Return features with a one behind them, `[n, d]`, and labels: every class comes often."""
    rng = np.random.RandomState(7)
    X = rng.randint(0, 256, (N_EXAMPLES, N_FEATURES)) / 256
    X[:, -1] = 1.0
    return X, rng.permutation(np.arange(N_EXAMPLES) % N_CLASSES)


def _made(cls: type) -> tuple[Any, Slot]:
    model = guarded(lambda: cls(N_CLASSES, N_FEATURES))
    slot = find_matrix(model, (N_CLASSES, N_FEATURES))
    if slot is None:
        raise UndrivableError(
            f"it has no array of shape ({N_CLASSES}, {N_FEATURES}) for n_classes = {N_CLASSES} and "
            f"n_features = {N_FEATURES}"
        )
    if not hasattr(model, "update_weight"):
        raise UndrivableError("it has no update_weight(x_i, y_i)")
    return model, slot


def _records(model: Any, slot: Slot, penalty: float) -> list[Record]:
    X, y = drawn_examples()
    records = []
    for k, (x, label) in enumerate(zip(X, y, strict=True)):
        if k == FROM_ZERO:
            slot.write(np.random.RandomState(3).normal(0.0, 1.0, slot.shape))
        before = slot.read()
        call(model.update_weight, x.copy(), label, learning_rate=RATE, l2_penalty=penalty)
        records.append(Record(x, int(label), before, slot.read()))
    return records


def _about_step(records: Sequence[Record], part: str, own: Coefficients, size: StepSize) -> Finding:
    def right(W: Array, x: Array, label: int) -> Array:
        return change.linear_step(RIGHT, own, W, x, label, size)

    first = next((k for k, r in enumerate(records) if not _same(r, right)), None)
    if first is None:
        return findings.right("step", f"{len(records)} examples stepped as defined")
    if part == "1.1a" and (factor := _scaled(records, right)):
        return findings.right(
            "step", f"as defined, times {factor:.6g}: from zero weights the accuracies are the same"
        )
    record = records[first]
    expected = right(record.before, record.x, record.label)
    entry = np.unravel_index(np.argmax(np.abs(record.after - expected)), expected.shape)
    where: dict[str, Any] = {
        "example": first + 1,
        "array": f"W[{entry[0]}, {entry[1]}]",
        "got": float(record.after[entry]),
        "expected": float(expected[entry]),
    }
    for chosen, step in _known_steps(part, own, size):
        if all(_same(r, step) for r in records):
            found = findings.wrong("step", chosen[0], **where)
            if len(chosen) == 1:
                return found
            keys = " + ".join(v.key for v in chosen)
            return findings.Finding(
                "step", "wrong", keys, " and ".join(v.says for v in chosen), **where
            )
    return findings.wrong("step", None, "none of the known mistakes steps like that", **where)


def _known_steps(
    part: str, own: Coefficients, size: StepSize
) -> list[tuple[tuple[Variant, ...], Step]]:
    """Every mistake of the catalogue as a step, then every two of them that go together."""

    def stepping(what: LinearChange) -> Step:
        return lambda W, x, label: change.linear_step(what, own, W, x, label, size)

    def twice(W: Array, x: Array, label: int) -> Array:
        return stepping(RIGHT)(stepping(RIGHT)(W, x, label), x, label)

    single = [(v, v.linear) for v in variants(part) if v.linear and not v.harmless]
    found: list[tuple[tuple[Variant, ...], Step]] = [((v,), stepping(w)) for v, w in single]
    found.append(((STEPPED_TWICE,), twice))
    for (one, first), (other, second) in combinations(single, 2):
        try:
            found.append(((one, other), stepping(merged(RIGHT, [first, second]))))
        except ValueError:
            continue
    return found


def _same(record: Record, step: Step) -> bool:
    with np.errstate(all="ignore"):
        expected = step(record.before, record.x, record.label)
    return epochs.same(record.after, expected)


def _scaled(records: Sequence[Record], right: Step) -> float | None:
    """Return the one positive factor by which every step differs from the right one, or None."""
    factors = []
    for record in records:
        expected = right(record.before, record.x, record.label) - record.before
        taken = record.after - record.before
        if not expected.any():
            if taken.any():
                return None
            continue
        factor = float((taken * expected).sum() / (expected**2).sum())
        if not epochs.same(taken, factor * expected):
            return None
        factors.append(factor)
    alike = factors and min(factors) > 0 and np.ptp(factors) < 1e-9 * max(factors)
    return factors[0] if alike else None


def _about_first_weights(cls: type) -> Finding:
    _, slot = _made(cls)
    W = slot.read()
    if not W.any():
        return findings.right("first weights", "zero")
    entry = np.unravel_index(np.argmax(np.abs(W)), W.shape)
    return findings.wrong(
        "first weights",
        BY_KEY["drawn weights"],
        array=f"W[{entry[0]}, {entry[1]}]",
        got=float(W[entry]),
        expected=0.0,
    )


def _about_order(cls: type, penalty: float) -> Finding:
    """Compare train_epoch with the student's own steps, one after the other."""
    X, y = drawn_examples()
    options = {"learning_rate": RATE, "l2_penalty": penalty}

    def trained(order: Sequence[int]) -> list[Array]:
        model, slot = _made(cls)
        for k in order:
            call(model.update_weight, X[k].copy(), y[k], **options)
        return [slot.read()]

    try:
        model, slot = _made(cls)
        np.random.seed(epochs.SEED)
        call(model.train_epoch, X.copy(), y.copy(), **options)
        return epochs.about_order([slot.read()], trained, len(y))
    except (UndrivableError, AttributeError) as error:
        return findings.untested("order", str(error))


def _about_prediction(cls: type) -> Finding:
    X, y = drawn_examples()
    try:
        model, slot = _made(cls)
        W = np.random.RandomState(3).normal(0.0, 1.0, slot.shape)
        slot.write(W)
        return epochs.about_prediction(model, X, y, (X @ W.T).argmax(axis=1))
    except (UndrivableError, AttributeError) as error:
        return findings.untested("prediction", str(error))
