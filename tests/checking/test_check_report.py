"""The table and the words of a verdict, from numbers made up here."""

import pytest

from experiments.assignment import PARTS
from experiments.checking.catalogue import CATALOGUE, variants
from experiments.checking.questions import configuration, headline
from experiments.checking.report import verdict_lines
from experiments.checking.trace import Result
from experiments.checking.values import Given
from experiments.checking.verdict import judge

RIGHT = {"train": 0.5, "val": 0.4, "test": 0.41, "norm": 12345.678}


def said(given: dict[str, Given], keys: list[str], **numbers: float) -> list[str]:
    """What is printed where each key's numbers are `RIGHT` plus so much for each place."""
    results = [
        Result(key, "", [{}, {n: v + 0.01 * place for n, v in RIGHT.items()} | numbers])
        for place, key in enumerate(keys)
    ]
    claims = {(1, name): value for name, value in given.items()}
    verdict = judge(claims, results, CATALOGUE)
    untried = [v for v in variants("1.1a") if v.key not in keys]
    return verdict_lines(verdict, claims, untried, "--all tries them too")


def test_four_large_numbers_fit_and_nothing_is_cut() -> None:
    given = {name: Given(value, 4) for name, value in RIGHT.items()}
    keys = [v.key for v in variants("1.1a")][:8]
    lines = said(given, ["right", *keys[1:]])
    assert max(map(len, lines)) < 80
    assert lines[1].split() == ["yours", "0.5000", "0.4000", "0.4100", "12345.6780"]
    assert lines[2].split()[-5:] == ["0.5000", "0.4000", "0.4100", "12345.6780", "equal"]
    words = " ".join(" ".join(lines).split())
    assert "training accuracy counted while 0.5" in words  # goes on in a line below
    assert "  learning" in lines
    assert "..." not in words


def test_as_many_decimals_as_were_given() -> None:
    lines = said({"train": Given(0.500004, 6), "val": Given(0.4, 2)}, ["right"])
    assert lines[2].split()[-4:-2] == ["0.500000", "0.4000"]
    assert lines[1].split() == ["yours", "0.500004", "0.40"]


def test_a_loss_that_is_not_finite_is_a_dash() -> None:
    lines = said({"train": Given(0.7, 4)}, ["right"], train=float("nan"))
    assert lines[2].split()[-3] == "-"


@pytest.mark.parametrize("seeds", [2, 4])
def test_says_whether_deviations_are_guessed(seeds: int) -> None:
    keys = ["right", *(v.key for v in CATALOGUE if v.kind == "seed")][:seeds]
    words = " ".join(" ".join(said({"train": Given(0.9, 4)}, keys)).split())
    assert ("Distance from the seeds' mean" in words) == (seeds > 2)
    assert ("guesses" in words) == (seeds <= 2)


def test_names_what_was_not_tried_only_where_nothing_agrees() -> None:
    bad = " ".join(" ".join(said({"train": Given(0.9, 4)}, ["right"])).split())
    good = " ".join(" ".join(said({"train": Given(0.5, 4)}, ["right"])).split())
    assert "y times x" in bad
    assert "y times x" not in good
    assert f"{len(variants('1.1a')) - 1} of the variants" in good


@pytest.mark.parametrize("name", PARTS)
def test_the_headline_names_what_the_question_has(name: str) -> None:
    line = headline(name, configuration(name, {}))
    assert ("l2" in line) == (name in ("1.2a", "1.2b", "2.1"))
