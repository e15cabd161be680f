"""Where a change is tried: in what a program computes, never in a type; and by which tests."""

import ast
import tomllib
from pathlib import Path

import pytest

from mutation.rules import OPERATORS, place
from mutation.test_selection import Ran, up_to

ROOT = Path(__file__).parents[2]
SOURCE = """\
LIMIT = 3 + 4
Value = dict[str, int] | None


def f(x: int | None, n: int = 2) -> float | None:
    if x and n > 1:
        return x * 2.5
    for i in range(n):
        x -= i
    return None
"""


def around(text: str, line: int) -> tuple[bool, bool, list[int]]:
    """Whether a place runs at import, whether it is a type, and the lines of its statement."""
    column = SOURCE.splitlines()[line - 1].index(text)
    found = place(ast.parse(SOURCE), (line, column))
    return found.at_import, found.typing, list(found.lines)


PLACES = {
    "a constant of the module": (("3", 1), (True, False, [1])),
    "a union of types": (("|", 2), (True, True, [2])),
    "a type that is a value": (("dict", 2), (True, True, [2])),
    "an annotation": (("int |", 5), (True, True, [5])),
    "what is returned, as a type": (("float", 5), (True, True, [5])),
    "a condition": (("n > 1", 6), (False, False, [6])),
    "a product": (("x * 2.5", 7), (False, False, [7])),
    "a loop's header": (("range", 8), (False, False, [8])),
    "a loop's body": (("x -=", 9), (False, False, [9])),
}


@pytest.mark.parametrize("name", PLACES)
def test_what_lies_around_a_place(name: str) -> None:
    (text, line), expected = PLACES[name]
    assert around(text, line) == expected


def test_an_operator_becomes_what_people_confuse_it_with() -> None:
    assert "core/ReplaceBinaryOperator_Add_Sub" in OPERATORS
    assert "core/ReplaceBinaryOperator_Add_LShift" not in OPERATORS


@pytest.mark.parametrize(
    ("seconds", "chosen"), [(0.0, ["a"]), (1.5, ["a"]), (2.5, ["a", "b"]), (9.0, ["a", "b", "c"])]
)
def test_one_test_at_least_and_no_more_than_so_many_seconds(
    seconds: float, chosen: list[str]
) -> None:
    seen = {name: Ran(1.0, set(), []) for name in "abc"}
    assert up_to(seconds, ["a", "b", "c"], seen) == chosen


def test_every_equivalent_mutant_stands_in_today_s_code_with_its_reason() -> None:
    entries = tomllib.loads((ROOT / "mutation" / "equivalent.toml").read_text())["mutant"]
    for entry in entries:
        lines = (ROOT / entry["module"]).read_text().splitlines()
        assert entry["before"] in [line.strip() for line in lines], entry
        assert len(entry["reason"].split()) > 2
