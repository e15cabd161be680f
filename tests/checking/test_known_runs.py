"""Digits that are known are recognised, and nothing that merely looks like them."""

import pytest

from experiments.checking.given_numbers import positive, share
from experiments.checking.known_runs import file_of, recognise
from experiments.references import COURSE, PHOTOGRAPHS, SIZES

CASES = [
    ({"train": ".5598", "val": ".3868", "test": ".3743"}, "1.1a", None),
    ({"train": ".6694", "val": ".4623", "test": ".4597", "norm": "23.0806"}, "1.2a", None),
    ({"train": ".5683", "val": ".4972", "test": ".5053", "norm": "4.3217"}, "1.2b", None),
    ({"test": "0.45966666666666667"}, "1.2a", None),
    ({"test": "0.3853333"}, "1.1a", None),
    ({"test": ".5273"}, "1.3", None),
    ({"val": ".5264", "test": ".5247", "loss": "1.1338", "val_loss": "1.2616"}, "2.1", None),
    ({"val": ".4694", "test": ".4623", "loss": "1.4207"}, "2.1", None),
    ({"val": ".5028", "test": ".5190"}, "2.2a", None),
    ({"val": ".4701", "test": ".4883"}, "2.2c", None),
    ({"test": ".4783"}, "1.2a", "sigmoid"),
    ({"test": ".5113"}, "1.2b", "sigmoid"),
    ({"test": ".4997"}, "1.2b", "2 lambda"),
    ({"test": ".5133"}, "1.3", "deviation 0.01"),
    ({"val": ".4751", "test": ".4827"}, "2.1", "softmax before the loss"),
    ({"val": ".6033", "test": ".6013"}, "2.2a", "1 layer"),
]


def given(numbers: dict[str, str]) -> dict:
    accuracies = ("train", "val", "test")
    return {k: share(v) if k in accuracies else positive(v) for k, v in numbers.items()}


@pytest.mark.parametrize(("numbers", "part", "mistake"), CASES)
def test_known_digits(numbers: dict[str, str], part: str, mistake: str | None) -> None:
    found = recognise(given(numbers), None)
    assert (part, mistake) in [(one.part, one.mistake and one.mistake.key) for one in found]
    assert all(one.part == part for one in recognise(given(numbers), part))
    for name, text in numbers.items():
        off = given(numbers)
        value = off[name].value + 2e-4
        assert not recognise({**off, name: off[name]._replace(value=value)}, part), text


def test_two_digits_are_known_but_accuse_nobody() -> None:
    assert [one.part for one in recognise(given({"test": ".51"}), "1.2b")] == ["1.2b"]
    assert not recognise(given({"test": ".50"}), "1.2b")


def test_a_norm_alone_is_nothing() -> None:
    assert not recognise(given({"norm": "4.3217"}), None)


def test_the_line_before_training_tells_the_file() -> None:
    assert file_of(given({"train": ".1562", "val": ".1553"})) == COURSE.name
    assert file_of(given({"train": "0.16940", "val": ".1880"})) == COURSE.name
    assert file_of(given({"train": ".1561", "val": ".1560"})) == PHOTOGRAPHS.name
    assert file_of(given({"train": ".1562", "val": ".1560"})) is None
    assert file_of(given({"val": ".1553"})) is None


def test_before_training_every_example_is_taken_for_class_0() -> None:
    train, val = COURSE.before[0]
    assert (round(1973 / SIZES[0], 4), round(218 / SIZES[1], 4)) == (train, val)
