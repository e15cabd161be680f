"""The report's pages: figures after their text, no wide blanks, no words over others."""

import itertools
import re
import shutil
import subprocess
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import report_sample
from pypdf import PdfReader

from experiments.report.figures import FIGURES
from experiments.report.results import Results
from experiments.report.students import Member
from experiments.report.typeset import compiled

PDFTOTEXT = shutil.which("pdftotext")
BOX = r'xMin="(.*?)" yMin="(.*?)" xMax="(.*?)" yMax="(.*?)">(\w{4,})'
MAX_BLANK = 4 / 2.54 * 72
"""Points: 4 cm."""


def lefts(pdf: Path, words: str) -> list[float]:
    """How far from the left edge these words begin, in points, wherever they stand alone."""
    found: list[float] = []

    def look(text: str, cm: Any, tm: Any, _font: Any, _size: Any) -> None:
        if text.strip() == words:
            found.append(cm[0] * tm[4] + cm[2] * tm[5] + cm[4])

    for sheet in PdfReader(pdf).pages:
        sheet.extract_text(visitor_text=look)
    return found


def test_figures_stand_after_the_text_that_announces_them(files: list[Path]) -> None:
    text = " ".join("".join(s.extract_text() for s in PdfReader(files[1]).pages).split())
    captions = [int(n) for n in re.findall(r"Figure (\d+):", text)]
    assert captions == list(range(1, len(FIGURES) + 1))
    for number in captions:
        announced, caption = (
            re.search(rf"Figure {number}{end}", text).start() for end in (r"[^:\d]", ":")
        )
        assert announced < caption


def test_the_assignment_takes_twelve_pages_or_fewer(files: list[Path]) -> None:
    pages = [sheet.extract_text() for sheet in PdfReader(files[1]).pages]
    first = next(k for k, page in enumerate(pages) if "Write the perceptron" in page)
    last = next(k for k, page in enumerate(pages) if "3.3, equations (4) and (5)" in page)
    assert 5 < last - first <= 12


def boxes(pdf: Path) -> list[str]:
    """Of each page, where its words stand, in the words of pdftotext."""
    command = [str(PDFTOTEXT), "-bbox", str(pdf), "-"]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    return done.stdout.split("<page ")[1:]


def blanks(pdf: Path) -> list[float]:
    """How much of each page's end is blank, in points, of the pages of questions 1 and 2."""
    found = []
    for page in boxes(pdf):
        bottoms = [float(y) for y in re.findall(r'yMax="([\d.]+)"', page)]
        found.append(842 - 57 - max([y for y in bottoms if y < 790], default=0))
    return found


@pytest.mark.skipif(PDFTOTEXT is None, reason="poppler is not installed")
def test_no_page_ends_with_a_wide_blank(files: list[Path]) -> None:
    """But for the front page, and the last one of the assignment's part and of all."""
    pages = [sheet.extract_text() for sheet in PdfReader(files[1]).pages]
    errata = next(k for k, page in enumerate(pages) if "3.3, equations (4) and (5)" in page)
    left = [blank for k, blank in enumerate(blanks(files[1])) if 0 < k < errata - 1]
    assert len(left) > 5
    assert max(left) < MAX_BLANK


def overlapping(pdf: Path) -> list[tuple[str, str]]:
    """Pairs of words of which one is printed over a fifth of the other."""
    found = []
    for page in boxes(pdf):
        words = [(word, *map(float, box)) for *box, word in re.findall(BOX, page)]
        for (one, x1, y1, x2, y2), (other, u1, v1, u2, v2) in itertools.combinations(words, 2):
            wide, high = min(x2, u2) - max(x1, u1), min(y2, v2) - max(y1, v1)
            if wide > 0 and high > 0.2 * min(y2 - y1, v2 - v1):
                found.append((one, other))
    return found


@pytest.mark.skipif(PDFTOTEXT is None, reason="poppler is not installed")
def test_no_words_are_printed_over_others(files: list[Path], tmp_path: Path) -> None:
    """In the report, and in one whose table comes before a figure that has to wait."""
    assert overlapping(files[1]) == []
    folder = tmp_path / "late"
    shutil.copytree(files[0].parent, folder)
    text = folder / "texts" / "1.1a.typ"
    told, begins = text.read_text(), '#shows("1.1a'
    assert begins in told
    text.write_text(told.replace(begins, f"#v(14.2cm) {begins}"))
    (tmp_path / "late.pdf").write_bytes(compiled(folder, "pdf"))
    told = " ".join(PdfReader(tmp_path / "late.pdf").pages[1].extract_text().split())
    assert "Table 1:" in told
    assert "Figure 1:" not in told
    assert overlapping(tmp_path / "late.pdf") == []


def test_long_names_stay_on_the_page(content: Results, tmp_path: Path) -> None:
    long = Member(
        "Maria " + "Anunciada de Vasconcelos e " * 3 + "Sousa",
        "ist1100000-" * 4,
        "Everything in question one, " * 6,
    )
    pdf = report_sample.laid_out(replace(content, group=[long]), tmp_path)[1]
    (left,) = lefts(pdf, "contribution")
    assert left < 350  # of 595 points: two fifths of the page are left for it
