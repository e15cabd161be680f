"""Question 1.3's network, stepped example by example beside the definition."""

from collections.abc import Iterable
from typing import Any

import numpy as np

from experiments.checking.catalogue import BY_KEY, variants
from experiments.checking.catalogue.network_change import NetworkChange, network_step
from experiments.checking.catalogue.readouts import Losses
from experiments.checking.script import findings, steps
from experiments.checking.script.arrays import Array
from experiments.checking.script.calling import UndrivableError, numbers_of
from experiments.checking.script.findings import Checked, Finding
from experiments.checking.script.steps import Step, recorded
from experiments.checking.script.student import (
    N_CLASSES,
    Student,
    drawn_examples,
    network_student,
)
from scratch.mlp import MLPParams
from scratch.mlp import scores as scores_of
from scratch.softmax import cross_entropy

RATE = 0.05
# No two of a layer's shapes are alike, whether its bias is a column of it or not.
N_FEATURES, N_HIDDEN, N_EXAMPLES = 8, 10, 24
# Enough weights for mean and deviation to be told to a few percent.
DRAWN_FEATURES, DRAWN_HIDDEN = 60, 40
RIGHT = NetworkChange()


def drive_network(cls: type, part: str) -> Checked:
    """Check a network for question 1.3."""
    checked, drive = Checked(part, cls.__name__), _Network(cls, part)
    if cannot := drive.cannot_be_made():
        checked.checks.append(cannot)
        return checked
    checked.add(
        {
            "step": drive.about_step,
            "first weights": drive.about_first_weights,
            "loss": drive.about_loss,
            "order": drive.about_order,
            "prediction": drive.about_prediction,
        }
    )
    return checked


class _Network:
    """A network of a student beside the definition, on drawn examples."""

    def __init__(self, cls: type, part: str) -> None:
        self._cls, self._variants = cls, variants(part)
        self._X, self._y = drawn_examples(11, N_EXAMPLES, N_FEATURES)

    def cannot_be_made(self) -> Finding | None:
        try:
            self._made()
        except UndrivableError as error:
            try:
                network_student(self._cls, N_FEATURES, N_HIDDEN, units_more=1)
            except UndrivableError:
                return findings.untested("step", str(error))
            return findings.wrong("first weights", (BY_KEY["one unit more"],))
        return None

    def about_step(self) -> Finding:
        student = self._made()
        records = recorded(student, self._X, self._y, self._step, {0: _drawn_params()})
        known = [
            ((v,), _stepping(v.network)) for v in self._variants if v.network and v.network.in_step
        ]
        return steps.about_step(records, MLPParams._fields, _stepping(RIGHT), known)

    def about_first_weights(self) -> Finding:
        np.random.seed(42)
        p = MLPParams(*network_student(self._cls, DRAWN_FEATURES, DRAWN_HIDDEN).read())
        sizes = (DRAWN_FEATURES, DRAWN_HIDDEN, N_CLASSES)
        if steps.all_same(p, RIGHT.draw(np.random.RandomState(42), *sizes)):
            return findings.right("first weights", "normal of mean 0.1 and deviation 0.1, W1 first")
        draws = [
            (v, v.network.draw)
            for v in self._variants
            if v.network and v.network.draw is not RIGHT.draw
        ]
        for variant, draw in draws:
            if steps.all_same(p, draw(np.random.RandomState(42), *sizes)):
                return findings.wrong("first weights", (variant,))
        right = RIGHT.draw(np.random.RandomState(0), *sizes)
        name = "W2" if _near(p.W1, right.W1) else "W1"
        W = getattr(p, name)
        where: dict[str, Any] = {"array": name, "got": float(W.std()), "expected": 0.1}
        if p.b1.any() or p.b2.any():
            return findings.wrong("first weights", (BY_KEY["biases drawn"],), **where)
        if _alike(p, right):
            says = "mean 0.1 and deviation 0.1, by another generator or in another order"
            return findings.right("first weights", says)
        for variant, draw in draws:
            if _alike(p, draw(np.random.RandomState(0), *sizes)):
                return findings.wrong("first weights", (variant,), **where)
        says = f"{name} has mean {W.mean():.4f} and deviation {W.std():.4f}, expected 0.1 and 0.1"
        return findings.wrong("first weights", (), says, **where)

    def about_loss(self) -> Finding:
        """Compare the returned loss: of weights that stand still, then of a training."""
        returned, own = [], []
        for deviation, rate in ((2.5, 0.0), (0.7, RATE)):
            student = self._made(rate)
            p = MLPParams(*student.shared(_drawn_params(deviation)))
            returned.append(numbers_of(student.train(self._X, self._y, learning_rate=rate)))
            own.append(_losses(p, self._X, self._y, rate))
        told = list(zip(*returned, strict=True))  # of (loss, accuracy) the one is compared that is
        right = [float(losses.before.mean()) for losses in own]
        if any(_close(values, right) for values in told):
            return findings.right("loss", "the mean of each example's, before its step")
        where = {"got": told[0][0], "expected": right[0]} if told else {}
        for variant in self._variants:
            read = variant.read_out and variant.read_out.loss
            if read and any(_close(values, map(read, own)) for values in told):
                return findings.wrong("loss", (variant,), **where)
        if len(told) != 1:
            return findings.untested("loss", f"train_epoch returns {len(told)} numbers, not one")
        if _close(told[0][:1], right[:1]):
            says = "right where weights stand still; the steps are others"
            return findings.untested("loss", says)
        says = (
            "the returned loss is not the mean cross-entropy of the examples, each before its step"
        )
        return findings.wrong("loss", (), says, **where)

    def about_order(self) -> Finding:
        own = (self._made, _drawn_params(), self._step)
        return steps.about_order(*own, self._X, self._y, {"learning_rate": RATE})

    def about_prediction(self) -> Finding:
        student = self._made()
        p = MLPParams(*student.shared(_drawn_params()))
        expected = scores_of(p, self._X).argmax(axis=1)
        return steps.about_prediction(student.model, self._X, self._y, expected)

    def _made(self, rate: float = RATE) -> Student:
        return network_student(self._cls, N_FEATURES, N_HIDDEN, rate=rate)

    def _step(self, student: Student, k: int) -> None:
        try:
            student.train(self._X[k : k + 1], self._y[k : k + 1], learning_rate=RATE)
        except UndrivableError as error:
            raise UndrivableError(f"given a single example, {error}") from None


def _drawn_params(deviation: float = 0.7) -> MLPParams:
    """Return parameters with which some units are on and some are off."""
    rng = np.random.RandomState(3)
    return MLPParams(
        rng.normal(0.0, deviation, (N_HIDDEN, N_FEATURES)),
        rng.normal(0.0, 0.3, N_HIDDEN),
        rng.normal(0.0, deviation, (N_CLASSES, N_HIDDEN)),
        rng.normal(0.0, 0.3, N_CLASSES),
    )


def _stepping(what: NetworkChange) -> Step:
    return lambda arrays, x, label: network_step(what, MLPParams(*arrays), x, label, RATE)[0]


def _alike(p: MLPParams, other: MLPParams) -> bool:
    return _near(p.W1, other.W1) and _near(p.W2, other.W2)


def _near(found: Array, other: Array) -> bool:
    """Whether weights have about the mean and the deviation of others."""
    error = other.std() / other.size**0.5
    near = abs(found.mean() - other.mean()) <= 6 * error
    return bool(near and abs(found.std() / (other.std() or 1.0) - 1) <= 0.15)


def _losses(p: MLPParams, X: Array, y: Array, rate: float) -> Losses:
    before, after = [], []
    for x, label in zip(X, y, strict=True):
        p, loss = network_step(RIGHT, p, x, int(label), rate)
        before.append(loss)
        after.append(cross_entropy(scores_of(p, x), int(label)))
    last = [cross_entropy(s, int(k)) for s, k in zip(scores_of(p, X), y, strict=True)]
    return Losses(np.array(before), np.array(after), float(np.mean(last)))


def _close(values: Iterable[float], expected: Iterable[float | None]) -> bool:
    pairs = zip(values, expected, strict=True)
    return all(e is not None and steps.tells(v, e) for v, e in pairs)
