"""What else a part's sentences need: which of them are true of its curves and times."""

import math
from collections.abc import Callable, Sequence
from itertools import pairwise
from typing import Literal

from experiments.assignment import PARTS
from experiments.report.configurations import Configuration, mean_series
from experiments.report.curve_shape import (
    DOUBT,
    CurveShape,
    clearly_above,
    first_at_most,
    loss_shape,
)
from experiments.report.differences import loss_gap
from experiments.report.results import Json
from experiments.report.runs_by_part import RunsByPart
from experiments.runs.statistics import welch_difference

Times = Literal["longer", "alike", "shorter", "unclear"]

MUCH_ROUGHER = 1.5
"""A median jump this many times another's is larger by more than the medians' own noise."""
NOTABLE_TIME, ALIKE_TIME = 1.1, 1.25
"""From the first ratio on times differ, up to the second they may be alike."""
ONE_RUN = 1.5
"""By this factor a single run's time may be off on a machine that does other things, too."""
WEIGHT_NORM_EPOCHS = (1, 2, 5, 10, 20, 50, 100, 200)


def findings(runs: RunsByPart, part: str) -> dict[str, Json]:
    """Return what is found of a part whose configurations are all there.

    Raises:
        RunFolderError: a run lacks a series that others of its kind have.
    """
    asked, found = PARTS[part], runs.configurations[part]
    if asked.beside:
        return weight_norms(runs, part) if found and runs.configurations[asked.beside] else {}
    make = _MAKE.get(asked.varied)
    return make(runs, part, found) if make and len(found) == len(asked.values) else {}


def weight_norms(runs: RunsByPart, part: str) -> dict[str, Json]:
    """Return the first seed's norms after some epochs, and how much they grow at the end.

    Nothing where one is 0 or not finite at the end.
    """
    names = (PARTS[part].beside, part)
    by_epoch = [runs.runs(name)[0].series("weight_norm") for name in names]
    series = [[norm for norm in norms if norm is not None] for norms in by_epoch]
    if not all(norms[-1] for norms in by_epoch):
        return {}
    last = min(map(len, series))
    epochs = [epoch for epoch in WEIGHT_NORM_EPOCHS if epoch < last] + [last]
    return {
        "epochs": [*epochs],
        "norms": [[values[epoch - 1] for epoch in epochs] for values in series],
        "growths": [values[-1] / values[int(0.9 * len(values)) - 1] - 1 for values in series],
    }


def rates(_runs: RunsByPart, _part: str, found: Sequence[Configuration]) -> dict[str, Json]:
    """Return how the validation losses differ by learning rate, the smallest first."""
    curves = [entry.val_loss for entry in found]
    jumps = [entry.val_loss_first.jump if entry.val_loss_first else None for entry in found]
    slow, *_, fast = curves
    lowest = min((curve.last for curve in curves if curve), default=math.nan)
    return {
        "best": best(found),
        "compared": all(curves),
        "rougher": all(a and b and b > MUCH_ROUGHER * a for a, b in pairwise(jumps))
        and bool(found[-1].val_loss_first and found[-1].val_loss_first.restless),
        "slow_behind": bool(slow and slow.trend == "falling" and slow.last > 1.01 * lowest),
        "fast_high": bool(fast and _stays_high(fast, lowest))
        and _train_loss(found[-1]) > 1.01 * min(map(_train_loss, found)),
    }


def batches(_runs: RunsByPart, _part: str, found: Sequence[Configuration]) -> dict[str, Json]:
    """Return how many times longer the small batches take, and whether the large still learn."""
    small, large = found
    one, other = small.seconds, large.seconds
    return {
        "time_ratio": one.mean / other.mean if one.mean and other.mean else None,
        "time": times(one.finite, other.finite),
        "still_falls": bool(large.val_loss and large.val_loss.trend == "falling"),
    }


def dropouts(runs: RunsByPart, part: str, found: Sequence[Configuration]) -> dict[str, Json]:
    """Return the gaps between the losses, and whose validation loss has turned upwards.

    That is overfitting where all their train losses have come down meanwhile.
    """
    turned = [entry for entry in found if entry.val_loss and entry.val_loss.past_best]
    return {
        "best": best(found),
        "gaps": [loss_gap(entry).mean for entry in found],
        "turned": [entry in turned for entry in found],
        "overfits": all(
            _still_learns(mean_series(runs.runs(part, entry.value), "loss"), entry.val_loss)
            for entry in turned
        ),
    }


def _still_learns(train_losses: Sequence[float | None], val_loss: CurveShape | None) -> bool:
    """Return whether the train loss has come down since the validation loss was lowest."""
    train = loss_shape(train_losses)
    if train is None or val_loss is None:
        return False
    return clearly_above(train_losses, val_loss.best_epoch, train.last)


def momenta(runs: RunsByPart, part: str, found: Sequence[Configuration]) -> dict[str, Json]:
    """Return after how many epochs momentum reaches the loss that training without it ends with."""
    without, heavy = found
    curve = without.val_loss
    if curve is None:
        return {"target": None, "never": False, "sooner": False, "still_falls": False}
    slow, fast = (
        mean_series(runs.runs(part, entry.value), "val", "loss") for entry in (without, heavy)
    )
    reached, without_it = (first_at_most(series, curve.last) for series in (fast, slow))
    return {
        "target": curve.last,
        "reached": reached,
        "without": without_it,
        "never": reached is None and clearly_above(fast, len(fast), curve.last),
        # Curves that have both converged are at the same loss from some lucky epoch on.
        "sooner": reached is not None
        and (without_it or 0) > reached
        and clearly_above(slow, reached, curve.last),
        "still_falls": curve.trend == "falling",
    }


def times(first: Sequence[float], second: Sequence[float]) -> Times:
    """Say how the seconds of two configurations' runs compare, whatever else the machine did.

    By the ratio of their geometric means, with Welch's interval of its logarithm.
    """
    if not first or not second or min(*first, *second) <= 0:
        return "unclear"
    one, other = ([math.log(seconds) for seconds in runs] for runs in (first, second))
    between = welch_difference(one, other, 1 - DOUBT)
    several = min(len(one), len(other)) > 1
    reach = between.half_width if several else math.log(ONE_RUN)
    if abs(between.estimate) > max(reach, math.log(NOTABLE_TIME)):
        return "longer" if between.estimate > 0 else "shorter"
    return "alike" if abs(between.estimate) + reach < math.log(ALIKE_TIME) else "unclear"


def best(found: Sequence[Configuration]) -> list[Json]:
    """Return the positions of the configurations by validation accuracy, diverged ones last."""

    def key(position: int) -> tuple[bool, float]:
        entry = found[position]
        return bool(entry.diverged), -(entry.accuracy["val"].mean or 0.0)

    return [*sorted(range(len(found)), key=key)]


def _stays_high(curve: CurveShape, lowest: float) -> bool:
    """Whether a loss is above the others' by more than it jumps, and does not come down."""
    return curve.trend != "falling" and curve.last - curve.jump > 1.01 * lowest


def _train_loss(found: Configuration) -> float:
    mean = found.loss["train"].mean
    return math.inf if mean is None else mean


_MAKE: dict[str, Callable[[RunsByPart, str, Sequence[Configuration]], dict[str, Json]]] = {
    "learning_rate": rates,
    "batch_size": batches,
    "dropout": dropouts,
    "momentum": momenta,
}
