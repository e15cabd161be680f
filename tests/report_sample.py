"""A small report in a folder, from made-up runs, for the tests of its layout and its sentences."""

import html
import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import typst
from made_runs import INFO, all_parts

from experiments.report.beyond import PathPoint, PathResults
from experiments.report.collect import collect
from experiments.report.figures import FIGURES
from experiments.report.question3_results import Claim, Question3Results
from experiments.report.results import FILE, Results
from experiments.report.typeset import copy_sources, typeset

SVG = (
    '<svg xmlns="http://www.w3.org/2000/svg" width="460pt" height="130pt" viewBox="0 0 460 130">'
    '<rect width="460" height="130" fill="#ddd"/></svg>'
)
QUESTION3 = Question3Results(
    {"hidden layer": Claim("3.1", "h = A phi(x)", 42, 3.0e-16, False, 1.8e-15, True)},
    *(32, 14, 14, 3, 60),
)

PATH = PathResults(
    [PathPoint(0.05 / 2**k, 0.999 - 0.004 * k, 0.4, 0.4, 1.0 + k, 1e-7) for k in range(8)],
    *(4_000, 12_630, 41_472, 0),
)


def results(folder: Path, **changes: Any) -> Results:
    """The results of every part, question 3 included, with every figure."""
    return replace(
        collect(all_parts(folder / "runs"), folder, INFO),
        question3=QUESTION3,
        path=PATH,
        figures=list(FIGURES),
        **changes,
    )


def write(content: Results, folder: Path) -> None:
    """`results.json` and its figures in this folder."""
    (folder / "figures").mkdir(parents=True, exist_ok=True)
    for name in content.figures:
        (folder / "figures" / f"{name}.svg").write_text(SVG)
    content.write(folder / FILE)


def laid_out(content: Results, folder: Path) -> list[Path]:
    """The report's files in this folder: `report.typ`, PDF, HTML."""
    write(content, folder)
    names = "".join(member.name for member in content.group)
    return typeset(folder, names + content.contributions)


def said(parts: Mapping[str, Sequence[Path]], part: str, folder: Path, **info: Any) -> str:
    """What the text of one part says of these runs, in plain words."""
    content = collect(parts, folder, replace(INFO, **info))
    return texts_of([content], part, folder)[0]


def texts_of(contents: Sequence[Results], part: str, folder: Path) -> list[str]:
    """The same of several results."""
    pages = pages_of(contents, part, folder)
    return [
        re.split("Published against ours|How the numbers came about", page)[0] for page in pages
    ]


def pages_of(contents: Sequence[Results], part: str, folder: Path) -> list[str]:
    """What the text of one part and the appendix say of several results."""
    folder.mkdir(parents=True, exist_ok=True)
    write(contents[0], folder)
    copy_sources(folder)
    main = folder / "one.typ"
    main.write_text(f'#include "texts/{part}.typ"\n#include "texts/appendix.typ"\n')
    found = []
    for content in contents:
        content.write(folder / FILE)
        page, _ = typst.compile_with_warnings(  # type: ignore[call-overload]
            str(main), root=str(folder), format="html", sys_inputs={"format": "html"}
        )
        found.append(plain(bytes(page).decode()))
    return found


def plain(page: str) -> str:
    """A page's words, white space as single blanks."""
    body = re.sub(r"<style>.*?</style>", "", page, flags=re.DOTALL)
    return " ".join(html.unescape(re.sub(r"<[^>]+>", "", body)).replace("\xa0", " ").split())
