"""Which data a command takes: `--data`, else what `HW1_DATA` names, else the built-in ones."""

from pathlib import Path

import pytest
from refusal import assert_refused

from experiments import q1, reproduce
from experiments.cli.data_source import BuiltIn, default_source, parse_source

COMMANDS = {"q1": (q1.main, ["perceptron"]), "reproduce": (reproduce.main, ["--questions", "1"])}


@pytest.mark.parametrize("name", COMMANDS)
def test_the_variable_names_the_default(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys
) -> None:
    main, argv = COMMANDS[name]
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("HW1_DATA", "mine.npz")
    assert "mine.npz" in assert_refused(main, argv, capsys)
    line = assert_refused(main, [*argv, "--data", "given.npz"], capsys)
    assert "given.npz" in line
    assert "mine.npz" not in line
    monkeypatch.setenv("HW1_DATA", "builtin:1")
    assert "builtin:1" in assert_refused(main, argv, capsys, code=2)


@pytest.mark.parametrize("text", [None, ""])
def test_without_it_the_data_are_built_in(text: str | None, monkeypatch) -> None:
    monkeypatch.delenv("HW1_DATA", raising=False)
    if text is not None:
        monkeypatch.setenv("HW1_DATA", text)
    assert parse_source(default_source()) == BuiltIn()
