"""Notebooks 7 and 9, on sweeps and the engines, run."""

from collections.abc import Callable
from pathlib import Path

import pytest
from docbuild.rerun import group


@pytest.mark.parametrize("path", group("sweeps"), ids=lambda path: path.stem)
def test_a_notebook(path: Path, check_notebook: Callable[[Path], None]) -> None:
    check_notebook(path)
