"""The site: its pages are gathered in `build/docs/pages`, and Sphinx makes `build/docs/site`.

python docs/site/build.py      # what `make docs` runs; no network, and a broken link is an error
"""

import re
import shutil
import sys
from pathlib import Path

import nbformat
from api import write_api
from assignment_page import write_assignment
from sphinx.cmd.build import main as sphinx

ROOT = Path(__file__).parents[2]
DOCS, OUT = ROOT / "docs", ROOT / "build" / "docs"
PAGES = OUT / "pages"
_LINK = re.compile(r"\]\((\.\./[^)#\s]+)")


def main() -> int:
    """Build the site and return Sphinx's exit code, 0 when there was not even a warning."""
    for folder in (PAGES, *(OUT / name for name in ("report", "extra", "trees", "site"))):
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
    shutil.copytree(DOCS / "figures", PAGES / "figures")
    for page in [*DOCS.glob("*.md"), *DOCS.glob("site/*.md")]:
        (PAGES / page.name).write_text(_linked(page.read_text()))
    for notebook in sorted(DOCS.glob("notebooks/*.ipynb")):
        _copy_notebook(notebook)
    write_api(ROOT, PAGES / "api")
    published = ROOT / "results" / "photographs"
    write_assignment(published, OUT / "report", PAGES / "part-by-part.md", OUT / "extra")
    options = ["--fail-on-warning", "--keep-going", "--quiet", "-c", str(DOCS / "site")]
    return sphinx([*options, "-d", str(OUT / "trees"), str(PAGES), str(OUT / "site")])


def _linked(page: str) -> str:
    """Return the page with its links to source files turned to what the site has of them.

    A module of the packages has its page of the API; any other file is offered as it is.
    """

    def turned(found: re.Match[str]) -> str:
        path = (DOCS / found[1]).resolve().relative_to(ROOT)
        module = ".".join(path.with_suffix("").parts)
        if path.suffix == ".py" and path.parts[0] in ("scratch", "jaxmodels", "analysis"):
            return f"](api/{module}.rst"
        if not (ROOT / path).is_file():
            return found[0]  # Sphinx reports it
        copy = PAGES / "files" / path
        copy.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(ROOT / path, copy)
        return f"](files/{path}"

    return _LINK.sub(turned, page)


def _copy_notebook(path: Path) -> None:
    """Copy a notebook, each figure's text put where the notebook reader looks for it."""
    notebook = nbformat.read(path, as_version=4)
    for cell in notebook.cells:
        for output in cell.get("outputs", []):
            image = output.get("metadata", {}).get("image/png")
            if image:
                cell.metadata["mystnb"] = {"image": {"alt": image["alt"]}}
    copy = PAGES / "notebooks" / path.name
    copy.parent.mkdir(exist_ok=True)
    nbformat.write(notebook, copy)


if __name__ == "__main__":
    sys.exit(main())
