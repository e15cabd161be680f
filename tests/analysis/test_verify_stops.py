"""How the table of claims ends: a refusal inside a claim, an interruption, odd flags."""

import io
import math
import sys

import pytest

from analysis import verify
from analysis.claims import Settings
from analysis.claims.base import Claim, Source
from analysis.table import LETTERS, legend, row, summary


def _claim(**changes) -> Claim:
    usual = {"question": "3.1", "name": "invented", "statement": "s", "cases": 12, "worst": 0.25,
             "tolerance": 2.0, "source": Source.ALGEBRA}  # fmt: skip
    return Claim(**(usual | changes))


@pytest.mark.parametrize("error", [ValueError, ArithmeticError, ZeroDivisionError])
def test_a_claim_that_is_refused_fails_with_the_refusal(error, monkeypatch):
    def refused(_: Settings) -> Claim:
        raise error("no\n  way " + "x" * 60)

    monkeypatch.setattr(verify, "CLAIMS", (refused, lambda _: _claim()))
    first, second = verify.tried(Settings())
    assert (first.question, first.name, first.cases) == ("3.x", "refused", 1)
    assert first.statement == "no way " + "x" * 35
    assert (first.worst, first.tolerance, first.holds) == (math.inf, 0.0, False)
    assert second == _claim()


def test_other_errors_are_not_swallowed(monkeypatch):
    def broken(_: Settings) -> Claim:
        raise KeyError("broken")

    monkeypatch.setattr(verify, "CLAIMS", (broken,))
    with pytest.raises(KeyError, match="broken"):
        verify.main([])


def test_an_interruption_ends_with_130(monkeypatch, capsys):
    def interrupted(_: Settings) -> Claim:
        raise KeyboardInterrupt

    monkeypatch.setattr(verify, "CLAIMS", (interrupted,))
    assert verify.main([]) == 130
    assert capsys.readouterr().err == "\npython -m analysis.verify: interrupted\n"


def test_a_line_is_out_before_the_next_claim_is_tried(monkeypatch):
    """Behind a pipe too, where print keeps lines back unless it is told to flush."""
    behind = io.BytesIO()
    monkeypatch.setattr(sys, "stdout", io.TextIOWrapper(behind, encoding="utf-8"))

    def second(_: Settings) -> Claim:
        assert "first" in behind.getvalue().decode()
        return _claim()

    monkeypatch.setattr(verify, "CLAIMS", (lambda _: _claim(statement="first"), second))
    assert verify.main([]) == 0


def test_settings_are_the_flags(monkeypatch):
    asked = []

    def ask(settings: Settings) -> Claim:
        asked.append(settings)
        return _claim()

    monkeypatch.setattr(verify, "CLAIMS", (ask,))
    flags = "--dims 1 4 --hidden 3 --trials 2 --seed 0 --eps 1e-9"
    assert verify.main(flags.split()) == verify.main([]) == 0
    assert asked == [Settings(dims=(1, 4), hidden=(3,), trials=2, seed=0, eps=1e-9), Settings()]


@pytest.mark.parametrize("flag", ["--dims", "--seed", "--eps"])
def test_long_values_are_cut_at_40_characters(flag, capsys):
    assert verify.main([flag, "x" * 60]) == 2
    message = capsys.readouterr().err
    assert f"got '{'x' * 40}', expected" in message


@pytest.mark.parametrize("text", ["1_0", "²", "-1", "+1", ""], ids=ascii)
def test_seeds_are_digits(text, capsys):
    assert verify.main([f"--seed={text}"]) == 2
    assert "expected a whole number from 0 up" in capsys.readouterr().err


def test_help_gives_the_defaults_and_keeps_its_lines(capsys):
    assert verify.main(["--help"]) == 0
    printed = capsys.readouterr().out
    words = " ".join(printed.split())
    for default in ("(default: 1 2 5 10 20)", "per kind of case (default: 3)", "(default: 0)"):
        assert default in words
    assert verify.DESCRIPTION in printed


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({}, "12 2.5e-01 <= 2.0e+00 a holds"),
        ({"worst": 3.0}, "12 3.0e+00 <= 2.0e+00 a FAILS"),
        ({"at_least": True, "worst": 3.0}, "12 3.0e+00 >= 2.0e+00 a holds"),
        ({"cases": 0, "source": Source.MODEL}, "0 2.5e-01 <= 2.0e+00 e none"),
    ],
    ids=["holds", "fails", "at least", "none"],
)
def test_row(changes, words):
    assert " ".join(row(_claim(**changes)).split()) == f"3.1 s {words}"


def test_legend_names_every_source():
    head, *lines = legend()[1:]
    assert (legend()[0], head) == ("", "where the tolerances come from:")
    assert lines == [f"  {LETTERS[source]}  {source.value}" for source in Source]
    assert [LETTERS[source] for source in Source] == list("abcde")


def test_summary_counts_claims_and_cases():
    assert summary(iter([_claim(), _claim(cases=3)])) == "2 claims, 15 cases: all hold"
    failed = [_claim(worst=3.0, name="one"), _claim(), _claim(worst=9.0, name="two")]
    assert summary(failed) == "3 claims, 36 cases: 2 FAIL: one, two"
