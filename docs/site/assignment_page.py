"""The page of the assignment, part by part: the report of the published results, as the site's."""

import base64
import re
import shutil
from dataclasses import replace
from html import unescape
from importlib import resources
from pathlib import Path

from experiments.assignment import LASSO_PART
from experiments.report.figures import draw_all
from experiments.report.readme_table import table
from experiments.report.results import FILE, Results, read_results
from experiments.report.typeset import MAIN, TEXTS, compiled

_INTRO = """# The assignment, part by part

What does each part ask, what comes out, and what is the answer? All numbers come from the runs in
`results/photographs`, and these numbers choose the sentences, as in the report that
`make reproduce` writes of your own runs. [Question 3](question3.md) has a page of its own.

"""
_HEADING = re.compile(r"<h([23])(?: id=\"([^\"]+)\")?>(.*?)</h\1>", re.DOTALL)
_PICTURE = re.compile(r'src="data:image/svg\+xml;base64,([^"]+)"')
_WARNING = re.compile(r'<p class="warning">.*?</p>', re.DOTALL)
_TAG = re.compile(r"<[^>]+>")
_START = "<h4>How to read the numbers</h4>"


def write_assignment(published: Path, work: Path, page: Path, pictures: Path) -> None:
    """Write the page.

    Args:
        published: holds `results.json` and the folder `runs/`. As long as the runs have no
            `metrics.jsonl`, from which figures are drawn, the page has the table alone.
        work: a folder for what the report is typeset from.
        page: the Markdown file to write.
        pictures: the folder whose files lie at the site's root; gets the figures.
    """
    results = read_results(published / FILE)
    if any(published.glob("runs/*/metrics.jsonl")):
        text = _INTRO + sections(_report(results, published / "runs", work), pictures)
    else:
        text = "\n".join([_INTRO + "## All accuracies", "", *table(results), ""])
    page.write_text(text)


def _report(results: Results, runs: Path, work: Path) -> str:
    """Return the report in HTML, with those figures that can be drawn without weights."""
    package = resources.files("experiments.report")
    with resources.as_file(package / MAIN) as main, resources.as_file(package / TEXTS) as texts:
        shutil.copytree(texts, work / TEXTS)
        shutil.copy2(main, work / MAIN)
    folders = {
        name: [runs / run for it in part.configurations for run in it.runs]
        for name, part in results.parts.items()
    }
    path = [runs / Path(it.folder).name for it in results.appendix if it.part == LASSO_PART]
    folders[LASSO_PART] = path
    drawn = draw_all(folders, work)
    shown = replace(results, figures=list(drawn.files), failed_figures={}, questions=["1", "2"])
    shown.write(work / FILE)
    return compiled(work, "html", photographs=False).decode()


def sections(report: str, pictures: Path) -> str:
    """Return the report from its first section on, as Markdown headings with HTML between them."""
    pictures.mkdir(parents=True, exist_ok=True)

    def outside(found: re.Match[str]) -> str:
        name = f"figure-{len(list(pictures.glob('*.svg'))) + 1}.svg"
        (pictures / name).write_bytes(base64.b64decode(found[1]))
        return f'loading="lazy" src="{name}"'

    told = [it for it in _WARNING.findall(report) if "No group named" not in it]
    body = "".join(told) + report[report.index(_START) : report.index("</body>")]
    pieces = _HEADING.split(_PICTURE.sub(outside, body))
    text = _raw(pieces[0])
    for level, anchor, title, content in zip(*(pieces[n::4] for n in range(1, 5)), strict=True):
        target = f"({anchor})=\n" if anchor else ""
        text += f"\n{target}{'#' * int(level)} {unescape(_TAG.sub('', title))}\n{_raw(content)}"
    return text


def _raw(html: str) -> str:
    return f"\n``````{{raw}} html\n{html}\n``````\n" if html.strip() else ""
