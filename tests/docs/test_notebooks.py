"""Every notebook runs, shows what it stores, and its exercises and claims can be met and missed.

A notebook runs once, with more cells than it has: after each exercise's check the solution, which
has to pass, and wrong solutions, which have to fail; before some cells a version whose claim is
wrong. A run that passed is not repeated until the notebook, these tests or the packages change.
"""

import copy
import hashlib
from importlib.metadata import version
from itertools import pairwise
from pathlib import Path

import nbformat
import pytest
from docbuild.exercises import BROKEN_CLAIMS, EXERCISES, Exercise
from docbuild.notebooks import execute, read, words
from nbformat import NotebookNode

ROOT = Path(__file__).parents[2]
NOTEBOOKS = sorted((ROOT / "docs" / "notebooks").glob("*.ipynb"))
MAX_BYTES = 300_000
FAILS = "raises-exception"  # the tag with which Jupyter lets a cell fail


@pytest.fixture(autouse=True)
def _home_of_its_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What Jupyter and IPython write goes to the test's folder; one thread, as in all tests."""
    for name in ("IPYTHONDIR", "JUPYTER_RUNTIME_DIR", "JUPYTER_DATA_DIR", "JUPYTER_CONFIG_DIR"):
        monkeypatch.setenv(name, str(tmp_path / name))
    monkeypatch.setenv("JUPYTER_PLATFORM_DIRS", "1")
    monkeypatch.setenv("OMP_NUM_THREADS", "1")


def extra(source: str, role: str, fails: bool = False) -> NotebookNode:
    cell = nbformat.v4.new_code_cell(source, metadata={"role": role})
    if fails:
        cell.metadata["tags"] = [FAILS]
    return cell


def wrong_ones(exercise: Exercise) -> list[str]:
    for right, _ in exercise.wrong:
        assert right in exercise.solution
    return [exercise.solution.replace(right, wrong) for right, wrong in exercise.wrong]


def lengthened(notebook: NotebookNode, name: str) -> NotebookNode:
    """The notebook with its solutions, wrong solutions and broken claims."""
    unused, broken = set(EXERCISES[name]), set(BROKEN_CLAIMS.get(name, ()))
    cells: list[NotebookNode] = []
    exercise_cell = ""
    for cell in notebook.cells:
        if cell.cell_type == "code":
            for right, wrong in [pair for pair in broken if pair[0] in cell.source]:
                cells.append(extra(cell.source.replace(right, wrong), "claim", fails=True))
                broken.discard((right, wrong))
        cells.append(cell)
        if cell.cell_type != "code":
            continue
        found = [check for check in unused if f"def {check}()" in cell.source]
        for check in found:
            exercise = EXERCISES[name][check]
            cells += [extra(exercise.solution, "code"), extra(cell.source, "right")]
            for wrong in wrong_ones(exercise):
                cells += [extra(wrong, "code"), extra(cell.source, "wrong", fails=True)]
            unused.discard(check)
        if found:
            cells.append(extra(exercise_cell, "code"))
        if (
            "NotImplementedError" in cell.source
            or "= None" in cell.source
            or "None}" in cell.source
        ):
            exercise_cell = cell.source
    assert not unused
    assert not broken
    longer = copy.deepcopy(notebook)
    longer.cells = cells
    return longer


def digest(path: Path) -> str:
    """Changes with the notebook, the tests, every module it may import, and the libraries."""
    found = hashlib.sha256(path.read_bytes())
    sources = [Path(__file__), *(ROOT / "tests" / "docbuild").glob("*.py")]
    for room in ("scratch", "jaxmodels", "analysis", "experiments/data", "experiments/notebooks"):
        sources += sorted((ROOT / room).rglob("*.py"))
    for source in sources:
        found.update(source.read_bytes())
    for library in ("numpy", "jax", "flax", "optax", "chex", "matplotlib"):
        found.update(version(library).encode())
    return found.hexdigest()


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_a_notebook(path: Path, tmp_path: Path, request: pytest.FixtureRequest) -> None:
    key = f"notebooks/{path.stem}"
    if request.config.cache.get(key, "") == digest(path):
        return
    stored = read(path)
    done = execute(lengthened(stored, path.stem), tmp_path)
    fresh = [cell for cell in done.cells if "role" not in cell.metadata]
    for old, new in zip(stored.cells, fresh, strict=True):
        assert words(old) == words(new), f"stored output is out of date; run it anew: {old.source}"
    for cell in done.cells:
        said = " ".join(words(cell))
        match cell.metadata.get("role"):
            case "right":
                assert "right" in said, said
                assert "not written" not in said
            case "wrong" | "claim":
                assert "error: AssertionError" in said, f"nothing noticed {cell.source}"
            case "code":
                assert not said
    request.config.cache.set(key, digest(path))


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
