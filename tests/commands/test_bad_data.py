"""Damaged data files at every command that reads one: code 3, one line, nothing left behind."""

from importlib import import_module
from pathlib import Path

import pytest
from called import as_process
from npz_files import BAD
from refusal import assert_refused

from experiments.cli.errors import ExitCode

READERS: dict[str, list[str]] = {
    "experiments.q1": ["perceptron", "--out", "runs", "--data"],
    "experiments.q2": ["mlp", "--out", "runs", "--data"],
    "experiments.reproduce": ["--questions", "1", "--out", "runs", "--data"],
    "experiments.data_command": ["info"],
}
# tests/data/test_npz.py has every kind of damage; a few of each kind at each command.
PAIRS = [(module, damage) for module in READERS for damage in list(BAD)[::8]]


@pytest.mark.parametrize(("module", "damage"), PAIRS)
def test_refused(
    module: str,
    damage: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(tmp_path)
    content, complaint = BAD[damage]
    Path("bad.npz").write_bytes(content())
    argv = [*READERS[module], "bad.npz"]
    said = assert_refused(import_module(module).main, argv, capsys, ExitCode.BAD_DATA)
    assert "bad.npz" in said
    assert complaint in said


@pytest.mark.parametrize("module", READERS)
@pytest.mark.parametrize("damage", ["text", "first half"])
def test_refused_as_a_process(module: str, damage: str, tmp_path: Path) -> None:
    (tmp_path / "bad.npz").write_bytes(BAD[damage][0]())
    done = as_process(module, *READERS[module], "bad.npz", cwd=tmp_path, seconds=60)
    assert done.returncode == ExitCode.BAD_DATA, done.stderr
    assert done.stderr.count("\n") == 1
    assert [path.name for path in tmp_path.iterdir()] == ["bad.npz"]
