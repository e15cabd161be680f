"""The tutorial runs from top to bottom on the built-in data, and its claims can fail."""

import copy
import os
from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError

NOTEBOOK = Path(__file__).parents[2] / "docs" / "tutorial.ipynb"
WRONG = {
    "a penalty that is right after all": ("l2_penalty=0.02", "l2_penalty=0.01"),
    "an engine with another rate": (
        'model, begin, train.pixels, train.labels, engine)',
        'logistic_regression_model(n_classes, 0.001 * (1.01 if engine == "block" else 1), 0.01), '
        "begin, train.pixels, train.labels, engine)",
    ),
}  # fmt: skip


@pytest.fixture(autouse=True)
def at_home_in_a_folder_of_its_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What Jupyter and IPython write goes to the test's folder."""
    for name in ("IPYTHONDIR", "JUPYTER_RUNTIME_DIR", "JUPYTER_DATA_DIR", "JUPYTER_CONFIG_DIR"):
        monkeypatch.setenv(name, str(tmp_path / name))
    monkeypatch.setenv("JUPYTER_PLATFORM_DIRS", "1")
    monkeypatch.setenv("OMP_NUM_THREADS", os.environ.get("OMP_NUM_THREADS", "1"))


def execute(notebook: nbformat.NotebookNode, folder: Path) -> nbformat.NotebookNode:
    client = NotebookClient(notebook, timeout=120, resources={"metadata": {"path": str(folder)}})
    client.execute()
    return notebook


def read() -> nbformat.NotebookNode:
    return nbformat.read(NOTEBOOK, as_version=4)


def test_runs_from_top_to_bottom(tmp_path: Path) -> None:
    done = execute(read(), tmp_path)
    printed = "".join(
        output.get("text", "")
        for cell in done.cells
        if cell.cell_type == "code"
        for output in cell.outputs
    )
    assert "largest difference of a weight" in printed
    assert printed.count("learning rate ") == 3
    assert "3 units: exactly; 2 units: no" in printed
    assert not any(
        output.get("name") == "stderr"
        for cell in done.cells
        if cell.cell_type == "code"
        for output in cell.outputs
    )


@pytest.mark.parametrize(("right", "wrong"), WRONG.values(), ids=WRONG)
def test_its_claims_can_fail(right: str, wrong: str, tmp_path: Path) -> None:
    notebook = copy.deepcopy(read())
    changed = [cell for cell in notebook.cells if right in cell.source]
    assert len(changed) == 1
    changed[0].source = changed[0].source.replace(right, wrong)
    last = notebook.cells.index(changed[0])
    notebook.cells = notebook.cells[: last + 1]
    with pytest.raises(CellExecutionError, match="AssertionError"):
        execute(notebook, tmp_path)


def test_is_committed_without_outputs() -> None:
    notebook = read()
    nbformat.validate(notebook)
    for cell in notebook.cells:
        if cell.cell_type == "code":
            assert cell.outputs == []
            assert cell.execution_count is None
            assert max(map(len, cell.source.splitlines())) <= 100
