"""Numbers as they are typed, and what agrees with them."""

import argparse

import pytest

from experiments.checking.given_numbers import Given, positive, share


@pytest.mark.parametrize(
    ("text", "value", "digits"),
    [
        (".5683", 0.5683, 4),
        ("0.57", 0.57, 2),
        ("56.83", 0.5683, 4),
        ("56.83%", 0.5683, 4),
        ("45,97%", 0.4597, 4),
        ("0,4597", 0.4597, 4),
        ("57", 0.57, 2),
        ("0.568250", 0.56825, 6),
        ("5.683e-1", 0.5683, 4),
        ("0.45966666666666667", 0.45966666666666667, 17),
    ],
)
def test_accuracies(text: str, value: float, digits: int) -> None:
    given = share(text)
    assert given == (pytest.approx(value), digits)
    assert given.agrees(value + 0.4 * given.unit)
    assert not given.agrees(value + 0.6 * given.unit + 2e-9)


@pytest.mark.parametrize(
    "text",
    ["", "x", "nan", "inf", "-0.5", "1.5.2", "101", "0.5", "1", "%", ".", "0x1", "1,2,3", "5e999",
     "0,5"],
)  # fmt: skip
def test_refused_as_an_accuracy(text: str) -> None:
    with pytest.raises(argparse.ArgumentTypeError, match="expected an accuracy"):
        share(text)


@pytest.mark.parametrize("text", ["", "1", "-1.5", "nan", "1.5%", "x"])
def test_refused_as_a_loss(text: str) -> None:
    with pytest.raises(argparse.ArgumentTypeError, match="expected a number"):
        positive(text)


def test_float32_prints_more_digits_than_it_has() -> None:
    assert share("0.4596666693687439").agrees(1379 / 3000)
    assert not share("0.4596666693687439").agrees(1380 / 3000)
    assert positive("362.9999694824219").agrees(363.0)


def test_what_is_not_finite_agrees_with_what_is_not() -> None:
    assert Given(float("nan"), 0).agrees(float("inf"))
    assert not Given(float("nan"), 0).agrees(1.0)
