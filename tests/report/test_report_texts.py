"""The report's fixed texts: without runs, with another table, and without a measured digit."""

import re
from collections import Counter
from dataclasses import replace
from pathlib import Path

import pytest
from made_runs import INFO, all_parts, make_part
from report_sample import pages_of, said, texts_of

from experiments.assignment import PARTS
from experiments.report.collect import collect

REPORT = Path(__file__).parents[2] / "experiments" / "report"
HEADINGS = {f"{question}.{k}" for question in (1, 2, 3) for k in (1, 2, 3, 4)}
TEXTS = sorted((REPORT / "texts").glob("*.typ"))


@pytest.mark.parametrize("synthetic", [True, False])
def test_published_values_that_do_not_apply_fill_no_table(synthetic: bool, tmp_path: Path) -> None:
    runs = make_part(tmp_path, "2.2b", {0.25: [0.6, 0.61]}, synthetic=synthetic)
    (page,) = pages_of([collect({"2.2b": runs}, tmp_path, INFO)], "2.2b", tmp_path / "r")
    assert ("none applies: synthetic data" in page) == synthetic
    assert ("Published against ours" in page) != synthetic


@pytest.mark.parametrize("part", PARTS)
def test_parts_without_runs_are_told(tmp_path: Path, part: str) -> None:
    text = said({}, part, tmp_path)
    assert text.count("Missing: the runs of") == len(PARTS[part].values)
    assert text.count("with seeds 42, 43.") == len(PARTS[part].values)


def test_texts_follow_the_table(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    asked = PARTS["1.1a"]
    monkeypatch.setitem(PARTS, "1.1a", replace(asked, config=replace(asked.config, epochs=77)))
    monkeypatch.setitem(PARTS, "2.1", replace(PARTS["2.1"], values=(0.00001, 0.001, 0.7)))
    assert "train it for 77 epochs" in said({}, "1.1a", tmp_path / "a")
    assert "0.00001, 0.001 and 0.7" in said({}, "2.1", tmp_path / "b")


def test_texts_follow_the_size_of_the_images(tmp_path: Path) -> None:
    content = collect({}, tmp_path, INFO)
    grey = replace(content, image_shape=[64, 32, 1])
    told = texts_of([content, grey], "1.1a", tmp_path / "r")
    assert [re.findall(r"[\d,]+ pixel values", text) for text in told] == [
        ["6,912 pixel values"],
        ["2,048 pixel values"],
    ]


CODE = {"layout.typ", "numbers.typ", "sentences.typ"}


@pytest.mark.parametrize("file", TEXTS, ids=lambda file: file.name)
def test_no_measured_digits_stand_in_the_texts(file: Path) -> None:
    """Decimal numbers in prose are the assignment's 0.1 and names of parts; no others are typed."""
    if file.name not in CODE:
        assert decimals(file.read_text(encoding="utf-8")) <= {"0.1"}


def decimals(text: str) -> set[str]:
    """Decimal numbers of the prose: outside of Typst's conditions, calls, and names of parts."""
    prose = re.sub(r"^\s*(//|#let|#show|#set).*$", "", text, flags=re.MULTILINE)
    for code in (
        r'"[^"]*"',
        r"(#|else )if [^\[]*\[",
        r"[\w.-]+\(([^()]|\([^()]*\))*\)",
        r"\d\.\dcm",
    ):
        prose = re.sub(code, " ", prose)
    return {n for n in re.findall(r"(?<![\w.])\d+\.\d+(?!\w)", prose) if n not in HEADINGS}


def test_measured_digits_would_be_seen() -> None:
    assert decimals("#answer[\n  It gets 45.7 % and #percent-of(x) right.\n]") == {"45.7"}


def test_a_semicolon_after_code_is_written_so_that_it_prints() -> None:
    """Typst takes a semicolon after an expression for the expression's end, and shows none."""
    swallowed = re.compile(r"#[a-z][\w.-]*(?:\((?:[^()]|\([^()]*\))*\))?(?:\.\w+\([^()]*\))*;")
    for file in TEXTS:
        assert not swallowed.search(file.read_text(encoding="utf-8")), file.name
    assert swallowed.search("a rate of #setting(x.y); report")


@pytest.mark.parametrize("part", PARTS)
def test_no_sentence_stands_twice_in_a_section(tmp_path: Path, part: str) -> None:
    text = said(all_parts(tmp_path / "runs"), part, tmp_path / "r")
    sentences = [s for s in re.split(r"(?<=[.]) ", text) if len(s) > 30]
    assert len(sentences) > 3
    assert [s for s, n in Counter(sentences).items() if n > 1] == []
