"""`--help` of every command: it answers at once, and fits a terminal of 80 columns."""

from importlib import import_module

import pytest
from bad_flags import COMMANDS, SUBCOMMANDS

from experiments.cli.commands import ExitCode

LINES = [(module, []) for module in (*COMMANDS, *SUBCOMMANDS, "experiments.hw1")]
LINES += [(module, [name]) for module, names in SUBCOMMANDS.items() for name in names]


@pytest.mark.parametrize(("module", "line"), LINES)
def test_it_fits(
    module: str,
    line: list[str],
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    assert import_module(module).main([*line, "--help"]) == ExitCode.DONE
    printed = capsys.readouterr().out.splitlines()
    assert max(map(len, printed)) <= 80
