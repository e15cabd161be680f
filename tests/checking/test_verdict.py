"""What is said of numbers, from numbers made up here."""

import numpy as np
import pytest

from experiments.checking.given_numbers import Given
from experiments.checking.noise import FALSE_ALARMS, from_seeds, over_seeds, tells
from experiments.checking.training.train_variant import Result
from experiments.checking.verdict import Verdict, judge
from experiments.runs.statistics import t_quantile

# Accuracies of the right loop's seeds: mean .45, deviation .0126.
SEEDS = {
    "right": 0.45, "seed 43": 0.43, "seed 44": 0.44, "seed 45": 0.46, "seed 46": 0.47,
    "seed 0": 0.44, "seed 1": 0.45, "seed 123": 0.46,
}  # fmt: skip


def results(values: dict[str, float]) -> list[Result]:
    names = ("train", "val", "test")
    return [Result((k,), "", [{}, dict.fromkeys(names, v)]) for k, v in values.items()]


def verdict(mistake: float, key: str = "no bias column", **given: Given) -> Verdict:
    """What is said where a variant gives `mistake` for every number."""
    claims = {(1, name): value for name, value in given.items()}
    return judge(claims, results({**SEEDS, key: mistake}))


@pytest.mark.parametrize(
    ("value", "digits", "kind"),
    [(0.48, 2, "noise"), (0.4812, 4, "noise"), (0.62, 2, "mistake"), (0.45, 2, "equal")],
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


def test_what_trains_as_a_seed_is_named_by_its_digits_only() -> None:
    far = Given(0.8, 4)
    assert verdict(0.7999, "pixels over 255", val=far, test=far).kind == "unlike"
    assert verdict(0.8, "pixels over 255", val=far, test=far).kind == "mistake"


def test_what_does_no_harm_is_right() -> None:
    found = verdict(0.61, "step times rate", val=Given(0.61, 4), test=Given(0.61, 4))
    assert found.kind == "equal"
    assert found.good


def test_a_pair_stands_behind_what_a_single_mistake_explains() -> None:
    pair = Result(("2 lambda", "not shuffled"), "", [{}, {"val": 0.8}])
    claims = {(1, "val"): Given(0.8, 4)}
    single = Result(("sigmoid",), "", [{}, {"val": 0.8}])
    assert len(judge(claims, [pair, single]).ranking[0].result.chosen) == 1
    found = judge(claims, [pair, *results(SEEDS)])
    assert found.ranking[0].result.chosen == pair.chosen
    assert "and no shuffling" in found.ranking[0].result.says


def test_how_much_numbers_tell() -> None:
    assert tells({(1, "val"): Given(0.46, 2)}) == 1
    assert tells({(1, "val"): Given(0.464217, 6)}) < 3
    assert tells({(1, "val"): Given(0.4642, 4)}, (90, 10, 20)) < 1  # eleven values in all
    assert tells({(1, "val"): Given(0.46, 2), (1, "norm"): Given(4.3443, 4)}) == 5


@pytest.mark.parametrize(("first", "key"), [(0.3001, "no bias column"), (0.3002, "right")])
def test_the_same_at_first_is_nearer_than_the_same_at_last(first: float, key: str) -> None:
    values = {"right": [0.3002, 0.4], "no bias column": [0.3001, 0.5]}
    found = [Result((k,), "", [{}, *({"val": v} for v in both)]) for k, both in values.items()]
    claims = {(1, "val"): Given(first, 4), (2, "val"): Given(0.4001, 4)}
    assert judge(claims, found).ranking[0].result.variant.key == key


@pytest.mark.parametrize(
    ("measure", "right", "kind"),
    [("loss", 0.3, "mistake"), ("loss", 0.4001, "unlike"), ("norm", 0.3, "unlike")],
)
def test_a_chaotic_network_is_told_by_its_first_epochs(
    measure: str, right: float, kind: str
) -> None:
    """Equal in the first epoch alone, to a mistake and not to the right loop as well."""
    made = [
        Result((key,), "", [{}, {measure: first, "val": first}, {measure: 9.0, "val": 0.1}])
        for key, first in (("right", right), ("W2 first", 0.4001))
    ]
    claims = {(1, measure): Given(0.4001, 4), (1, "val"): Given(0.4001, 4)}
    claims |= {(2, measure): Given(0.7, 4), (2, "val"): Given(0.7, 4)}
    assert judge(claims, made).kind == kind


def test_the_limit_is_student_s_over_the_count_of_numbers() -> None:
    claims = {(1, "train"): Given(0.45, 4), (1, "val"): Given(0.45, 4)}
    _, limit = from_seeds(claims, over_seeds(claims, results(SEEDS)))
    assert limit == t_quantile(1 - FALSE_ALARMS / 2, 7)
    _, one = from_seeds({(1, "val"): Given(0.45, 4)}, over_seeds(claims, results(SEEDS)))
    assert one != limit


def test_seeds_that_happen_to_agree_in_one_epoch_borrow_from_the_others() -> None:
    keys = list(SEEDS)
    made = [
        Result((k,), "", [{}, {"val": SEEDS[k]}, {"val": 0.5 + 1e-6 * i}])
        for i, k in enumerate(keys)
    ]
    claims = {(1, "val"): Given(0.45, 4), (2, "val"): Given(0.51, 4)}
    spreads = over_seeds(claims, made)
    assert spreads[2, "val"].sd == pytest.approx(np.std(list(SEEDS.values()), ddof=1) / 2**0.5)
    assert judge(claims, made).kind == "noise"
    del claims[1, "val"]
    assert judge(claims, made).kind == "unlike"


@pytest.mark.parametrize("count", [1, 9])
def test_right_programs_are_not_accused(count: int) -> None:
    """Normal numbers of 2,000 programs, each beside eight seeds of its own."""
    rng = np.random.default_rng(1)
    accused = 0
    for _ in range(2000):
        drawn = rng.normal(0.5, 0.01, (9, count))
        made = [
            Result((k,), "", [{}, *({"train": float(v)} for v in values)])
            for k, values in zip(SEEDS, drawn, strict=False)
        ]
        claims = {(e, "train"): Given(float(v), 7) for e, v in enumerate(drawn[8], 1)}
        accused += not judge(claims, made).good
    assert accused <= 2 + 5 * (2000 * FALSE_ALARMS) ** 0.5
