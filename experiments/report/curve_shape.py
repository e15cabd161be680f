"""What a curve over epochs does, told from its numbers with an allowance for their noise.

Nothing is called a rise, a fall or a level that the jumps from epoch to epoch could have made: a
change counts where it exceeds its standard error `t` times, with `t` from Student's distribution
at `DOUBT`. What is neither shown to change nor shown to stay is "unclear".
"""

import itertools
import math
import statistics
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from experiments.runs.statistics import t_quantile

MIN_EPOCHS = 8
"""Fewer epochs than this tell nothing of a curve's shape."""
DOUBT = 1e-4
"""The probability with which noise alone may pass for a change, of one comparison. The best of many
means is compared too: of level curves over 200 epochs whose noise is notable itself and correlated
by a third, 1 in 150 is called falling."""
NOTABLE_ACCURACY = 0.01
"""A change of accuracy below this is not spoken of."""
NOTABLE_LOSS_SHARE = 0.01
"""A change of a loss, or a jump of it, below this share of the loss is not spoken of."""

Trend = Literal["rising", "falling", "level", "unclear"]
Outcome = Literal["overfits", "both fall", "falls", "rises", "level", "unclear"]


@dataclass(frozen=True)
class CurveShape:
    """A curve in a few numbers; `best`, `last` are means over a tenth of the epochs, three or more.

    Attributes:
        best: the best of those means.
        best_epoch: the epoch in the middle of it, from 1.
        last: the mean at the end.
        past_best: whether the end is worse than the best by more than noise, or one epoch, makes.
        trend: over the last third of the epochs.
        late_change: by how much a straight line through the last third changes in a tenth of all
            epochs.
        low: the smallest single value of the second half.
        high: the largest single value of the second half.
        jump: the median size of a step from one epoch to the next in the second half.
        restless: whether such steps are notable and go both ways.
    """

    best: float
    best_epoch: int
    last: float
    past_best: bool
    trend: Trend
    late_change: float
    low: float
    high: float
    jump: float
    restless: bool


def accuracy_shape(values: Sequence[float | None]) -> CurveShape | None:
    """Describe a curve of accuracies; None if it is too short or not finite everywhere."""
    return _shape(values, 1.0, lambda _last: NOTABLE_ACCURACY)


def loss_shape(values: Sequence[float | None]) -> CurveShape | None:
    """Describe a curve of losses, whose best value is the smallest."""
    return _shape(values, -1.0, lambda last: NOTABLE_LOSS_SHARE * abs(last))


def outcome(val: Sequence[float | None], train: Sequence[float | None]) -> Outcome | None:
    """Tell from accuracies by epoch whether a model overfits; None if there are too few epochs.

    "overfits": validation accuracy falls from its best and train accuracy does not; "both fall";
    "falls": validation accuracy does, and noise hides what train accuracy does meanwhile; "rises";
    "level": neither, and noise could not hide a notable change; "unclear" otherwise.
    """
    shape, finite = accuracy_shape(val), [value for value in train if value is not None]
    if shape is None or len(finite) < len(val):
        return None
    if shape.past_best:
        window = _window(len(finite))
        means = _means(finite, window)
        change = means[-1] - means[shape.best_epoch - (window + 1) // 2]
        error = _allowance(finite) * math.sqrt(2 / window)
        if change - error > -NOTABLE_ACCURACY:
            return "overfits"
        return "both fall" if change + error < 0 else "falls"
    if shape.trend == "rising":
        return "rises"
    return "level" if shape.trend == "level" else "unclear"


def first_at_most(values: Sequence[float | None], bound: float) -> int | None:
    """Return the first epoch, from 1, whose mean with its neighbours is at most `bound`."""
    finite = [math.inf if value is None else value for value in values]
    if len(finite) < MIN_EPOCHS:
        return None
    return next((epoch for epoch, mean in enumerate(_means(finite, 3), 2) if mean <= bound), None)


def clearly_above(values: Sequence[float | None], epoch: int, bound: float) -> bool:
    """Return whether the mean over a tenth of the epochs from this one on, or the last, is above.

    Above the bound, which is such a mean too, by a notable share and by more than noise in both;
    never if the values are too few or not finite everywhere.
    """
    finite = [value for value in values if value is not None]
    if len(values) < MIN_EPOCHS or len(finite) < len(values):
        return False
    window = _window(len(finite))
    start = min(epoch - 1, len(finite) - window)
    mean = statistics.fmean(finite[start : start + window])
    error = _allowance(finite) * math.sqrt(2 / window)
    return mean - bound > error + NOTABLE_LOSS_SHARE * bound


def _shape(
    values: Sequence[float | None], sign: float, notable_at: Callable[[float], float]
) -> CurveShape | None:
    finite = [value for value in values if value is not None]
    n = len(values)
    if n < MIN_EPOCHS or len(finite) < n:
        return None
    window, error = _window(n), _allowance(finite)
    means = _means(finite, window)
    last = means[-1]
    notable = notable_at(last)
    best = max(range(len(means)), key=lambda k: sign * means[k])
    drop = sign * (means[best] - last)
    drop_error = error * math.sqrt(2 / window)
    # One epoch far off moves a mean; it does not move a median.
    typical_best, typical_last = (
        statistics.median(finite[k:][:window]) for k in (best, n - window)
    )
    clear_drop = min(drop, sign * (typical_best - typical_last))
    late_change, late_error = _late_change(finite, error)
    trend: Trend = "unclear"
    if abs(late_change) > max(notable / 2, late_error):
        trend = "rising" if late_change > 0 else "falling"
    elif abs(late_change) + late_error < notable and drop + drop_error < 2 * notable:
        trend = "level"
    half = finite[n // 2 :]
    steps = [b - a for a, b in itertools.pairwise(half)]
    ups = sum(step > 0 for step in steps)
    jump = statistics.median(map(abs, steps))
    return CurveShape(
        best=means[best],
        best_epoch=best + (window + 1) // 2,
        last=last,
        past_best=clear_drop > max(notable, drop_error),
        trend=trend,
        late_change=late_change,
        low=min(half),
        high=max(half),
        jump=jump,
        restless=jump >= notable and min(ups, len(steps) - ups) > len(steps) / 4,
    )


def _window(n: int) -> int:
    return max(3, n // 10)


def _means(values: Sequence[float], window: int) -> list[float]:
    """Return the means over every `window` values in a row."""
    found: list[float] = np.convolve(values, np.full(window, 1 / window), "valid").tolist()
    return found


def _allowance(values: Sequence[float]) -> float:
    """Return by how much noise may move a single value: its standard deviation times `t`.

    The deviation comes from second differences of every other value, which are 0 on a straight
    line and have 6 times the variance of the noise; the first third of the epochs, where a curve
    bends, is left out. Neighbours that are correlated by up to a third make means vary up to
    `sqrt(2)` times as much as independent ones would.
    """
    late = np.array(values[len(values) // 3 :])
    bends = late[4:] - 2 * late[2:-2] + late[:-4]
    t = t_quantile(1 - DOUBT, max(1, len(bends) // 2))  # two of them share two values of three
    return t * math.sqrt(2.0 * float(np.mean(bends**2)) / 6.0)


def _late_change(values: Sequence[float], error: float) -> tuple[float, float]:
    """Return the change of the last third's line in a tenth of the epochs, and its error."""
    late = np.array(values[-max(4, len(values) // 3) :])
    epochs = np.arange(len(late)) - (len(late) - 1) / 2
    squares = float(epochs @ epochs)
    tenth = len(values) / 10
    return float(epochs @ late) / squares * tenth, error / math.sqrt(squares) * tenth
