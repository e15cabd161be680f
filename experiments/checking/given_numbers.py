"""Numbers as a student gives them: with so many digits, as a share or in percent."""

import argparse
import math
import re
from contextlib import suppress
from typing import NamedTuple, get_args

from experiments.assignment import Measure

MEASURES: tuple[Measure, ...] = get_args(Measure)
"""What a run may be asked about, in the order of every table."""
ACCURACIES: tuple[Measure, ...] = ("train", "val", "test")

# A point or a comma before the decimals, thousands set apart, an exponent, a percent sign.
NUMBER = (
    r"[-+]?(?:\d{1,3}(?:,\d{3})+\.\d+|\d{1,30}[.,]\d+|\d{1,30}\.?|\.\d+)"
    r"(?:[eE][-+]?\d{1,3})?(?:\s?%)?|[-+]?(?:nan|inf(?:inity)?)"
)
_NUMBER = re.compile(NUMBER, re.IGNORECASE)
_SLACK = 1e-9  # a number that was rounded right, read back in binary
_SINGLE = 2.4e-7  # float32's precision, relative: more digits are printed than are known
MIN_SHARE_DIGITS = 2


class Given(NamedTuple):
    """A number and how exactly it is known.

    Attributes:
        value: the number; accuracies as a share; a loss may be infinite or no number.
        digits: how many of its decimals were given.
    """

    value: float
    digits: int

    @property
    def finite(self) -> bool:
        """Whether it is a number at all."""
        return math.isfinite(self.value)

    @property
    def unit(self) -> float:
        """The last decimal's worth, `10^-digits`, or the precision of float32 if that is more."""
        return max(10.0**-self.digits, _SINGLE * abs(self.value))

    def agrees(self, other: float, known_to: float = 0.0) -> bool:
        """Return whether `other`, a multiple of `known_to`, is this number as far as both go."""
        if not self.finite:
            return not math.isfinite(other)
        return abs(self.value - other) <= max(self.unit, known_to) / 2 + _SLACK


def number(text: str) -> tuple[Given, bool]:
    """Parse what `NUMBER` matches: the number as it stands, and whether a percent sign follows.

    Raises:
        ValueError: it is no number.
    """
    text = text.strip()
    if not _NUMBER.fullmatch(text):
        raise ValueError(f"got {text[:40]!r}, expected a number")
    percent = text.endswith("%")
    text = text.rstrip("% \t")
    text = text.replace(",", "") if "," in text and "." in text else text.replace(",", ".")
    mantissa, _, exponent = text.lower().partition("e")
    decimals = len(mantissa.partition(".")[2]) - int(exponent or 0) if mantissa[-1:] != "f" else 0
    return Given(float(text), max(decimals, 0)), percent


def as_share(given: Given, percent: bool) -> Given:
    """Return an accuracy as a share: above 1, or with the sign, it is in percent.

    Raises:
        ValueError: it is no accuracy.
    """
    if percent or given.value > 1:
        given = Given(given.value / 100, given.digits + 2)
    if not 0 <= given.value <= 1:
        raise ValueError(f"got {given.value:g}, expected an accuracy between 0 and 1")
    return given


def share(text: str) -> Given:
    """Parse a flag's accuracy: `.5683`, `0.45966666666666667`, `56.83`, `56.83%` or `45,97%`.

    Raises:
        argparse.ArgumentTypeError: it is no such number.
    """
    with suppress(ValueError):
        given = as_share(*number(text))
        if given.digits >= MIN_SHARE_DIGITS:
            return given
    raise argparse.ArgumentTypeError(
        f"got {text[:40]!r}, expected an accuracy with 2 digits or more, such as .5683, "
        "56.83% or 45,97%"
    )


def positive(text: str) -> Given:
    """Parse a flag's loss or norm with at least one decimal, such as `4.3443`.

    Raises:
        argparse.ArgumentTypeError: it is no such number.
    """
    with suppress(ValueError):
        given, percent = number(text)
        if given.finite and given.value >= 0 and given.digits and not percent:
            return given
    raise argparse.ArgumentTypeError(
        f"got {text[:40]!r}, expected a number with a decimal point, such as 4.3443"
    )
