"""hw1-q3: the same table as `analysis.verify`, with files; its refusals."""

import contextlib
import io
import json
import os
from dataclasses import replace

import pytest
from PIL import Image
from short_descent import DESCENT

from analysis import fit_closed_form, verify
from analysis.claims import CLAIMS, Claim, Settings
from analysis.claims.base import Source
from experiments.plots.question3 import draw_question3
from experiments.q3 import _parser, main
from experiments.question3.figure_data import CURVES

FLAGS = ["--dims", "2", "--trials", "1", "--seed", "3"]
FIGURES = (
    "error_against_delta.png",
    "same_function.png",
    "attainability.png",
    "descent.png",
    "activations.png",
    "fibre.png",
    "decay.png",
)


pytestmark = pytest.mark.usefixtures("here")


@pytest.fixture(autouse=True)
def short_descent(monkeypatch):
    """A few steps of gradient descent; longer runs have their own tests."""
    monkeypatch.setattr("experiments.question3.session.DESCENT", DESCENT)


@pytest.fixture
def few_claims(monkeypatch):
    """Two quick claims; all of them have their own tests."""
    monkeypatch.setattr(verify, "CLAIMS", CLAIMS[3:5])


@pytest.fixture
def no_figures(monkeypatch):
    """Only the table and its report."""
    monkeypatch.setattr("experiments.question3.session.CURVES", {})
    monkeypatch.setattr("experiments.question3.session.draw_question3", lambda *_: [])


@pytest.fixture(scope="module")
def finished(tmp_path_factory):
    """One whole run's folder and what it printed."""
    place = tmp_path_factory.mktemp("q3")
    printed = io.StringIO()
    with pytest.MonkeyPatch.context() as patch, contextlib.redirect_stdout(printed):
        patch.chdir(place)
        patch.setattr(verify, "CLAIMS", CLAIMS[3:5])
        patch.setattr("experiments.question3.session.DESCENT", DESCENT)
        assert main([*FLAGS, "--out", "made/here"]) == 0
    return place / "made" / "here", printed.getvalue().splitlines()


def test_writes_report_curves_and_figures(finished):
    folder, lines = finished
    assert {path.name for path in folder.iterdir()} == {"verify.json", "curves.json", *FIGURES}
    report = json.loads((folder / "verify.json").read_text())
    assert report["holds"]
    assert report["settings"] == {
        "dims": [2],
        "hidden": [],
        "trials": 1,
        "seed": 3,
        "eps": None,
    }
    assert [claim["name"] for claim in report["claims"]] == [
        "not linear",
        "hidden identity",
        "descent",
        "descent network",
    ]
    assert max(map(len, lines)) <= 80
    assert lines[-1].startswith("made/here: verify.json, curves.json, ")


def test_prints_the_table_of_verify(few_claims, no_figures, capsys):
    assert verify.main(FLAGS) == 0
    table = capsys.readouterr().out
    assert main(FLAGS) == 0
    assert capsys.readouterr().out.startswith(table)


def test_xla_keeps_quiet(monkeypatch):
    """It reads the variable as it loads, and then reports its own tuning flags as missing."""
    monkeypatch.setenv("TF_CPP_MIN_LOG_LEVEL", "")
    monkeypatch.delenv("TF_CPP_MIN_LOG_LEVEL")
    said = []
    monkeypatch.setattr(
        "experiments.question3.session.run_session",
        lambda **_: said.append(os.environ.get("TF_CPP_MIN_LOG_LEVEL")) or True,
    )
    assert main(FLAGS) == 0
    assert said == ["3"]


def test_a_failing_claim_is_written_and_exits_1(no_figures, monkeypatch, here):
    failing = Claim("3.3", "broken", "a broken claim", 1, float("inf"), 1.0, Source.THEOREM)
    monkeypatch.setattr(verify, "CLAIMS", (lambda _: failing,))
    assert main([*FLAGS, "--out", "out"]) == 1
    report = json.loads((here / "out" / "verify.json").read_text())
    assert not report["holds"]
    assert report["claims"][0]["worst"] is None


def test_a_run_below_the_closed_form_exits_1(few_claims, no_figures, monkeypatch, capsys):
    """As if least squares had stopped short of the minimum."""
    monkeypatch.setattr(
        "experiments.question3.descent.fit_closed_form",
        lambda X, y: replace(fit_closed_form(X, y), residual=100.0),
    )
    assert main([*FLAGS, "--out", "out"]) == 1
    (line,) = [line for line in capsys.readouterr().out.splitlines() if "falls below" in line]
    assert line.endswith("FAILS")


def test_equal_seeds_give_equal_curves():
    for name in ("three_functions", "fit", "attainability"):
        assert CURVES[name](5) == CURVES[name](5)


def test_curves_show_the_wall_and_the_flat_line():
    curve = CURVES["error_against_delta"](0)
    assert 1e-11 < min(curve["unit"]) < 1e-7
    assert max(curve["unit"][-10:]) > 1
    assert max(curve["scaled"][-40:]) < 1e-14
    same = CURVES["three_functions"](0)
    assert max(abs(p - q) for p, q in zip(same["network"], same["recovered"], strict=True)) < 1e-13


def test_figures_are_drawn_from_the_curves_alone(finished, here):
    folder, _ = finished
    (here / "curves.json").write_bytes((folder / "curves.json").read_bytes())
    for path in draw_question3(here):
        with Image.open(path) as mine, Image.open(folder / path.name) as theirs:
            assert mine.size == theirs.size
            assert mine.tobytes() == theirs.tobytes()


def test_defaults_are_those_of_verify():
    given, default = vars(_parser().parse_args([])), vars(Settings())
    assert (given.pop("out"), given.pop("format")) == ("runs/q3", "png")
    assert {name: tuple(v) if isinstance(v, list) else v for name, v in given.items()} == default
