"""The report tells how one training went: its curves, its confusions, its gap."""

import re
from dataclasses import replace
from pathlib import Path

import pytest
from made_runs import INFO, make_part
from report_sample import said, texts_of

from experiments.report.beyond import Confusion
from experiments.report.collect import collect


def with_curves(folder: Path, **options) -> str:
    runs = make_part(folder, "1.2a", {None: [0.45, 0.45]}, losses=[1.0] * 100, **options)
    return said({"1.2a": runs}, "1.2a", folder / "r")


OUTCOMES = {
    "overfits": ("the model overfits", -0.002, 0.002),
    "both fall": ("this is no overfitting", -0.002, -0.002),
    "rises": ("still rises, by", 0.002, 0.002),
    "level": ("ends level", 0.0, 0.002),
}


@pytest.mark.parametrize("name", OUTCOMES)
def test_the_course_of_accuracy_is_told(tmp_path: Path, name: str) -> None:
    words, val_slope, train_slope = OUTCOMES[name]
    curves = {
        "val": [0.45 + val_slope * k for k in range(100)],
        "train": [0.6 + train_slope * k for k in range(100)],
    }
    text = with_curves(tmp_path, curves=curves)
    assert [w for w, *_ in OUTCOMES.values() if w in text] == [words]


def test_a_fall_in_the_last_epochs_is_not_called_hidden(tmp_path: Path) -> None:
    text = with_curves(tmp_path, curves={"val": [0.5 - 0.006 * max(0, k - 93) for k in range(100)]})
    assert "Validation accuracy falls at the end, by" in text
    assert "jumps" not in text


def test_few_epochs_are_not_called_the_last_ten(tmp_path: Path) -> None:
    for epochs, words in ((8, "over all epochs"), (12, "over the last ten epochs")):
        curves = {"val": [0.4, 0.5] * (epochs // 2)}
        options = {"losses": [1.0] * epochs, "curves": curves}
        runs = make_part(tmp_path / str(epochs), "1.1a", {None: [0.45]}, **options)
        text = said({"1.1a": runs}, "1.1a", tmp_path / str(epochs) / "r")
        assert re.findall("over (?:all|the last ten) epochs", text) == [words]


@pytest.mark.parametrize(
    ("losses", "words"),
    [
        ([264.0, 1.5], "is 264.0 in the first epoch and 1.500 in the last: initial weights"),
        ([1.5, 2.5], "is 1.5 in the first epoch and 2.500 in the last."),
    ],
    ids=["falls", "rises"],
)
def test_the_loss_is_told_whichever_way_it_goes(tmp_path: Path, losses, words: str) -> None:
    runs = make_part(tmp_path, "1.3", {None: [0.5]}, losses=losses)
    assert words in said({"1.3": runs}, "1.3", tmp_path / "r")


def test_a_norm_that_is_not_finite_is_told(tmp_path: Path) -> None:
    other = "0" * 64
    parts = {
        "1.2a": make_part(tmp_path, "1.2a", {None: [0.2]}, norm=None, sha256=other),
        "1.2b": make_part(tmp_path, "1.2b", {None: [0.5]}, sha256=other),
    }
    assert "one is 0 or not finite" in said(parts, "1.2c", tmp_path / "r", seeds=(42,))


CONFUSED = Confusion("sea", 0.8, "forest", 0.5, "forest", "sea", 3, 10)
CONFUSIONS = {
    "some": (CONFUSED, "A recognises sea best (80.0 %) and forest worst (50.0 %); most often"),
    "alike": (replace(CONFUSED, worst_recall=0.8), "A recognises every class alike (80.0 %); most"),
    "none": (replace(CONFUSED, worst_recall=0.8, count=0), "A gets every test image right."),
}


@pytest.mark.parametrize("name", CONFUSIONS)
def test_confusions_are_told_where_there_are_any(tmp_path: Path, name: str) -> None:
    confused, words = CONFUSIONS[name]
    content = replace(collect({}, tmp_path, INFO), confusions={"A": confused})
    (text,) = texts_of([content], "beyond", tmp_path / "r")
    assert words in text
    assert ("forest is taken for sea" in text) == (confused.count > 0)


def test_a_wide_gap_is_called_what_it_is(tmp_path: Path) -> None:
    for train, words in (
        (0.7, "for the training images alone"),
        (0.5, "is 5.0 points above validation accuracy."),
        (0.452, "less than a point apart"),
        (0.4, "is even 5.0 points below"),
    ):
        assert words in with_curves(tmp_path / str(train), train=train)
