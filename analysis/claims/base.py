"""What a claim is, what it is tried on, and how the worst of many cases is kept."""

import math
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum

import numpy as np

from analysis.checks import count, positive


class Source(Enum):
    """Where a claim's tolerance comes from."""

    ALGEBRA = "integers or symbols: nothing is rounded, nothing may remain"
    ROUNDING = "a bound on float64's rounding: eps = 2^-52 times the number of operations"
    PROMISE = "recover_theta's promise, 64 (D + 1) eps, or --eps; the error is exact"
    THEOREM = "proved in docs/question3.md; the slack is rounding"
    MODEL = "leading order: one decimal digit either side of the prediction"


@dataclass(frozen=True)
class Settings:
    """What the claims are tried on; equal settings give equal cases.

    Attributes:
        dims: the numbers of inputs D.
        hidden: the numbers of hidden units K, at every D; empty for each claim's own choice.
        trials: random draws per kind of case.
        seed: of the random numbers.
        eps: the largest accepted relative error of a recovered network; None for its promise.
    """

    dims: tuple[int, ...] = (1, 2, 5, 10, 20)
    hidden: tuple[int, ...] = ()
    trials: int = 3
    seed: int = 0
    eps: float | None = None

    def __post_init__(self) -> None:
        if not self.dims:
            raise ValueError("dims is empty: expected one number of inputs or more")
        for name, values in (("dims", self.dims), ("hidden", self.hidden)):
            for value in values:
                count(name, value)
        count("trials", self.trials)
        if isinstance(self.seed, bool) or not isinstance(self.seed, int) or self.seed < 0:
            raise ValueError(f"seed = {self.seed!r}: expected a whole number of at least 0")
        if self.eps is not None:
            positive("eps", self.eps)

    def rng(self, name: str) -> np.random.Generator:
        """Make the claim `name` a generator of its own, whatever ran before it."""
        return np.random.default_rng([self.seed, zlib.crc32(name.encode())])

    def units(self, *own: int) -> list[int]:
        """Return the numbers of hidden units to try: `hidden` or else the claim's own."""
        return sorted({max(K, 1) for K in (self.hidden or own)})


@dataclass(frozen=True)
class Claim:
    """A claim after its trial.

    Attributes:
        question: the part of the assignment it belongs to, such as "3.1".
        name: what it is called in `verify.json` and in tests.
        statement: what is claimed, 44 characters at most.
        cases: how many cases were tried.
        worst: the worst residual among them.
        tolerance: what `worst` is held against, in the same case.
        source: where the tolerance comes from.
        at_least: the claim holds where `worst` is not below the tolerance, rather than not above.
    """

    question: str
    name: str
    statement: str
    cases: int
    worst: float
    tolerance: float
    source: Source
    at_least: bool = False

    @property
    def holds(self) -> bool:
        """Return whether the worst case kept to the tolerance: without a case yes, for NaN no."""
        if self.at_least:
            return self.worst >= self.tolerance
        return self.worst <= self.tolerance


ClaimFunction = Callable[[Settings], Claim]


class WorstCase:
    """The worst of many residuals, each against a tolerance of its own.

    The worst one is nearest to its tolerance or farthest beyond it; not-a-number is the worst of
    all.
    """

    def __init__(self, *, at_least: bool = False) -> None:
        self.at_least = at_least
        self.cases = 0
        self.residual = math.inf if at_least else 0.0
        self.tolerance = 0.0
        self._ratio = -math.inf

    def add(self, residual: float | int, tolerance: float | int) -> None:
        """Count one case."""
        residual, tolerance = float(residual), float(tolerance)
        over, under = (tolerance, residual) if self.at_least else (residual, tolerance)
        ratio = over / under if under > 0 else (math.inf if over > 0 else 0.0)
        if math.isnan(residual):
            ratio = math.inf
        self.cases += 1
        if ratio > self._ratio:
            self._ratio, self.residual, self.tolerance = ratio, residual, tolerance

    def claim(self, question: str, name: str, statement: str, source: Source) -> Claim:
        """Return the claim that all cases kept to their tolerance."""
        return Claim(
            question,
            name,
            statement,
            self.cases,
            self.residual,
            self.tolerance,
            source,
            self.at_least,
        )
