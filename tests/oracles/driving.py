"""A script's classes driven as `hw1-check --script` drives them, in a process of its own or not."""

import sys
from pathlib import Path
from types import ModuleType

import pytest

from experiments.checking.report import Answer
from experiments.checking.script.child import StandIn, to_drive
from experiments.checking.script.findings import Checked
from experiments.checking.script.run_script import check_script

BUSY = 600.0
"""Seconds that a second's work may take where other work has the machine."""


def checked(text: str, folder: Path, seconds: float = BUSY) -> Answer:
    """What is found of a script in a process of its own."""
    path = folder / "hw1-q1.py"
    path.write_text(text)
    return check_script(path, seconds)


def driven(text: str, monkeypatch: pytest.MonkeyPatch) -> dict[str, Checked]:
    """What is found of a script's classes in this process, by part."""
    monkeypatch.setitem(sys.modules, "utils", StandIn("utils"))
    module = ModuleType("homework")
    exec(compile(text, "hw1-q1.py", "exec"), module.__dict__)  # noqa: S102
    return {part: drive() for part, _, drive in to_drive(module)}


def wrong_of(found: dict[str, Checked]) -> dict[str, str | None]:
    """The mistake of each part that is called wrong, None for one that has no name."""
    return {
        part: one.deciding.mistake
        for part, one in found.items()
        if one.deciding and one.verdict == "wrong"
    }
