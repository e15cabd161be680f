"""Runs notebooks, stores their outputs, and says what in the stored ones is out of date.

python -m tests.docbuild.notebooks docs/notebooks/*.ipynb      # runs them and stores the outputs
"""

import copy
import re
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import nbformat
from jupyter_client.manager import KernelManager
from nbclient import NotebookClient
from nbformat import NotebookNode

NUMBER = re.compile(r"[-+]?\d[\d,]*\.?\d*(e[-+]?\d+)?|\bnan\b|\binf\b")
BLANKS = re.compile(r" +")


def read(path: Path) -> NotebookNode:
    """Read a notebook."""
    return nbformat.read(path, as_version=4)


@contextmanager
def kernel(folder: Path) -> Iterator[KernelManager]:
    """Start a kernel in `folder`, and end it."""
    manager = KernelManager()
    manager.start_kernel(cwd=str(folder))
    try:
        yield manager
    finally:
        manager.shutdown_kernel(now=True)


def execute(notebook: NotebookNode, running: KernelManager) -> NotebookNode:
    """Return the notebook with the outputs of a run in a kernel, whose names are gone before.

    A cell tagged "raises-exception" may fail; any other that does raises CellExecutionError.
    """
    done = copy.deepcopy(notebook)
    done.cells.insert(0, nbformat.v4.new_code_cell("%reset -f"))
    client = NotebookClient(done, km=running, timeout=120, coalesce_streams=True)
    try:
        client.execute()
    finally:
        if client.kc is not None:
            client.kc.stop_channels()
    del done.cells[0]
    for cell in done.cells:
        cell.metadata.pop("execution", None)  # times of the run: another diff each time
    _count_from_one(done)
    return done


def _count_from_one(notebook: NotebookNode) -> None:
    """Number the cells that ran as if the notebook had its kernel to itself."""
    code = [cell for cell in notebook.cells if cell.cell_type == "code"]
    for number, cell in enumerate(code, 1):
        cell.execution_count = number
        for output in cell.outputs:
            if "execution_count" in output:
                output.execution_count = number


def words(cell: NotebookNode) -> list[str]:
    """Return what the outputs of a cell say, numbers aside, and the text of each figure."""
    said = []
    for output in cell.get("outputs", []):
        if output.output_type == "stream":
            said.append(f"{output.name}: {output.text}")
        elif "image/png" in output.get("data", {}):
            said.append("figure: " + output.metadata.get("image/png", {}).get("alt", ""))
        elif output.output_type == "error":
            said.append(f"error: {output.ename}")
        else:
            said.append(f"result: {output.data['text/plain']}")
    return [BLANKS.sub(" ", NUMBER.sub("#", text)) for text in said]


def main(paths: list[Path]) -> None:
    """Run each notebook and store it with its outputs."""
    for path in paths:
        with kernel(path.parent) as running:
            nbformat.write(execute(read(path), running), path)
        print(f"{path.name}: {path.stat().st_size / 1000:.0f} kB")


if __name__ == "__main__":
    main([Path(name) for name in sys.argv[1:]])
