"""A student's arrays, found by their shapes wherever an object keeps them."""

import re
from collections.abc import Iterator
from types import FunctionType, ModuleType
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
MAX_DEPTH = 4
MAX_ITEMS, MAX_VALUES = 20, 2000
# An array that is kept beside the weights: a gradient, a velocity, the weights of another time.
_BESIDE = re.compile(
    r"^_*(d|[gmv]_?)(W|b)?_?\d*$|grad|delta|vel|mom|cache|best|old|prev|hist|avg", re.I
)


class Slot(NamedTuple):
    """One place of an object that holds an array, or nowhere.

    Attributes:
        owner: the object.
        path: attributes' names, and keys or indices of containers; empty for nowhere.
        shape: as our definitions have it.
    """

    owner: Any
    path: tuple[Any, ...]
    shape: tuple[int, ...]

    def read(self) -> Array:
        """Return a copy in our shape; what is nowhere is zero."""
        if not self.path:
            return np.zeros(self.shape)
        found = np.array(self._at(self.path), dtype=float)
        if found.size == 1:
            return np.full(self.shape, found.item())
        return found.T.copy() if self._transposes(found) else found.reshape(self.shape)

    def write(self, values: Array) -> None:
        """Put our values there, in the shape that the student has."""
        if not self.path:
            return
        raw = self._at(self.path)
        found = np.asarray(raw)
        if found.size == 1:
            values = np.full(found.shape, values.flat[0])
        else:
            values = values.T if self._transposes(found) else values.reshape(found.shape)
        holder = self._at(self.path[:-1])
        in_place = found is raw and found.dtype == float and found.flags.writeable
        if in_place or isinstance(holder, tuple):  # another name of the same array sees it too
            found[...] = values
        elif isinstance(holder, (list, dict)):
            holder[self.path[-1]] = np.array(values, dtype=float)
        else:
            setattr(holder, self.path[-1], np.array(values, dtype=float))

    def _transposes(self, found: np.ndarray) -> bool:
        return found.shape == self.shape[::-1] != self.shape

    def _at(self, path: tuple[Any, ...]) -> Any:
        found = self.owner
        for key in path:
            inside = isinstance(found, (list, tuple, dict))
            found = found[key] if inside else getattr(found, key)
        return found


class Columns(NamedTuple):
    """Columns of a matrix that holds weights and bias: all but the bias's, or the bias's alone.

    Attributes:
        whole: the matrix.
        which: index of the columns.
    """

    whole: Slot
    which: slice | int

    def read(self) -> Array:
        """Return a copy of the columns."""
        return self.whole.read()[:, self.which].copy()

    def write(self, values: Array) -> None:
        """Put values there; the other columns stay."""
        matrix = self.whole.read()
        matrix[:, self.which] = values
        self.whole.write(matrix)


def find_matrix(owner: Any, shape: tuple[int, int]) -> Slot | None:
    """Return where an object keeps a matrix of this shape, or of the transposed one."""
    for path, value in _walk(owner):
        if isinstance(value, np.ndarray) and value.shape in (shape, shape[::-1]):
            return Slot(owner, path, shape)
    return None


def find_layer(owner: Any, n_out: int, n_in: int, bias: str) -> tuple[Slot | Columns, ...] | None:
    """Return where an object keeps weights `[n_out, n_in]` and bias, beside or in one matrix.

    In one, the bias is the first column if that is zero and the last one is not, else the last.
    """
    if weights := find_matrix(owner, (n_out, n_in)):
        return weights, find_vector(owner, n_out, bias)
    whole = find_matrix(owner, (n_out, n_in + 1))
    if whole is None:
        return None
    matrix = whole.read()
    if matrix[:, -1].any() and not matrix[:, 0].any():
        return Columns(whole, slice(1, None)), Columns(whole, 0)
    return Columns(whole, slice(0, -1)), Columns(whole, -1)


def find_vector(owner: Any, size: int, name: str) -> Slot:
    """Return where an object keeps a vector of this size, as row or column or flat.

    Where there is none, a single number whose name begins like `name` is taken for one that all
    units share.
    """
    scalars = []
    for path, value in _walk(owner):
        if isinstance(value, np.ndarray) and value.shape in ((size,), (size, 1), (1, size)):
            return Slot(owner, path, (size,))
        number = isinstance(value, (int, float, np.floating, np.ndarray)) and np.size(value) == 1
        if number and str(path[0]).lower().startswith(name[0]) and str(path[-1]).endswith(name[1:]):
            scalars.append(Slot(owner, path, (size,)))
    return scalars[0] if scalars else Slot(owner, (), (size,))


def _walk(owner: Any) -> list[tuple[tuple[Any, ...], Any]]:
    """Every value that an object holds, in containers and objects too; weights come first."""
    found: list[tuple[tuple[Any, ...], Any]] = []
    todo: list[tuple[tuple[Any, ...], Any]] = [((), owner)]
    seen = {id(owner)}
    while todo and len(found) < MAX_VALUES:
        path, value = todo.pop(0)
        found.append((path, value))
        if len(path) < MAX_DEPTH:
            inside = [(k, item) for k, item in _items(value) if id(item) not in seen]
            seen.update(id(item) for _, item in inside if not isinstance(item, (int, float)))
            todo += [((*path, k), item) for k, item in inside]
    return sorted(found, key=lambda each: any(_BESIDE.search(str(key)) for key in each[0]))


def _items(value: Any) -> Iterator[tuple[Any, Any]]:
    if isinstance(value, (list, tuple)):
        yield from enumerate(value[:MAX_ITEMS])
    elif isinstance(value, dict):
        yield from list(value.items())[:MAX_ITEMS]
    elif not isinstance(value, (type, ModuleType, FunctionType, np.ndarray)):
        slots = [getattr(cls, "__slots__", ()) for cls in type(value).__mro__]
        names = [n for s in slots for n in ((s,) if isinstance(s, str) else s)]
        for name in (*names, *getattr(value, "__dict__", ())):
            if hasattr(value, name):
                yield name, getattr(value, name)
