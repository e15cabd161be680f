"""A command called in this process, as a user would."""

import io
from collections.abc import Callable
from contextlib import redirect_stdout
from pathlib import Path

import pytest

Main = Callable[[list[str]], int]


def called(
    main: Main, capsys: pytest.CaptureFixture[str], *argv: object
) -> tuple[int, list[str], list[str]]:
    """Exit code, and the lines on stdout and stderr."""
    code = main([str(word) for word in argv])
    printed = capsys.readouterr()
    return code, printed.out.splitlines(), printed.err.splitlines()


def trained(main: Main, *argv: object) -> list[Path]:
    """The folders that a training command leaves, without figures, which take longer than it."""
    said = io.StringIO()
    with pytest.MonkeyPatch.context() as patch, redirect_stdout(said):
        patch.setattr("experiments.plots.run.draw_run", lambda *_: [])
        assert main([*(str(word) for word in argv), "--quiet"]) == 0
    return [Path(line) for line in said.getvalue().splitlines()]
