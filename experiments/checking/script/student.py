"""A student's model: made, its arrays found by their shapes, read and written."""

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np

from experiments.checking.script.arrays import Array, Slot, find_matrix, find_vector
from experiments.checking.script.calling import UndrivableError, guarded

N_CLASSES = 6

Arrays = tuple[Array, ...]


class Student(NamedTuple):
    """A student's model and where its arrays are.

    Attributes:
        model: the object.
        slots: of W, or of W1, b1, W2 and b2.
    """

    model: Any
    slots: tuple[Slot, ...]

    def read(self) -> Arrays:
        """Return copies of the arrays, a bias that is kept nowhere as zeros."""
        return tuple(slot.read() for slot in self.slots)

    def write(self, arrays: Sequence[Array]) -> None:
        """Put arrays where the student keeps them."""
        for slot, array in zip(self.slots, arrays, strict=True):
            slot.write(array)

    def shared(self, arrays: Sequence[Array]) -> Arrays:
        """Write, and return what the student's arrays hold: one that all share is one number."""
        self.write(arrays)
        return self.read()


def linear_student(cls: type, n_features: int) -> Student:
    """Make a student's linear model.

    Raises:
        UndrivableError: it cannot be made, or has no array of weights or no `update_weight`.
    """
    model = guarded(lambda: cls(N_CLASSES, n_features))
    slot = find_matrix(model, (N_CLASSES, n_features))
    if slot is None:
        raise UndrivableError(
            f"it has no array of shape ({N_CLASSES}, {n_features}) for n_classes = {N_CLASSES} and "
            f"n_features = {n_features}"
        )
    if not hasattr(model, "update_weight"):
        raise UndrivableError("it has no update_weight(x_i, y_i)")
    return Student(model, (slot,))


def network_student(cls: type, n_features: int, n_hidden: int, units_more: int = 0) -> Student:
    """Make a student's network, whose units are so many more than were asked for.

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


def drawn_examples(seed: int, n: int, n_features: int) -> tuple[Array, Array]:
    """Return features `[n, d]` and labels `[n]`: every class comes often."""
    rng = np.random.RandomState(seed)
    X = rng.randint(0, 256, (n, n_features)) / 256
    return X, rng.permutation(np.arange(n) % N_CLASSES)
