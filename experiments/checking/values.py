"""Numbers as a student gives them: with so many digits, as a share or in percent."""

import argparse
import re
from typing import NamedTuple

# What a run may be asked about, in the order of every table.
NAMES = ("train", "val", "test", "norm", "loss", "val_loss")
ACCURACIES = ("train", "val", "test")

_NUMBER = re.compile(r"([0-9]*)\.?([0-9]*)\s*(%?)")
_SLACK = 1e-9  # a number that was rounded right, read back in binary


class Given(NamedTuple):
    """A number and how exactly it is known.

    Attributes:
        value: the number; accuracies as a share.
        digits: how many of its decimals were given.
    """

    value: float
    digits: int

    def agrees(self, other: float) -> bool:
        """Whether `other`, rounded to as many decimals, is this number."""
        return abs(self.value - other) <= self.unit / 2 + _SLACK

    @property
    def unit(self) -> float:
        """The last decimal's worth, `10^-digits`."""
        return 10.0**-self.digits


def share(text: str) -> Given:
    """An accuracy of 2 to 6 digits: `.5683`, `0.5683`, `56.83` or `56.83%`.

    Above 1, or with the sign, it is in percent.

    Raises:
        argparse.ArgumentTypeError: it is no such number.
    """
    found = _NUMBER.fullmatch(text.strip()) if len(text) < 40 else None
    if found:
        whole, decimals, sign = found.groups()
        digits = len(decimals)
        if any(c in "0123456789" for c in whole + decimals):
            value = float(f"{whole or 0}.{decimals or 0}")
            if sign or value > 1:
                value, digits = value / 100, digits + 2
            if 0 <= value <= 1 and 2 <= digits <= 8:
                return Given(value, digits)
    raise argparse.ArgumentTypeError(
        f"got {text[:40]!r}, expected an accuracy with 2 to 6 digits, such as .5683 or 56.83%"
    )


def positive(text: str) -> Given:
    """A loss or a norm with at least one decimal, such as `4.3443`.

    Raises:
        argparse.ArgumentTypeError: it is no such number.
    """
    found = _NUMBER.fullmatch(text.strip()) if len(text) < 40 else None
    if found and found.group(1) and 1 <= len(found.group(2)) <= 12 and not found.group(3):
        return Given(float(text), len(found.group(2)))
    raise argparse.ArgumentTypeError(
        f"got {text[:40]!r}, expected a number with a decimal point, such as 4.3443"
    )
