"""Runs a notebook once more, with more cells than it has, and says what it does not keep.

After each exercise's check comes the solution, which has to pass, and wrong solutions, which have
to fail; before some cells comes a version whose claim is wrong.
"""

import copy
import hashlib
from importlib.metadata import version
from pathlib import Path

import nbformat
from jupyter_client.manager import KernelManager
from nbformat import NotebookNode

from .exercises import BROKEN_CLAIMS, EXERCISES, Exercise
from .notebooks import execute, read, words

ROOT = Path(__file__).parents[2]
NOTEBOOKS = sorted((ROOT / "docs" / "notebooks").glob("*.ipynb"))
GROUPS = {"numpy": "01 02 03 04 08", "jax": "05 06", "sweeps": "07 09"}
"""Notebooks that run one after another in one kernel; processes share the groups."""
FAILS = "raises-exception"  # the tag with which Jupyter lets a cell fail


def group(name: str) -> list[Path]:
    return [path for path in NOTEBOOKS if path.stem[:2] in GROUPS[name].split()]


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
    sources = sorted((ROOT / "tests" / "docbuild").glob("*.py"))
    for room in ("scratch", "jaxmodels", "analysis", "experiments/data", "experiments/notebooks"):
        sources += sorted((ROOT / room).rglob("*.py"))
    for source in sources:
        found.update(source.read_bytes())
    for library in ("numpy", "jax", "flax", "optax", "chex", "matplotlib"):
        found.update(version(library).encode())
    return found.hexdigest()


def rerun(path: Path, running: KernelManager) -> None:
    """Run a notebook and assert that its outputs, exercises and claims are as they should be."""
    stored = read(path)
    done = execute(lengthened(stored, path.stem), running)
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
