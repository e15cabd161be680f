"""Paths that lead nowhere, for every command that takes one: the right code, one line, no file."""

from importlib import import_module
from pathlib import Path

import pytest
from refusal import assert_refused

from experiments.cli.errors import ExitCode

NOWHERE = {"missing": "no/such/place", "empty": "", "too long": "a" * 500, "null": "a\0b"}
# A command line with the place of the path, and the code of its refusal.
LINES: dict[str, tuple[str, list[str], ExitCode]] = {
    "a run to plot": ("plot", ["run", "{}"], ExitCode.RUN_FOLDER),
    "runs to compare": ("plot", ["compare", "{}", "{}"], ExitCode.RUN_FOLDER),
    "a run that predicts": ("predict", ["{}", "some.png"], ExitCode.RUN_FOLDER),
    "a run to evaluate": ("evaluate", ["{}", "--data", "builtin:60"], ExitCode.RUN_FOLDER),
    "data to look at": ("data_command", ["info", "{}"], ExitCode.BAD_DATA),
    "data to cut": ("data_command", ["shard", "{}", "shards"], ExitCode.BAD_DATA),
    "data for question 1": ("q1", ["perceptron", "--data", "{}"], ExitCode.BAD_DATA),
    "data for question 2": ("q2", ["mlp", "--data", "{}"], ExitCode.BAD_DATA),
    "data for the homework": (
        "reproduce",
        ["--questions", "1", "--report-only", "--data", "{}"],
        ExitCode.BAD_DATA,
    ),
    "folders to prepare": ("data_command", ["prepare", "{}", "-o", "x.npz"], ExitCode.BAD_DATA),
}
ABSENT = [(line, kind) for line in LINES for kind in NOWHERE]


@pytest.mark.parametrize(("line", "kind"), ABSENT)
def test_refused(
    line: str, kind: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys
) -> None:
    monkeypatch.chdir(tmp_path)
    module, argv, code = LINES[line]
    argv = [word.replace("{}", NOWHERE[kind]) for word in argv]
    main = import_module(f"experiments.{module}").main
    assert "expected" in assert_refused(main, argv, capsys, code)


OUT: dict[str, list[str]] = {
    "q1": ["perceptron", "-epochs", "1"],
    "q3": ["--dims", "2", "--trials", "1"],
    "reproduce": ["--questions", "1"],
}


@pytest.mark.parametrize("module", OUT)
@pytest.mark.parametrize(
    "out", ["", " ", "file", "file/below", "a\0b", "a" * 500, "~", "~/runs"], ids=repr
)
def test_nowhere_to_write(
    module: str, out: str, tiny_file: Path, tmp_path: Path, monkeypatch, capsys
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("file").touch()
    argv = [*OUT[module], "--out", out]
    if module != "q3":
        argv += ["--data", str(tiny_file)]
    main = import_module(f"experiments.{module}").main
    assert "--out: got" in assert_refused(main, argv, capsys, ExitCode.USAGE)
