"""Tables and lists of a text, unfolded: a line per row, or per epoch, that names its numbers."""

import re
from collections.abc import Iterator
from typing import NamedTuple

from experiments.assignment import Measure
from experiments.checking.given_numbers import NUMBER
from experiments.checking.reading.words import label_of, measure_of

WITH_START = (21, 101, 201)
"""How many rows there are if the first one is before training, by the assignment's epochs."""

_BORDERS = "|\u2502\u2503\u2551"
_SEPARATORS = tuple(map(re.compile, (f"[{_BORDERS}]", "&", ";", "\t", ",", r"\s{2,}", r"\s+")))
_WHITE = _SEPARATORS[-1]
_CELL = re.compile(NUMBER, re.IGNORECASE)
# Of no column's name: a number, or the sign before one.
_NO_NAME = re.compile(r"[\d:=]|nan|inf", re.IGNORECASE)
_LIST = re.compile(r"\[([^\[\]]{3,})\]")
_TYPES = re.compile(r"(?:np\.)?(?:float\d*|tensor|array)\(|\)|dtype=\w+")
_LABEL = re.compile(r"([^\n\[\]{},;:=]{1,80}[:=][\s(]*(?:(?:np\.)?array|tensor)?[\s(]*)$")
_LOOK_BACK = 100


def unfold(text: str) -> Iterator[str]:
    """Give a text's lines; rows of a table and items of lists say what each number is."""
    table: _Table | None = None
    for line in re.split(r"[\r\n]+", _without_lists(text)):
        if table and table.take(line):
            continue
        if table:
            yield from table.lines()
        table = _table_of(line)
        yield line
    if table:
        yield from table.lines()


class _Table:
    """A table's heading, and its rows so far."""

    def __init__(self, names: list[str], separator: re.Pattern[str]) -> None:
        self._names, self._rows = names, list[tuple[list[str], list[str]]]()
        # Rows of a table without rules have numbers only, which one blank is enough to part.
        self._separator = _WHITE if separator.match("   ") else separator
        self._known = [_is_known(name) for name in names]

    def take(self, line: str) -> bool:
        """Take a line that is a row, or no more than a rule."""
        if not any(map(str.isalnum, line)):
            return True
        cells = _cells(line, self._separator)
        more = len(cells) - len(self._names)
        if more not in (0, 1):
            return False
        index, own = cells[:more], cells[more:]
        values = [cell for cell, known in zip(own, self._known, strict=True) if known and cell]
        if not values or not all(map(_CELL.fullmatch, values)):
            return False
        self._rows.append((index, own))
        return True

    def lines(self) -> Iterator[str]:
        """Give a line per row, "epoch: 1 | val acc: .5"; rows of no number are counted."""
        labels = [label_of(name) for name in self._names]
        epochs = any(label.epoch for label in labels)
        told_apart = epochs or any(label.setting or not label.words for label in labels)
        start = 0 if len(self._rows) in WITH_START else 1
        counted = len(self._rows) > 1 and all(self._known) and not told_apart
        for place, (index, own) in enumerate(self._rows, start):
            epoch = index[0] if index and not epochs else str(place) if counted else ""
            named = (("epoch", epoch), *zip(self._names, own, strict=True))
            kept = [f"{name}: {cell}" for name, cell in named if cell and _is_known(name)]
            yield " | ".join(kept)


def _table_of(line: str) -> _Table | None:
    """Return the table that a line is the heading of: several names, of measures or of epochs."""
    if _NO_NAME.search(line):
        return None
    for separator in _SEPARATORS:
        if separator.search(line) and len(names := _cells(line, separator)) > 1:
            return _Table(names, separator) if sum(map(_is_known, names)) > 1 else None
    return None


def _is_known(name: str) -> bool:
    label = label_of(name)
    return bool(label.epoch or label.setting or measure_of(label, None, "accuracy") or label.kind)


def _cells(line: str, separator: re.Pattern[str]) -> list[str]:
    return [cell.strip(" \"'*") for cell in separator.split(line.strip(_BORDERS + "\\ ").strip())]


class _List(NamedTuple):
    """A list of numbers in a text: its label's place, its end, what it is, and its items."""

    start: int
    end: int
    label: str
    measure: Measure
    items: list[str]


def _without_lists(text: str) -> str:
    """Return a text whose lists of a measure are lines, one for each epoch."""
    pieces, place = [], 0
    for lists in _of_one_run(text):
        n = len(lists[0].items)
        for found in lists:
            pieces.append(text[place : found.start])
            place = found.end
        for k in range(n):
            values = " | ".join(f"{found.label} {found.items[k]}" for found in lists)
            pieces.append(f"\nepoch: {k + (n not in WITH_START)} | {values}")
        pieces.append("\n")
    return "".join(pieces) + text[place:]


def _of_one_run(text: str) -> Iterator[list[_List]]:
    """Give the lists that stand beside each other: equally long, each of another measure."""
    group: list[_List] = []
    for found in _lists(text):
        beside = (
            group
            and len(group[-1].items) == len(found.items)
            and all(other.measure != found.measure for other in group)
            and not re.search(r"\d", text[group[-1].end : found.start])
        )
        if group and not beside:
            yield group
            group = []
        group.append(found)
    if group:
        yield group


def _lists(text: str) -> Iterator[_List]:
    """Give the lists of numbers that a label before them calls a measure."""
    for found in _LIST.finditer(text):
        label = _LABEL.search(text, max(0, found.start() - _LOOK_BACK), found.start())
        measure = measure_of(label_of(label[1].strip()), None, "accuracy") if label else None
        if label is None or measure is None:
            continue
        items = re.findall(r"[^,\s]+", _TYPES.sub(" ", found[1]))
        if len(items) > 1 and all(map(_CELL.fullmatch, items)):
            yield _List(label.start(), found.end(), label[1].strip(), measure, items)
