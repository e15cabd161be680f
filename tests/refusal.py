"""What every refusal of a command has to look like."""

from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

Main = Callable[[Sequence[str]], int]


def assert_refused(
    main: Main, argv: Sequence[object], capsys: pytest.CaptureFixture[str], code: int = 3
) -> str:
    """Call `main`; it has to end with `code` and one line on stderr, which is returned.

    Nothing may be printed besides, and no file may appear in, or vanish from, the current folder.
    """
    before = _files()
    capsys.readouterr()
    assert main([str(a) for a in argv]) == code
    printed = capsys.readouterr()
    assert printed.out == ""
    assert printed.err.endswith("\n")
    assert printed.err.count("\n") == 1
    assert "error: " in printed.err
    assert "Traceback" not in printed.err
    assert len(printed.err) < 700
    assert _files() == before
    return printed.err


def _files() -> dict[Path, int]:
    here = Path.cwd()
    if (here / "pyproject.toml").exists():
        # The checkout itself, in whose caches other tests write meanwhile: what lies on top of it.
        return {path: 0 for path in here.iterdir() if not path.name.startswith(".")}
    return {path: path.lstat().st_size for path in here.rglob("*")}
