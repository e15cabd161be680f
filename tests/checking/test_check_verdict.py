"""What is said of numbers, from numbers made up here."""

import pytest

from experiments.checking.catalogue import CATALOGUE
from experiments.checking.trace import Result
from experiments.checking.values import Given
from experiments.checking.verdict import Verdict, judge, tells

# Accuracies of the right loop's seeds: mean .45, deviation .0158.
SEEDS = {"right": 0.45, "seed 43": 0.43, "seed 44": 0.44, "seed 45": 0.46, "seed 46": 0.47}


def verdict(mistake: float, **given: Given) -> Verdict:
    """What is said where the bias column's absence gives `mistake` for every number."""
    values = {**SEEDS, "no bias column": mistake}
    names = ("train", "val", "test")
    results = [Result(k, "", [{}, dict.fromkeys(names, v)]) for k, v in values.items()]
    return judge({(1, name): value for name, value in given.items()}, results, CATALOGUE)


@pytest.mark.parametrize(
    ("value", "digits", "kind"),
    [(0.48, 2, "noise"), (0.4812, 4, "noise"), (0.60, 2, "mistake"), (0.45, 2, "equal")],
)
def test_one_number_near_the_seeds_accuses_nobody(value: float, digits: int, kind: str) -> None:
    assert verdict(value, val=Given(value, digits)).kind == kind


def test_several_numbers_with_all_digits_do() -> None:
    given = Given(0.4812, 4)
    assert verdict(0.4812, val=given, test=given).kind == "mistake"
    assert verdict(0.4811, val=given, test=given).kind == "noise"


def test_far_from_everything() -> None:
    given = Given(0.8, 4)
    assert verdict(0.4812, val=given, test=given).kind == "unlike"
    assert verdict(0.7999, val=given, test=given).kind == "mistake"


def test_how_much_numbers_tell() -> None:
    assert tells({(1, "val"): Given(0.46, 2)}) == 1
    assert tells({(1, "val"): Given(0.464217, 6)}) == 3
    assert tells({(1, "val"): Given(0.46, 2), (1, "norm"): Given(4.3443, 4)}) == 5


@pytest.mark.parametrize(("first", "key"), [(0.3001, "no bias column"), (0.3002, "right")])
def test_the_same_at_first_is_nearer_than_the_same_at_last(first: float, key: str) -> None:
    values = {"right": [0.3002, 0.4], "no bias column": [0.3001, 0.5]}
    results = [Result(k, "", [{}, *({"val": v} for v in both)]) for k, both in values.items()]
    claims = {(1, "val"): Given(first, 4), (2, "val"): Given(0.4001, 4)}
    assert judge(claims, results, CATALOGUE).ranking[0].variant.key == key
