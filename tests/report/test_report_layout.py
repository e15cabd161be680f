"""The report's PDF and HTML say what `results.json` says, whatever stands in it."""

import json
import re
from html.parser import HTMLParser
from pathlib import Path
from typing import Any, NamedTuple

import pytest
import report_sample
import typst
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from pypdf import PdfReader

from experiments.cli.commands import CommandError
from experiments.report.formulas import broken_formulas
from experiments.report.typeset import typeset


class _Words(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.text: list[str] = []
        self.skipped = 0

    def handle_starttag(self, tag: str, _attrs: object) -> None:
        self.skipped += tag == "style"

    def handle_endtag(self, tag: str) -> None:
        self.skipped -= tag == "style"

    def handle_data(self, data: str) -> None:
        if not self.skipped:
            self.text.append(data)


def _squeezed(text: str) -> str:
    return re.sub(r"[\s\u200b]+", "", text)


def _texts(content: dict[str, Any], folder: Path) -> list[str]:
    pdf, page = typeset(report_sample.write(content, folder), folder)
    words = _Words()
    words.feed(page.read_text())
    told = "".join(sheet.extract_text() for sheet in PdfReader(pdf).pages)
    return [_squeezed(told), _squeezed("".join(words.text))]


def _lacking(content: dict[str, Any], text: str) -> list[str]:
    """The headings, numbers and words that the text does not have."""
    front = content["front"]
    wanted = [front["title"], *front["warnings"], front["contributions"]]
    for entry in [*content["sections"], *content["beyond"]]:
        wanted += [entry["title"].removeprefix("seeds "), *entry["answer"]]
        wanted += [cell for table in entry["tables"] for row in table["rows"] for cell in row]
        for compared in entry["comparisons"]:
            wanted += [compared[key] for key in ("published", "expected", "text", "why")]
    wanted += [value for run in content["appendix"] for value in (run["folder"], run["command"])]
    return [piece for piece in wanted if _squeezed(piece) not in text]


def test_pdf_and_html_have_each_heading_and_number(tmp_path: Path) -> None:
    content = report_sample.results()
    other = report_sample.results()
    other["sections"][0]["comparisons"][0]["text"] = "0.777"
    for text in _texts(content, tmp_path):
        assert _lacking(content, text) == []
        assert _lacking(other, text) == ["0.777"]


def test_metadata_and_outline(tmp_path: Path) -> None:
    pdf, page = typeset(report_sample.write(report_sample.results(), tmp_path), tmp_path)
    reader = PdfReader(pdf)
    assert reader.metadata is not None
    assert (reader.metadata.title, reader.metadata.author) == ("Homework 1", "Ana")
    assert reader.trailer["/Root"]["/Lang"].startswith("en")

    def titles(entries: list[Any]) -> list[str]:
        nested = (titles(e) if isinstance(e, list) else [e.title] for e in entries)
        return [title for group in nested for title in group]

    assert {"1.1a The perceptron", "3.4 The closed form"} <= set(titles(reader.outline))
    html = page.read_text()
    assert '<html lang="en' in html
    assert html.count("Alt of") == 3
    assert not re.search(r'(src|href)="(?!data:|#)', html)


class _Place(NamedTuple):
    """Where a piece of text begins: the page, and the distances from its left and upper edges."""

    page: int
    down: float
    right: float


def _places(pdf: Path) -> list[tuple[str, _Place]]:
    """Every piece of text in the order of the pages, from the top of each to its bottom."""
    found: list[tuple[str, _Place]] = []
    for number, sheet in enumerate(PdfReader(pdf).pages):
        height = float(sheet.mediabox.height)

        def look(text: str, cm: Any, tm: Any, _font: Any, _size: Any, k=number, h=height) -> None:
            if text.strip():
                x = cm[0] * tm[4] + cm[2] * tm[5] + cm[4]
                y = cm[1] * tm[4] + cm[3] * tm[5] + cm[5]
                found.append((text.strip(), _Place(k, h - y, x)))

        sheet.extract_text(visitor_text=look)
    return sorted(found, key=lambda entry: entry[1])


def test_figures_stand_below_their_heading_and_before_the_next_page(tmp_path: Path) -> None:
    content = report_sample.results()
    first, second = content["sections"]
    second["id"], second["title"] = "1.2a", "1.2a The next one"
    for entry in (first, second):
        entry["how"] = ["A line that says how it was done, of some length. " * 8] * 4
        entry["figures"][0]["caption"] = f"Curves of {entry['id']}."
    path = report_sample.write(content, tmp_path)
    tall = report_sample.SVG.replace("90", "330")
    for figure in (tmp_path / "figures").iterdir():
        figure.write_text(tall)
    pdf = typeset(path, tmp_path)[0]
    body = [(words, at) for words, at in _places(pdf) if at.page > 0 and at.down > 60]
    heading, curves, following, last = (
        next(at for words, at in body if wanted in words)
        for wanted in ("1.1a The", "Curves of 1.1a", "1.2a The", "Curves of 1.2a")
    )
    assert heading < curves
    assert curves.page <= following.page
    assert following < last


def test_long_names_stay_on_the_page(tmp_path: Path) -> None:
    content = report_sample.results()
    content["front"]["group"] = [
        {
            "name": "Maria " + "Anunciada de Vasconcelos e " * 3 + "Sousa",
            "number": "ist1100000-" * 4,
            "contribution": "Everything in question one, " * 6,
        }
    ]
    pdf = typeset(report_sample.write(content, tmp_path), tmp_path)[0]
    (place,) = [at for words, at in _places(pdf) if words == "contribution"]
    assert place.right < 350  # of 595 points: two fifths of the page are left for it


def test_a_word_that_is_too_long_for_its_column_is_broken(tmp_path: Path) -> None:
    content = report_sample.results()
    name = "Donaudampfschifffahrtsgesellschaftskapitän"
    content["front"]["group"] = [{"name": name, "number": "ist11", "contribution": "all"}]
    pdf = typeset(report_sample.write(content, tmp_path), tmp_path)[0]
    places = dict(_places(pdf)[::-1])
    upper, lower = places["name"].down, places["Contributions"].down
    lines = {at.down for _, at in _places(pdf) if at.page == 0 and upper < at.down < lower}
    assert len(lines) == 2


def test_a_number_and_its_per_cent_sign_stay_together(tmp_path: Path) -> None:
    content = report_sample.results()
    content["sections"][0]["answer"] = ["It is 5.0 % of them; 3 percent of others; 0.5 ± 0.1."]
    page = typeset(report_sample.write(content, tmp_path), tmp_path)[1].read_text()
    assert "5.0\u00a0% of them; 3 percent of others; 0.5\u00a0±\u00a00.1." in page


def test_same_results_give_the_same_bytes(tmp_path: Path) -> None:
    path = report_sample.write(report_sample.results(), tmp_path)
    first = [file.read_bytes() for file in typeset(path, tmp_path)]
    assert [file.read_bytes() for file in typeset(path, tmp_path)] == first


NASTY = ["#panic()", "$#panic()$", "$5 and $6", "a ` b", "$(", "<b>&amp;", "*x* _y_ @z", "\\", "[]"]


@settings(max_examples=12, deadline=None, suppress_health_check=list(HealthCheck))
@example("".join(NASTY))
@given(st.text(st.sampled_from("#$`*_<>&\\@[]{}()\"'=+-/~ax1\n"), min_size=1, max_size=30))
def test_no_text_breaks_the_report(tmp_path_factory: pytest.TempPathFactory, text: str) -> None:
    content = report_sample.results()
    content["front"]["group"][0]["name"] = text
    content["front"]["contributions"] = text
    content["sections"][0]["answer"] = [text]
    content["sections"][0]["tables"][0]["rows"][0][0] = text
    content["appendix"][0]["config"]["model"] = text
    typeset(report_sample.write(content, folder := tmp_path_factory.mktemp("nasty")), folder)


@pytest.mark.parametrize("name", NASTY)
def test_names_print_as_they_are(name: str, tmp_path: Path) -> None:
    content = report_sample.results()
    content["front"]["group"][0]["name"] = f"Eva {name} Noa"
    for text in _texts(content, tmp_path):
        assert _squeezed(f"Eva {name} Noa") in text


@pytest.mark.parametrize(
    ("name", "own"), [("Željko Ünal Ђорђе Ιωάννης", True), ("李雷", False), ("김민준", False)]
)
def test_names_without_a_glyph_get_a_font_of_the_machine(
    name: str, own: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[bool] = []
    compiled = typst.compile_with_warnings

    def look(*arguments: Any, **options: Any) -> Any:
        if options.get("root"):
            asked.append(options["ignore_system_fonts"])
        return compiled(*arguments, **options)

    monkeypatch.setattr(typst, "compile_with_warnings", look)
    content = report_sample.results()
    content["front"]["group"][0]["name"] = name
    typeset(report_sample.write(content, tmp_path), tmp_path)
    assert asked == [own, own]


def test_only_formulas_that_typst_takes_are_formulas() -> None:
    texts = ["$x^2$ and $#panic()$", "$5 nonsense $", "`$nonsense$`", '$op("a", limits: #true)_k$']
    assert broken_formulas({"asked": texts}) == ["#panic()", "5 nonsense "]


def test_missing_figure_is_named_and_what_exists_is_kept(tmp_path: Path) -> None:
    path = report_sample.write(report_sample.results(), tmp_path)
    typeset(path, tmp_path)
    before = (tmp_path / "report.pdf").read_bytes()
    (tmp_path / "figures" / "3.4.svg").unlink()
    with pytest.raises(CommandError, match=r"3\.4\.svg: got no such figure"):
        typeset(path, tmp_path)
    assert (tmp_path / "report.pdf").read_bytes() == before


def test_failing_typst_is_told_and_nothing_is_written(tmp_path: Path) -> None:
    content = report_sample.results()
    path = report_sample.write(content, tmp_path)
    (tmp_path / "figures" / "3.4.svg").write_text("no picture")
    with pytest.raises(CommandError, match=r"report\.pdf: cannot be typeset .*Typst: .*SVG"):
        typeset(path, tmp_path)
    assert sorted(file.name for file in tmp_path.iterdir()) == ["figures", "results.json"]
    path.write_text(json.dumps(content)[:-5])
    with pytest.raises(CommandError, match=r"results\.json: got no results"):
        typeset(path, tmp_path)
