"""The table and the words of a verdict, from numbers made up here."""

import pytest

from experiments.assignment import PARTS
from experiments.checking.catalogue import OTHER_SEEDS, variants
from experiments.checking.claims import configuration, headline
from experiments.checking.given_numbers import Given
from experiments.checking.report import verdict_answer
from experiments.checking.training.train_variant import Result
from experiments.checking.verdict import judge

RIGHT = {"train": 0.5, "val": 0.4, "test": 0.41, "norm": 12345.678}
KEYS = [v.key for v in variants("1.1a") if not v.seed_like and not v.harmless][:8]


def said(given: dict[str, Given], keys: list[str], **numbers: float) -> list[str]:
    """What is printed where each key's numbers are `RIGHT` plus so much for each place."""
    results = [
        Result((key,), "", [{}, {n: v + 0.01 * place for n, v in RIGHT.items()} | numbers])
        for place, key in enumerate(keys)
    ]
    claims = {(1, name): value for name, value in given.items()}
    untried = [v for v in variants("1.1a") if v.key not in keys]
    verdict = judge(claims, results)
    return verdict_answer("1.1a", verdict, claims, untried, "--all tries them too").lines


def test_the_verdict_comes_first_and_nothing_is_cut() -> None:
    given = {name: Given(value, 4) for name, value in RIGHT.items()}
    lines = said(given, KEYS)
    assert max(map(len, lines)) < 80
    assert lines[0] == "EQUAL to the digit to the assignment's loop on these data"
    table = lines[lines.index("") + 1 :]
    assert table[1].split() == ["yours", "0.5000", "0.4000", "0.4100", "12345.6780"]
    assert table[2].split()[-5:] == ["0.5000", "0.4000", "0.4100", "12345.6780", "equal"]
    words = " ".join(" ".join(table).split())
    assert "training accuracy counted while 0.5" in words  # goes on in a line below
    assert "  learning" in table
    assert "..." not in words


def test_as_many_decimals_as_were_given() -> None:
    lines = said({"train": Given(0.500004, 6), "val": Given(0.4, 2)}, ["right"])
    table = lines[lines.index("") + 1 :]
    assert table[2].split()[-4:-2] == ["0.500000", "0.4000"]
    assert table[1].split() == ["yours", "0.500004", "0.40"]


def test_a_loss_that_is_not_finite_is_a_dash() -> None:
    lines = said({"train": Given(0.7, 4)}, ["right"], train=float("nan"))
    assert lines[lines.index("") + 3].split()[-3] == "-"


@pytest.mark.parametrize("seeds", [2, 4])
def test_says_whether_deviations_are_guessed(seeds: int) -> None:
    keys = ["right", *(v.key for v in OTHER_SEEDS)][:seeds]
    words = " ".join(" ".join(said({"train": Given(0.9, 4)}, keys)).split())
    assert ("Distance from the" in words) == (seeds > 2)
    assert ("guesses" in words) == (seeds <= 2)


def test_names_what_was_not_tried_only_where_nothing_agrees() -> None:
    keys = [v.key for v in variants("1.1a") if v.key != "y times x"]
    bad = " ".join(" ".join(said({"train": Given(5.0, 4)}, keys)).split())
    good = " ".join(" ".join(said({"train": Given(0.5, 4)}, ["right"])).split())
    assert "Not tried: y times x;" in bad
    assert "Not tried: y times x;" not in good
    assert f"{len(variants('1.1a')) - 1} of the variants" in good


@pytest.mark.parametrize("name", PARTS)
def test_the_headline_names_what_the_question_has(name: str) -> None:
    line = headline(name, configuration(name, {}))
    assert ("l2" in line) == (name in ("1.2a", "1.2b", "2.1"))
