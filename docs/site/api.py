"""The pages of the API: one per module, which autodoc fills from the docstrings."""

import ast
from pathlib import Path

PACKAGES = {
    "scratch": "**/*.py",
    "jaxmodels": "**/*.py",
    "analysis": "**/*.py",
    "experiments": "*.py",
}
"""Which modules of each package have a page; of `experiments`, the commands and the assignment."""


_SECTION = """
{0}
{1}

{2}

.. toctree::
   :maxdepth: 1

   {0}
   {3}
"""


def write_api(root: Path, out: Path) -> None:
    """Write a page for each module of the packages, and one that lists them by package."""
    out.mkdir(parents=True)
    sections = []
    for package, pattern in PACKAGES.items():
        files = sorted((root / package).glob(pattern))
        names = {_module(file.relative_to(root)): file for file in files}
        for name in names:
            title = f"{name}\n{'=' * len(name)}\n"
            (out / f"{name}.rst").write_text(f"{title}\n.. automodule:: {name}\n")
        about = _summary(names.pop(package))
        sections.append(_SECTION.format(package, "-" * len(package), about, "\n   ".join(names)))
    intro = (
        "API\n===\n\nWhich function does what? One page for each module, made from its docstrings; "
        "every name leads to its source.\n\n"
    )
    (out / "index.rst").write_text(intro + "".join(sections))


def _module(path: Path) -> str:
    """Return the dotted name of a file such as `scratch/mlp.py` or `scratch/__init__.py`."""
    return ".".join(path.with_suffix("").parts).removesuffix(".__init__")


def _summary(file: Path) -> str:
    docstring = ast.get_docstring(ast.parse(file.read_text())) or ""
    return docstring.partition("\n\n")[0]
