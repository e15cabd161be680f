"""`make` refuses a misspelt variable, which it would ignore: hours on other data."""

import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
MAKE = shutil.which("make")
CASES = {
    "DATA=x": 0,
    "data=x": 2,
    "Seeds=3": 2,
    "DATA=with spaces and=x": 0,
}


@pytest.mark.skipif(MAKE is None, reason="there is no make")
@pytest.mark.parametrize("given", CASES)
def test_variables(given: str) -> None:
    done = subprocess.run(
        [str(MAKE), "--dry-run", "reproduce", given],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == CASES[given], done.stderr
    assert ("no variable" in done.stderr) == bool(CASES[given])
