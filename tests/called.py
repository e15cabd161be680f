"""A command called in this process, as a user would."""

from collections.abc import Callable

import pytest


def called(
    main: Callable[[list[str]], int], capsys: pytest.CaptureFixture[str], *argv: object
) -> tuple[int, list[str], list[str]]:
    """Exit code, and the lines on stdout and stderr."""
    code = main([str(word) for word in argv])
    printed = capsys.readouterr()
    return code, printed.out.splitlines(), printed.err.splitlines()
