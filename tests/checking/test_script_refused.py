"""A student's script of which all or a part cannot be run: one line says why."""

from pathlib import Path

import pytest
from oracles.driving import BUSY, checked, driven
from oracles.handed_in import SCRIPT
from refusal import assert_refused

from experiments.check import main
from experiments.checking.script.child import refusal
from experiments.cli.errors import ExitCode

pytestmark = pytest.mark.usefixtures("unchecked_shapes")

STEP = "y_hat = np.argmax(self.W @ x_i)"


@pytest.mark.parametrize(
    ("other", "why"),
    [
        ("raise NotImplementedError", "not written"),
        ("y_hat = self.V", "no attribute 'V' (line"),
        ("raise SystemExit(1)", "SystemExit: 1 (line"),
        ("y_hat = 'no class'", "IndexError"),
    ],
)
def test_what_cannot_be_driven_says_why(
    other: str, why: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = driven(SCRIPT.replace(STEP, other), monkeypatch)
    assert found["1.1a"].verdict == "untested"
    assert why in found["1.1a"].deciding.says
    assert {found[part].verdict for part in ("1.2a", "1.2b", "1.3")} == {"right"}


@pytest.mark.parametrize(
    ("other", "why", "seconds"),
    [
        ("while True: time.sleep(1)", "ran longer than", 12),
        ("import os; os._exit(7)", "ended the process (7)", BUSY),
    ],
)
def test_a_step_that_ends_the_process_or_never_ends_says_so(
    other: str, why: str, seconds: float, tmp_path: Path
) -> None:
    found = checked(SCRIPT.replace(STEP, other), tmp_path, seconds)
    part = found.content["parts"][0]
    assert (part["verdict"], part["class"], part["checks"]) == ("untested", "Perceptron", [])
    assert why in part["says"]
    assert not found.good


# Raised by the import; the process that imports passes the error on to `refusal`.
RAISES = {
    "exits": ("import sys; sys.exit(0)\n" + SCRIPT, "exits when it is imported"),
    "a module": ("import nothing_like_it\n" + SCRIPT, "needs the module nothing_like_it"),
    "a file": ("open('there/is/none.npz')\n" + SCRIPT, "reads none.npz"),
    "a magic line": ("%matplotlib inline\n" + SCRIPT, "is a notebook's"),
    "an export": ("# In[1]:\nget_ipython().run_line_magic('x', '')\n", "is a notebook's export"),
    "memory": ("raise MemoryError\n", "too much memory"),
    "raises": ("1 / 0\n", "ZeroDivisionError: division by zero (line 1"),
}


@pytest.mark.parametrize("how", RAISES)
def test_says_why_a_file_cannot_be_imported(how: str, monkeypatch: pytest.MonkeyPatch) -> None:
    text, why = RAISES[how]
    with pytest.raises(BaseException) as raised:  # noqa: PT011  # a script may raise anything
        driven(text, monkeypatch)
    assert why in refusal(raised.value, Path("hw1-q1.py"))


REFUSED = {
    "loops": ("import time\nwhile True: time.sleep(1)\n" + SCRIPT, "ran longer than 4 s"),
    "ends the process": ("import os; os._exit(3)\n", "exit code 3"),
    "a syntax error": (SCRIPT.replace("class MLP:", "class MLP"), "syntax error in line"),
    "a notebook": ('{"cells": []}', "it is a notebook"),
    "memory": ("x = bytearray(10**13)\n", "MemoryError|too much memory"),
    "nothing": ("x = 1\n", "none of the classes"),
    "no text": ("\0\0", "not saved as UTF-8"),
    "UTF-16": (SCRIPT, "not saved as UTF-8"),
}


@pytest.mark.parametrize("how", REFUSED)
def test_one_line_for_what_cannot_be_run(how: str, tmp_path: Path, capsys) -> None:
    text, why = REFUSED[how]
    path = tmp_path / "hw1-q1.py"
    path.write_text(text, "utf-16" if how == "UTF-16" else "utf-8")
    said = assert_refused(
        main,
        ["--script", path, "--seconds", 4 if how == "loops" else BUSY],
        capsys,
        ExitCode.BAD_DATA,
    )
    assert any(part in said for part in why.split("|"))


@pytest.mark.parametrize(
    ("end", "why"),
    [
        ("main()", "it exits"),
        ("np.load('landscapes.npz')", "it reads landscapes.npz"),
        ("input('epochs? ')", "it asks for input"),
    ],
)
def test_what_stands_before_the_end_of_an_import_is_checked(
    end: str, why: str, tmp_path: Path
) -> None:
    found = checked(f"{SCRIPT}\n{end}\nclass MLP: pass\n", tmp_path)
    assert found.good
    assert len(found.content["parts"]) == 4
    assert why in found.content["stopped"]
    assert "  The rest of the file was not run: it" in "\n".join(found.lines)
