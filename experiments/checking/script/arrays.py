"""A student's arrays, found by their shapes wherever an object keeps them."""

from collections.abc import Iterator
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
MAX_DEPTH = 3


class Slot(NamedTuple):
    """One place of an object that holds an array, or nowhere.

    Attributes:
        owner: the object.
        path: attribute's name, then keys or indices of containers; empty for nowhere.
        shape: as our definitions have it.
    """

    owner: Any
    path: tuple[Any, ...]
    shape: tuple[int, ...]

    def raw(self) -> Any:
        """Return what is there now."""
        found = vars(self.owner)[self.path[0]]
        for key in self.path[1:]:
            found = found[key]
        return found

    def read(self) -> Array:
        """Return a copy in our shape; what is nowhere is zero."""
        if not self.path:
            return np.zeros(self.shape)
        found = np.array(self.raw(), dtype=float)
        if found.size == 1:
            return np.full(self.shape, float(found.reshape(())))
        if found.shape == self.shape:
            return found
        if len(self.shape) == 2 and found.shape == self.shape[::-1]:
            return found.T.copy()
        return found.reshape(self.shape)

    def write(self, values: Array) -> None:
        """Put our values there, in the shape that the student has."""
        if not self.path:
            return
        found = np.asarray(self.raw())
        if found.size == 1:
            values = np.full(found.shape, float(values.ravel()[0]))
        elif len(self.shape) == 2 and found.shape == self.shape[::-1] != self.shape:
            values = values.T
        else:
            values = values.reshape(found.shape)
        owner: Any = vars(self.owner)
        for key in self.path[:-1]:
            owner = owner[key]
        if isinstance(owner, (list, dict)):
            owner[self.path[-1]] = np.array(values, dtype=float)
        else:  # a tuple's array can only be changed in place
            found[...] = values


def find_matrix(owner: Any, shape: tuple[int, int]) -> Slot | None:
    """Return where an object keeps a matrix of this shape, or of the transposed one."""
    for path, value in _walk(owner):
        if isinstance(value, np.ndarray) and value.shape in (shape, shape[::-1]):
            return Slot(owner, path, shape)
    return None


def find_vector(owner: Any, size: int, name: str) -> Slot:
    """Return where an object keeps a vector of this size, as row or column or flat.

    Where there is none, a single number whose name begins like `name` is taken for one that all
    units share.
    """
    scalars = []
    for path, value in _walk(owner):
        if isinstance(value, np.ndarray) and value.shape in ((size,), (size, 1), (1, size)):
            return Slot(owner, path, (size,))
        single = isinstance(value, (int, float, np.floating)) or (
            isinstance(value, np.ndarray) and value.size == 1
        )
        if single and str(path[0]).lower().startswith(name[0]) and str(path[-1]).endswith(name[1:]):
            scalars.append(Slot(owner, path, (size,)))
    return scalars[0] if scalars else Slot(owner, (), (size,))


def _walk(owner: Any) -> Iterator[tuple[tuple[Any, ...], Any]]:
    """Every value that an object holds, in containers too."""
    todo: list[tuple[tuple[Any, ...], Any]] = [
        ((name,), value) for name, value in vars(owner).items()
    ]
    while todo:
        path, value = todo.pop(0)
        yield path, value
        if len(path) > MAX_DEPTH:
            continue
        if isinstance(value, (list, tuple)):
            todo += [((*path, k), item) for k, item in enumerate(value[:20])]
        elif isinstance(value, dict):
            todo += [((*path, k), item) for k, item in list(value.items())[:20]]
