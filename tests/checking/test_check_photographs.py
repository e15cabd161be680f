"""The same on the photographs: minutes to an hour, so only with HW1_LONG=1."""

import os
from pathlib import Path

import pytest
from oracles.checking import MISTAKES, Checking

SUBSET = 240
FULL = {"1.1a": 100, "1.2a": 100, "1.2b": 100, "1.3": 20}

pytestmark = pytest.mark.skipif(
    os.environ.get("HW1_LONG") != "1", reason="HW1_LONG is not 1: this takes long"
)


def named_first(own: Checking, mistakes: dict[str, str]) -> dict[str, str]:
    """For each mistake that changes any printed digit, what is named first."""
    named = {}
    for mistake, key in mistakes.items():
        if own.printed(mistake) != own.printed(""):
            found = own.verdict(own.of_log(mistake)).ranking[0].variant.key
            last = own.verdict(own.of_last(mistake)).ranking[0].variant.key
            print(f"{own.question} {mistake}: wanted {key}, log {found}, last {last}", flush=True)
            named[mistake] = found
    return named


def check_most(own: Checking) -> None:
    mistakes = MISTAKES[own.question]
    assert own.verdict(own.of_log()).ranking[0].variant.key == "right"
    named = named_first(own, mistakes)
    right = [mistake for mistake, key in named.items() if key == mistakes[mistake]]
    assert len(named) >= 0.8 * len(mistakes)
    assert len(right) >= 0.9 * len(named), sorted(set(named) - set(right))


@pytest.mark.parametrize("question", MISTAKES)
def test_all_epochs_of_a_subset(question: str, photographs: Path) -> None:
    check_most(Checking(question, str(photographs), FULL[question], 20, n=SUBSET))


AFTER_THREE = [question for question in MISTAKES if question != "1.3"]
AFTER_THREE += [
    pytest.param("1.3", marks=pytest.mark.xfail(reason="its chaos: 9 of 12 are named first"))
]


@pytest.mark.parametrize("question", AFTER_THREE)
def test_three_epochs_of_the_whole(question: str, photographs: Path) -> None:
    hidden = 20 if question == "1.3" else 100
    check_most(Checking(question, str(photographs), 3, hidden))
