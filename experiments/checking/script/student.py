"""A student's model: made, its arrays found by their shapes, read and written."""

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np

from experiments.checking.script.arrays import Array, Columns, Slot, find_layer, find_matrix
from experiments.checking.script.calling import UndrivableError, call, made

N_CLASSES = 6

Arrays = tuple[Array, ...]


class Student(NamedTuple):
    """A student's model and where its arrays are.

    Attributes:
        model: the object.
        slots: of W, or of W1, b1, W2 and b2.
    """

    model: Any
    slots: tuple[Slot | Columns, ...]

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

    def train(self, X: Array, y: Array, **options: float) -> Any:
        """Train for an epoch, and return what the student's function does."""
        with np.errstate(all="ignore"):
            return call(self.model.train_epoch, X.copy(), y.copy(), **options)


def linear_student(cls: type, n_features: int, options: dict[str, float]) -> Student:
    """Make a student's linear model; rate and penalty are for those who take them here.

    Raises:
        UndrivableError: it cannot be made, or has no array of weights or no `update_weight`.
    """
    model = made(cls, {"n_classes": N_CLASSES, "n_features": n_features}, options)
    slot = find_matrix(model, (N_CLASSES, n_features))
    if slot is None:
        raise UndrivableError(
            f"it has no array of shape ({N_CLASSES}, {n_features}) for n_classes = {N_CLASSES} and "
            f"n_features = {n_features}"
        )
    update_of(model)
    return Student(model, (slot,))


def update_of(model: Any) -> Any:
    """Return a linear model's step along an example, under the assignment's names for it.

    Raises:
        UndrivableError: it has none.
    """
    for name in ("update_weight", "update_weights"):
        if hasattr(model, name):
            return getattr(model, name)
    raise UndrivableError("it has no update_weight(x_i, y_i)")


def network_student(
    cls: type, n_features: int, n_hidden: int, units_more: int = 0, rate: float = 0.0
) -> Student:
    """Make a student's network, whose units are so many more than were asked for.

    Raises:
        UndrivableError: it cannot be made, or has no such arrays.
    """
    sizes = {"n_classes": N_CLASSES, "n_features": n_features, "hidden_size": n_hidden}
    model = made(cls, sizes, {"learning_rate": rate})
    h = n_hidden + units_more
    first, second = find_layer(model, h, n_features, "b1"), find_layer(model, N_CLASSES, h, "b2")
    if first is None or second is None:
        raise UndrivableError(
            f"it has no arrays of shapes ({h}, {n_features}) and ({N_CLASSES}, {h}), or transposed,"
            f" for {N_CLASSES} classes, {n_features} features and {n_hidden} hidden units"
        )
    return Student(model, (*first, *second))


def drawn_examples(seed: int, n: int, n_features: int) -> tuple[Array, Array]:
    """Return features `[n, d]` and labels `[n]`: every class comes often."""
    rng = np.random.RandomState(seed)
    X = rng.randint(0, 256, (n, n_features)) / 256
    return X, rng.permutation(np.arange(n) % N_CLASSES)
