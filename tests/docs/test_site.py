"""Links between pages lead somewhere, without building the site; and what reads docstrings works.

A page's anchors are those that GitHub makes of its headings. `make docs` checks the built site.
"""

import ast
import base64
import importlib
import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
MARKDOWN = sorted([*ROOT.glob("docs/**/*.md"), ROOT / "README.md", ROOT / "CONTRIBUTING.md"])
PAGES = [*MARKDOWN, *sorted(ROOT.glob("docs/notebooks/*.ipynb"))]
MADE_BY_THE_BUILD = {"docs/site/part-by-part.md", "docs/site/api/index.rst"}
_FENCED = re.compile(r"^(`{3,}).*?^\1", re.DOTALL | re.MULTILINE)
_HEADING = re.compile(r"^#{1,6} +(.+)$", re.MULTILINE)
_ROOMS = "scratch|jaxmodels|analysis|experiments|tests|benchmarks|mutation|docs|results"
_PATH = re.compile(rf"`((?:{_ROOMS})/[^`\s*]*)`")
_LINK = re.compile(r"\]\(([^)\s]+)\)")


def text_of(page: Path) -> str:
    """A page's Markdown without its code."""
    text = page.read_text(encoding="utf-8")
    if page.suffix == ".ipynb":
        cells = json.loads(text)["cells"]
        text = "\n".join("".join(it["source"]) for it in cells if it["cell_type"] == "markdown")
    return _FENCED.sub("", text)


def anchors(page: Path) -> set[str]:
    """The anchors of a page's headings: lower case, no punctuation, hyphens for spaces."""
    found: list[str] = []
    for heading in _HEADING.findall(text_of(page)):
        words = re.sub(r"[^\w\- ]", "", _LINK.sub("", heading).lower())
        slug = words.strip().replace(" ", "-")
        found.append(f"{slug}-{found.count(slug)}" if slug in found else slug)
    return set(found)


def broken(page: Path, text: str) -> Iterator[str]:
    """The relative links in a page's text that lead nowhere."""
    for link in _LINK.findall(text):
        path, _, anchor = link.partition("#")
        if "://" in path:
            continue
        # The site's start page stands beside the other pages once it is built.
        folder = page.parents[1] if page.parent == ROOT / "docs" / "site" else page.parent
        target = (folder / path).resolve() if path else page
        if f"docs/site/{path}" in MADE_BY_THE_BUILD:
            continue
        if not target.exists() or (anchor and anchor not in anchors(target)):
            yield link


def defined_names(path: Path) -> set[str]:
    """What a module defines at its top level."""
    names: set[str] = set()
    for node in ast.parse(path.read_text()).body:
        if isinstance(node, ast.FunctionDef | ast.ClassDef):
            names.add(node.name)
        elif isinstance(node, ast.Assign | ast.AnnAssign):
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            names |= {target.id for target in targets if isinstance(target, ast.Name)}
    return names


def unknown_names(page: Path, text: str) -> list[str]:
    """The names that a page links to a module of ours which does not define them."""
    links = re.findall(r"\[`(\w+)`\]\(([^)\s]+\.py)\)", text)
    return [name for name, path in links if name not in defined_names(page.parent / path)]


@pytest.mark.parametrize("page", MARKDOWN, ids=lambda page: str(page.relative_to(ROOT)))
def test_linked_names_are_defined_where_the_link_leads(page: Path) -> None:
    assert unknown_names(page, text_of(page)) == []


def test_an_unknown_name_is_noticed(tmp_path: Path) -> None:
    (tmp_path / "a.py").write_text("def phj(): ...\nx: int = 3\n")
    text = "[`phi`](a.py), [`x`](a.py), [`phj`](a.py)"
    assert unknown_names(tmp_path / "page.md", text) == ["phi"]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_links_lead_somewhere(page: Path) -> None:
    assert not list(broken(page, text_of(page)))


@pytest.mark.parametrize(
    ("link", "leads"),
    [
        ("engine.md", True),
        ("engine.md#measured", True),
        ("#scores-without-weights", True),
        ("../scratch/block_sgd.py", True),
        ("notebooks/09-the-engines.ipynb", True),
        ("https://example.org/gone", True),
        ("gone.md", False),
        ("engine.md#gone", False),
        ("#gone", False),
        ("../scratch/gone.py", False),
    ],
)
def test_what_counts_as_broken(link: str, leads: bool) -> None:
    found = list(broken(ROOT / "docs" / "engine.md", f"[words]({link})"))
    assert found == ([] if leads else [link])


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_files_named_in_words_are_there(page: Path) -> None:
    assert not [path for path in _PATH.findall(page.read_text()) if not (ROOT / path).exists()]


def test_what_counts_as_a_file_named_in_words() -> None:
    words = "`scratch/gone.py`, `runs/q3`, `docs/`, `make docs`"
    assert _PATH.findall(words) == ["scratch/gone.py", "docs/"]


def test_every_page_is_in_the_site() -> None:
    start = (ROOT / "docs" / "site" / "index.md").read_text()
    listed = set(re.findall(r"^([\w-]+)$", start.split("{toctree}", 1)[1], re.MULTILINE))
    assert {page.stem for page in ROOT.glob("docs/*.md")} <= listed
    assert "notebooks/*" in start
    for made in MADE_BY_THE_BUILD:
        assert not (ROOT / "docs" / Path(made).name).exists(), "the built page would replace it"


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("the length |w| of w * v", r"the length \|w\| of w \* v"),
        ("n_hidden: K. Below it none.", r"n_hidden: K\. Below it none."),
        ("as in the homework. Then", "as in the homework. Then"),
        ("steps:\n\n    |a| * b\n\nand |c|", "steps::\n\n    |a| * b\n\nand \\|c\\|"),
        ("Args:\n    x: a * b", "Args:\n    x: a \\* b"),
    ],
    ids=["lengths and products", "a letter", "a word", "code", "a section"],
)
def test_docstrings_become_what_they_mean(
    written: str, meant: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.syspath_prepend(ROOT / "docs" / "site")
    markup = importlib.import_module("docstring_markup")
    assert list(markup.marked_up(written.split("\n"))) == meant.split("\n")


def test_the_report_becomes_sections_with_pictures_beside_them(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.syspath_prepend(ROOT / "docs" / "site")
    page = importlib.import_module("assignment_page")
    picture = base64.b64encode(b"<svg/>").decode()
    report = (
        '<body><p class="warning">SYNTHETIC data</p><p class="warning">No group named</p>'
        "<h2>Contents</h2><h4>How to read the numbers</h4><p>Means.</p>"
        '<h2 id="one">Question 1</h2><h3 id="two">1.2b An <math>l</math> penalty</h3><p>Less.</p>'
        f'<img src="data:image/svg+xml;base64,{picture}"></body>'
    )
    text = page.sections(report, tmp_path)
    assert (tmp_path / "figure-1.svg").read_bytes() == b"<svg/>"
    assert 'src="figure-1.svg"' in text
    assert "(two)=\n### 1.2b An l penalty\n" in text
    assert text.index("Means.") < text.index("(one)=\n## Question 1\n") < text.index("Less.")
    assert "SYNTHETIC data" in text
    assert not re.search("Contents|No group named", text)
    assert picture not in text
