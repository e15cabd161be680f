"""The notebooks are nine, stored whole and without solutions; those without JAX run here.

The others run in files of their own, so that two processes share the work.
"""

from collections.abc import Callable
from itertools import pairwise
from pathlib import Path

import nbformat
import pytest
from docbuild.exercises import EXERCISES
from docbuild.notebooks import execute, read, words
from docbuild.rerun import GROUPS, NOTEBOOKS, group
from jupyter_client.manager import KernelManager
from nbclient.exceptions import CellExecutionError
from nbformat import NotebookNode

MAX_BYTES = 300_000


@pytest.mark.parametrize("path", group("numpy"), ids=lambda path: path.stem)
def test_a_notebook(path: Path, check_notebook: Callable[[Path], None]) -> None:
    check_notebook(path)


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_is_stored_whole(path: Path) -> None:
    notebook = read(path)
    nbformat.validate(notebook)
    assert path.stat().st_size < MAX_BYTES
    code = [cell for cell in notebook.cells if cell.cell_type == "code"]
    assert [cell.execution_count for cell in code] == list(range(1, len(code) + 1))
    for said in (text for cell in code for text in words(cell)):
        assert not said.startswith(("stderr", "error", "figure: #")), said
        assert said != "figure: ", "a figure without an alternative text"
    for cell in notebook.cells:
        assert max(map(len, cell.source.splitlines())) <= 100
    prose = "\n".join(cell.source for cell in notebook.cells if cell.cell_type == "markdown")
    assert prose.count("**Predict") >= 2
    assert prose.count("**Exercise") == len(EXERCISES[path.stem])


def test_there_are_nine_in_a_row() -> None:
    assert [path.stem for path in NOTEBOOKS] == sorted(EXERCISES)
    run = [path for name in GROUPS for path in group(name)]
    assert sorted(run) == NOTEBOOKS
    installs = {read(path).cells[1].source for path in NOTEBOOKS}
    assert len(installs) == 1
    assert "google.colab" in installs.pop()
    for path, following in pairwise(NOTEBOOKS):
        assert f"]({following.name})" in read(path).cells[-1].source


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_solutions_stand_in_no_notebook(path: Path) -> None:
    text = "\n".join(cell.source for cell in read(path).cells)
    for exercise in EXERCISES[path.stem].values():
        lines = [line for line in exercise.solution.splitlines() if line.startswith("    ")]
        assert not lines or "\n".join(lines) not in text


def test_names_of_the_notebook_before_are_gone(running: KernelManager) -> None:
    def run(source: str) -> None:
        execute(nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(source)]), running)

    run("import math\nassert math.pi > 3")
    with pytest.raises(CellExecutionError, match="NameError"):
        run("math.pi")


def output(**changed: object) -> NotebookNode:
    kind = {"output_type": "stream", "name": "stdout", "text": "loss 1.79, 5 right\n"}
    return nbformat.v4.new_code_cell(outputs=[nbformat.from_dict(kind | changed)])


@pytest.mark.parametrize(
    ("changed", "same"),
    [
        ({}, True),
        ({"text": "loss 2.31e-5, 12 right\n"}, True),
        ({"text": "loss 1.79, 5 wrong\n"}, False),
        ({"name": "stderr"}, False),
    ],
    ids=["the same", "other numbers", "other words", "a warning"],
)
def test_what_counts_as_the_same_output(changed: dict[str, str], same: bool) -> None:
    assert (words(output()) == words(output(**changed))) == same
