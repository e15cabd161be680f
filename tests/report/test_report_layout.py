"""The report's PDF and HTML say what `results.json` says, whatever stands in it."""

import re
import shutil
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import report_sample
import typst
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from pypdf import PdfReader

from experiments.cli.errors import CommandError
from experiments.report.figures import FIGURES
from experiments.report.results import Results
from experiments.report.students import Member
from experiments.report.typeset import compiled, typeset


def squeezed(text: str) -> str:
    return re.sub(r"[\s\u200b]+", "", text)


def lacking(content: Results, text: str) -> list[str]:
    """The names, numbers and words that the text does not have."""
    wanted = [*content.warnings, content.contributions]
    wanted += [value for pair in content.provenance for value in pair]
    for part in content.parts.values():
        for entry in part.configurations:
            wanted += [f"{100 * entry.accuracy['test'].values[0]:.2f} %"] * (not part.varied)
            wanted.append(entry.label)
        wanted += [line for entry in part.comparisons for line in (entry.quantity, entry.why)]
    wanted += [entry.folder for entry in content.appendix]
    return [piece for piece in wanted if squeezed(piece) not in text]


def test_pdf_and_html_have_each_number(
    content: Results, files: list[Path], sheets: list[str]
) -> None:
    other = replace(content, contributions="Nobody did it.")
    for told in ("".join(sheets), report_sample.plain(files[2].read_text())):
        text = squeezed(told)
        assert lacking(content, text) == []
        assert lacking(other, text) == ["Nobody did it."]


def test_pdf_and_html_have_the_same_words(files: list[Path], sheets: list[str]) -> None:
    """Every sentence of the page stands in the PDF."""
    pdf = squeezed(re.sub(r"-\n", "", "".join(sheets)))
    page = report_sample.plain(files[2].read_text())
    sentences = [s for s in re.findall(r"[A-Z][a-z][^.:;<>=()]{30,160}[.]", page) if s.isascii()]
    assert len(sentences) > 40
    missing = [
        s
        for s in sentences
        if squeezed(s) not in pdf and squeezed(s).replace("-", "") not in pdf.replace("-", "")
    ]
    assert len(missing) <= len(sentences) // 10  # sentences that a page's end or a formula cuts


def test_metadata_and_outline(files: list[Path]) -> None:
    reader = PdfReader(files[1])
    assert reader.metadata is not None
    assert (reader.metadata.title, reader.metadata.author) == ("Homework 1", "Ana Silva, Rui Costa")
    assert reader.trailer["/Root"]["/Lang"].startswith("en")

    def titles(entries: list[Any]) -> list[str]:
        nested = (titles(e) if isinstance(e, list) else [e.title] for e in entries)
        return [title for group in nested for title in group]

    assert {"1.1a The perceptron", "3.4 The global minimum in closed form"} <= set(
        titles(reader.outline)
    )
    html = files[2].read_text()
    assert '<html lang="en' in html
    assert html.count("<img ") == html.count(" alt=") == len(FIGURES)
    assert not re.search(r'(src|href)="(?!data:|#)', html)


def test_a_student_compiles_it_unchanged(
    files: list[Path], sheets: list[str], tmp_path: Path
) -> None:
    """The folder as it stands, without any input; and what a student edits is seen."""
    folder = tmp_path / "own"
    shutil.copytree(files[0].parent, folder)
    typst.compile(str(folder / "report.typ"), output=str(tmp_path / "a.pdf"))  # type: ignore[call-overload]
    assert [page.extract_text() for page in PdfReader(tmp_path / "a.pdf").pages] == sheets
    text = folder / "texts" / "1.1a.typ"
    text.write_text(text.read_text().replace("has not settled", "is restless for ever"))
    for kind in ("pdf", "html"):
        (tmp_path / kind).write_bytes(compiled(folder, kind))
    told = "".join(sheet.extract_text() for sheet in PdfReader(tmp_path / "pdf").pages)
    assert "is restless for ever" in " ".join(told.split())
    assert "is restless for ever" in report_sample.plain((tmp_path / "html").read_text())


def test_same_results_give_the_same_bytes(files: list[Path]) -> None:
    first = [file.read_bytes() for file in files]
    assert [file.read_bytes() for file in typeset(files[0].parent)] == first


NASTY = ["#panic()", "$#panic()$", "$5 and $6", "a ` b", "$(", "<b>&amp;", "*x* _y_ @z", "\\", "[]"]


@settings(max_examples=5, deadline=None, suppress_health_check=list(HealthCheck))
@example("".join(NASTY))
@given(st.text(st.sampled_from("#$`*_<>&\\@[]{}()\"'=+-/~ax1\n"), min_size=1, max_size=30))
def test_no_text_breaks_the_report(content: Results, files: list[Path], text: str) -> None:
    """Names, warnings and messages are shown as they are, whatever stands in them."""
    nasty = replace(
        content,
        group=[Member(f"Eva {text} Noa", text, text)],
        contributions=text,
        warnings=[text],
        provenance=[("folder", text)],
        questions=["3"],
    )
    folder = files[0].parent.parent / "nasty"
    report_sample.write(nasty, folder)
    if not (folder / "texts").exists():
        typeset(folder)
    page = compiled(folder, "html").decode()
    assert squeezed(f"Eva {text} Noa") in squeezed(report_sample.plain(page))


@pytest.mark.parametrize(
    ("name", "own"), [("Željko Ünal Ђорђе Ιωάννης", True), ("李雷", False), ("김민준", False)]
)
def test_names_without_a_glyph_get_a_font_of_the_machine(
    name: str, own: bool, content: Results, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[bool] = []

    def look(_folder: Path, kind: str, own_fonts: bool) -> bytes:
        asked.append(own_fonts)
        return b"<head></head>" if kind == "html" else b""

    monkeypatch.setattr("experiments.report.typeset.compiled", look)
    report_sample.laid_out(replace(content, group=[Member(name, "", "")]), tmp_path)
    assert asked == [own, own]


def test_failing_typst_is_told_and_what_exists_is_kept(content: Results, tmp_path: Path) -> None:
    report_sample.write(content, tmp_path)
    (tmp_path / "figures" / "3.4-descent.svg").write_text("no picture")
    with pytest.raises(CommandError, match=r"cannot be typeset as pdf \(Typst: "):
        typeset(tmp_path)
    assert not list(tmp_path.glob("report.pdf")) + list(tmp_path.glob("report.html"))
    (tmp_path / "results.json").write_text("{")
    with pytest.raises(CommandError, match="cannot be typeset"):
        typeset(tmp_path)
