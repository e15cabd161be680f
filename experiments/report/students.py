"""The group that hands the report in, read from a small TOML file such as `TEMPLATE`."""

import unicodedata
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

from experiments.cli.toml_file import check_keys, toml_file

TEMPLATE = """\
# The group that hands in: hw1-reproduce --group FILE.toml

# The paragraph on who did what. It may be left out where each member has a contribution.
contributions = "Ana wrote question 1, Rui question 2; question 3 we did together."

[[member]]
name = "Ana Silva"
number = "ist1100001"           # may be left out
contribution = "Question 1"     # may be left out

[[member]]
name = "Rui Costa"
"""

_UNPRINTED = ("Cc", "Cn", "Co", "Cs")
"""Control characters, those that mean nothing, private ones, halves of others."""

_MEMBER_KEYS = ("name", "number", "contribution")


@dataclass(frozen=True)
class Member:
    """A member of the group that hands the report in."""

    name: str
    number: str
    contribution: str


class Students(NamedTuple):
    """What the file says.

    Attributes:
        members: one or more.
        contributions: the paragraph; empty if there is none.
    """

    members: list[Member]
    contributions: str

    @property
    def says_who_did_what(self) -> bool:
        """Whether the assignment's 10 points are safe."""
        return bool(self.contributions) or all(m.contribution for m in self.members)


def read_students(path: Path) -> Students:
    """Read and check the file.

    Raises:
        UsageError: it cannot be read, or is not of the form above.
    """
    with toml_file(path, "the group's TOML file") as content:
        check_keys(content, ("contributions", "member"), "the file")
        members = content.get("member")
        if not isinstance(members, list) or not members:
            raise ValueError(
                f"got {'no member' if members is None else repr(members)[:40]}, expected a "
                "[[member]] table with a name for each"
            )
        return Students(
            [_member(number, table) for number, table in enumerate(members, 1)],
            _text(content, "contributions", "the file"),
        )


def _member(number: int, table: Any) -> Member:
    where = f"member {number}"
    if not isinstance(table, dict):
        raise ValueError(f"got {table!r:.40} as {where}, expected a [[member]] table")
    check_keys(table, _MEMBER_KEYS, where)
    name, identity, contribution = (_text(table, key, where) for key in _MEMBER_KEYS)
    if not any(map(str.isalnum, name)):  # or signs alone, which may be invisible
        raise ValueError(f'got no name for {where}, expected name = "..."')
    return Member(name=name, number=identity, contribution=contribution)


def _text(table: dict[str, Any], key: str, where: str) -> str:
    value = table.get(key, "")
    if not isinstance(value, str):
        raise ValueError(f"got {value!r:.40} as {key} of {where}, expected text in quotes")
    for character in value:
        if unicodedata.category(character) in _UNPRINTED and not character.isspace():
            raise ValueError(
                f"got the character U+{ord(character):04X} in {key} of {where}, expected "
                "letters, digits and signs that can be printed"
            )
    return " ".join(value.split())
