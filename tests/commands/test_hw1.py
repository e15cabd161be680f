"""`hw1 NAME` is the command `hw1-NAME`; shells complete both."""

import os
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from experiments import hw1
from experiments.cli.errors import ExitCode

ROOT = Path(__file__).parents[2]
SCRIPTS = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["scripts"]


def test_every_command_has_both_names() -> None:
    expected = {f"hw1-{name}": f"experiments.{m}:main" for name, (m, _) in hw1.COMMANDS.items()}
    assert expected | {"hw1": "experiments.hw1:main"} == SCRIPTS


@pytest.mark.parametrize("name", hw1.COMMANDS)
def test_the_rest_of_the_line_is_the_commands(
    name: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert hw1.main([name, "--version"]) == ExitCode.DONE
    assert capsys.readouterr().out.startswith(f"hw1-{name} ")


def test_a_mistyped_command(capsys: pytest.CaptureFixture[str]) -> None:
    assert hw1.main(["predikt", "x.png"]) == ExitCode.USAGE
    assert "did you mean predict?" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("module", "line", "expected"),
    [
        ("hw1", "hw1 pr", "predict"),
        ("hw1", "hw1 q1 mlp --hid", "--hidden-size"),
        ("q1", "hw1-q1 per", "perceptron"),
        ("q2", "hw1-q2 mlp -optimizer a", "adam"),
    ],
)
def test_completion(module: str, line: str, expected: str, tmp_path: Path) -> None:
    pytest.importorskip("argcomplete")
    out = tmp_path / "out"
    asked = {"_ARGCOMPLETE": "1", "COMP_LINE": line, "COMP_POINT": str(len(line))}
    asked |= {"_ARGCOMPLETE_STDOUT_FILENAME": str(out), "_ARGCOMPLETE_IFS": "\n"}
    command = [sys.executable, "-m", f"experiments.{module}"]
    subprocess.run(command, env=os.environ | asked, cwd=ROOT, check=True, capture_output=True)
    assert expected in out.read_text().split()


def test_a_cursor_that_is_nowhere(monkeypatch: pytest.MonkeyPatch, capsys) -> None:
    """Left by a shell that completed something else."""
    monkeypatch.setenv("COMP_POINT", "here")
    assert hw1.main([]) == ExitCode.USAGE
    assert "COMMAND" in capsys.readouterr().err
