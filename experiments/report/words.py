"""Numbers as a report writes them, and what may be said about a difference of two means."""

import math
import statistics
from collections.abc import Sequence
from typing import NamedTuple

from experiments.report.results import Measured

CLEAR = 2.0
"""Standard deviations of the difference of two means from which on an order is called clear."""


class Gap(NamedTuple):
    """How far one mean is above another.

    Attributes:
        difference: first minus second.
        sd: the standard deviation of the difference of means, `sqrt(s1^2 / n1 + s2^2 / n2)`; None
            where one of them has a single seed.
    """

    difference: float
    sd: float | None

    @property
    def ratio(self) -> float | None:
        """The difference in standard deviations, without sign; None where there is none."""
        if self.sd is None:
            return None
        return abs(self.difference) / self.sd if self.sd else math.inf

    @property
    def clear(self) -> bool:
        """Whether seeds have shown that the order is no luck."""
        return self.ratio is not None and self.ratio >= CLEAR


def measured(values: Sequence[float | None]) -> Measured:
    """Mean and sample standard deviation of what is finite; None where there is too little."""
    finite = [float(value) for value in values if value is not None]
    return {
        "mean": statistics.mean(finite) if finite else None,
        "sd": statistics.stdev(finite) if len(finite) > 1 else None,
        "n": len(finite),
    }


def gap(first: Measured, second: Measured) -> Gap:
    """How far `first` is above `second`; both have a mean."""
    if first["mean"] is None or second["mean"] is None:
        return Gap(math.nan, None)
    if first["sd"] is None or second["sd"] is None:
        return Gap(first["mean"] - second["mean"], None)
    variance = first["sd"] ** 2 / first["n"] + second["sd"] ** 2 / second["n"]
    return Gap(first["mean"] - second["mean"], math.sqrt(variance))


def spread(value: Measured, digits: int = 3) -> str:
    """`0.458 ± 0.021 (n = 5)`; of one seed `0.4570`."""
    if value["mean"] is None:
        return "not finite"
    if value["sd"] is None:
        return f"{value['mean']:.{digits + 1}f}"
    return f"{value['mean']:.{digits}f} ± {value['sd']:.{digits}f} (n = {value['n']})"


def short(value: Measured, digits: int = 3) -> str:
    """`0.458 ± 0.021`, where the table says over how many seeds."""
    return spread(value, digits).split(" (n")[0]


def by_how_much(gap: Gap) -> str:
    """The size of a difference, and over seeds what it is worth: `by 0.012, 0.8 standard ...`."""
    size = f"by {abs(gap.difference):.3f}"
    if gap.ratio is None:
        return size
    times = "many" if math.isinf(gap.ratio) else f"{gap.ratio:.1f}"
    return f"{size}, {times} standard deviations of the difference of means"


def verdict_on_order(gap: Gap) -> str:
    """Whether the order of two means is settled, as a clause."""
    if gap.ratio is None:
        return "one seed each does not tell how much of it is luck"
    if gap.clear:
        return "more than seeds explain"
    return "no more than seeds explain"


def share(value: float) -> str:
    """An accuracy with four digits."""
    return f"{value:.4f}"


def percent(value: float) -> str:
    """A share as per cent: one digit behind the point, all of them where almost nothing is left."""
    return f"{100 * value:.1f} %" if value >= 0.001 or value == 0 else f"{100 * value:.2g} %"


def power(value: float) -> str:
    """A small number as inline mathematics, such as `$3.0 dot 10^(-16)$`."""
    if value == 0:
        return "0"
    exponent = math.floor(math.log10(abs(value)))
    if -3 <= exponent < 4:
        return f"{value:.3g}"
    return f"${value / 10**exponent:.1f} dot 10^({exponent})$"


def setting(value: object) -> str:
    """A hyperparameter's value, as in the assignment."""
    if isinstance(value, float) and 0 < value < 1e-4:
        return f"{value:.5f}"
    return f"{value:.15g}" if isinstance(value, float) else str(value)


def listed(items: Sequence[str]) -> str:
    """`a`, `a and b`, `a, b and c`."""
    if len(items) < 2:
        return "".join(items)
    return f"{', '.join(items[:-1])} and {items[-1]}"


def plain(text: object) -> str:
    """A name from outside, without what the report's text takes for code or mathematics."""
    return str(text).replace("`", "'").replace("$", "")
