"""Ranges of numbers, checked alike where a flag is parsed and where a config is made."""

import argparse
import math
from dataclasses import dataclass


@dataclass(frozen=True)
class Range:
    """A finite number, whole or not, between two bounds.

    Attributes:
        low: the smallest value, itself excluded if `above_low`.
        high: the largest value, itself excluded if `below_high`; infinity for no bound.
        whole: whether only whole numbers are allowed.
        above_low: exclude `low` itself.
        below_high: exclude `high` itself.
    """

    low: float
    high: float = math.inf
    whole: bool = False
    above_low: bool = False
    below_high: bool = False

    @property
    def expected(self) -> str:
        """The range in words, for error messages."""
        kind = "a whole number" if self.whole else "a finite number"
        low = f"{'above' if self.above_low else 'from'} {self.low:.15g}"
        if math.isinf(self.high):
            return f"{kind} {low}" + ("" if self.above_low else " up")
        return f"{kind} {low} {'and below' if self.below_high else 'to'} {self.high:.15g}"

    def holds(self, value: float) -> bool:
        """Whether `value` is a finite number of this range."""
        if isinstance(value, bool) or not isinstance(value, int if self.whole else (int, float)):
            return False
        return (
            (isinstance(value, int) or math.isfinite(value))  # a long int fits no float
            and (value > self.low if self.above_low else value >= self.low)
            and (value < self.high if self.below_high else value <= self.high)
        )

    def check(self, name: str, value: float) -> None:
        """Raise a `ValueError` naming `name`, the value and the expectation if out of range."""
        if not self.holds(value):
            raise ValueError(f"{name}: got {value!r:.40}, expected {self.expected}")

    def __call__(self, text: str) -> int | float:
        """Parse `text` as argparse's `type=` does."""
        try:
            value: int | float = int(text) if self.whole else float(text)
        except ValueError:
            value = math.nan
        if not self.holds(value):
            raise argparse.ArgumentTypeError(f"got {text[:40]!r}, expected {self.expected}")
        return value


EPOCHS = Range(1, 1_000_000, whole=True)
SIZE = Range(1, 100_000, whole=True)
RATE = Range(0, above_low=True)
PENALTY = Range(0)
FRACTION = Range(0, 1, below_high=True)
SEED = Range(0, 2**32 - 1, whole=True)
SEEDS = Range(1, 10_000, whole=True)
