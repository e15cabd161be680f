"""A student's network: made, its arrays found, read and written, and trained for an epoch."""

from typing import Any, NamedTuple

import numpy as np

from experiments.checking.script.arrays import Array, Slot, find_matrix, find_vector
from experiments.checking.script.calling import UndrivableError, call, guarded
from scratch.mlp import MLPParams

N_CLASSES, N_FEATURES, N_HIDDEN, N_EXAMPLES = 6, 8, 5, 24


class Student(NamedTuple):
    """A student's network and where its arrays are.

    Attributes:
        model: the object.
        slots: of W1, b1, W2 and b2; None for a bias that is kept nowhere.
    """

    model: Any
    slots: tuple[Slot, Slot | None, Slot, Slot | None]

    def read(self) -> MLPParams:
        """Return the parameters, a bias that is kept nowhere as zeros."""
        W1, b1, W2, b2 = self.slots
        return MLPParams(
            W1.read(),
            b1.read() if b1 else np.zeros(W1.shape[0]),
            W2.read(),
            b2.read() if b2 else np.zeros(W2.shape[0]),
        )

    def write(self, p: MLPParams) -> None:
        """Put parameters where the student keeps them."""
        for slot, array in zip(self.slots, p, strict=True):
            if slot:
                slot.write(array)

    def train(self, X: Array, y: Array, rate: float) -> Any:
        """Train for an epoch, and return what the student's function does."""
        with np.errstate(all="ignore"):
            return call(self.model.train_epoch, X.copy(), y.copy(), learning_rate=rate)


def made(
    cls: type, n_features: int = N_FEATURES, n_hidden: int = N_HIDDEN, units_more: int = 0
) -> Student:
    """Make a student's network, and find its arrays by their shapes.

    Raises:
        UndrivableError: it cannot be made, or has no such arrays.
    """
    model = guarded(lambda: cls(N_CLASSES, n_features, n_hidden))
    h = n_hidden + units_more
    W1, W2 = find_matrix(model, (h, n_features)), find_matrix(model, (N_CLASSES, h))
    if W1 is None or W2 is None:
        raise UndrivableError(
            f"it has no arrays of shapes ({h}, {n_features}) and ({N_CLASSES}, {h}), or transposed,"
            f" for {N_CLASSES} classes, {n_features} features and {n_hidden} hidden units"
        )
    b1, b2 = find_vector(model, h, "b1"), find_vector(model, N_CLASSES, "b2")
    return Student(model, (W1, b1, W2, b2))


def drawn_examples() -> tuple[Array, Array]:
    """Return features `[n, d]` and labels: every class comes often."""
    rng = np.random.RandomState(11)
    X = rng.randint(0, 256, (N_EXAMPLES, N_FEATURES)) / 256
    return X, rng.permutation(np.arange(N_EXAMPLES) % N_CLASSES)


def drawn_params(deviation: float = 0.7) -> MLPParams:
    """Return parameters with which some units are on and some are off."""
    rng = np.random.RandomState(3)
    return MLPParams(
        rng.normal(0.0, deviation, (N_HIDDEN, N_FEATURES)),
        rng.normal(0.0, 0.3, N_HIDDEN),
        rng.normal(0.0, deviation, (N_CLASSES, N_HIDDEN)),
        rng.normal(0.0, 0.3, N_CLASSES),
    )


def shared(student: Student, p: MLPParams) -> MLPParams:
    """Return what of the parameters a student's arrays hold: one that all share is one number."""
    student.write(p)
    return student.read()
