"""A wrong flag: one line, the right exit code, no file left, nothing slow loaded."""

import sys
from importlib import import_module
from pathlib import Path

import pytest
from bad_flags import COMMANDS, SUBCOMMANDS, Case, cases
from called import as_process
from refusal import assert_refused

from experiments.cli.errors import ExitCode

CASES = list(cases())


def name(case: Case) -> str:
    words = " ".join(case.argv).encode("ascii", "backslashreplace").decode()
    return f"{case.module.rpartition('.')[2]} {words}"[:90].replace("\n", "\\n")


def test_there_are_many() -> None:
    assert len(CASES) > 400
    assert {case.module for case in CASES} == {*COMMANDS, *SUBCOMMANDS}


@pytest.mark.parametrize("case", CASES, ids=name)
def test_refused(
    case: Case, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setitem(sys.modules, "numpy", None)  # loading it would raise
    said = assert_refused(import_module(case.module).main, case.argv, capsys, ExitCode.USAGE)
    shown = " ".join(case.bad.split())[:20]
    assert shown in said or repr(shown)[1:-1] in said, f"{case.bad!r} is not named"
    assert "expected" in said or "--help" in said


@pytest.mark.parametrize("case", CASES[:: len(CASES) // 6][:6], ids=name)
def test_refused_as_a_process(case: Case, tmp_path: Path) -> None:
    done = as_process(case.module, *case.argv, cwd=tmp_path, seconds=5)
    assert done.returncode == ExitCode.USAGE
    assert done.stdout == ""
    assert done.stderr.count("\n") == 1
    assert list(tmp_path.iterdir()) == []
