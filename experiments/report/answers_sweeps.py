"""What is said of question 2's sweeps. The numbers decide which sentence is said."""

import itertools
import math
from collections.abc import Sequence
from typing import Any

from experiments.assignment import PARTS
from experiments.report.curves import Course, course, first_below
from experiments.report.parts import Group, found
from experiments.report.results import Measured
from experiments.report.words import by_how_much, gap, listed, setting, short, verdict_on_order

Groups = Sequence[tuple[Any, Group]]
FLAT = 0.005
"""Nats by which a loss may move over a tenth of the epochs, or two of them differ, unspoken of."""


def best_by_validation(groups: Groups) -> list[tuple[Any, Group]]:
    """The configurations by mean validation accuracy, best first; diverged ones last."""
    return sorted(groups, key=lambda g: (bool(g[1].diverged), -_mean(g[1].accuracy("val"))))


def chosen(groups: Groups, part: str) -> list[str]:
    """The choice by validation accuracy, how close the next one is, and the test accuracy."""
    name = PARTS[part].varied_words
    (value, best), (second_value, second), *_ = best_by_validation(groups)
    distance = gap(best.accuracy("val"), second.accuracy("val"))
    seeds = f"seed {best.seeds[0]}" if len(best.runs) == 1 else f"{len(best.runs)} seeds"
    text = (
        f"Best by validation accuracy is {name} {setting(value)}: "
        f"{short(best.accuracy('val'))} ({seeds}); its test accuracy is "
        f"{short(best.accuracy('test'))}."
    )
    if distance.difference == 0:
        return [f"{text} {name.capitalize()} {setting(second_value)} has the same."]
    return [
        f"{text} Next is {setting(second_value)} with {short(second.accuracy('val'))}, behind "
        f"{by_how_much(distance)}: {verdict_on_order(distance)}."
    ]


def rate_answer(groups: Groups) -> list[str]:
    """2.1: what each rate's validation loss does, and what that has to do with the rate."""
    sentences = [_rate_sentence(value, group) for value, group in groups]
    courses = [course(group.mean_series("val", "loss"), largest=False) for _, group in groups]
    closing = _rates_compared(groups, courses)
    return [" ".join(sentences), *([closing] if closing else [])]


def batch_answer(small: Group, large: Group) -> list[str]:
    """2.2a: accuracy, then the number of updates, then time."""
    n = int(found(small.first, "final", "train", "total"))
    sizes = [int(group.first.setting("batch_size")) for group in (small, large)]
    updates = [math.ceil(n / size) for size in sizes]
    text = _pair_accuracies(small, large, f"batches of {sizes[0]}", f"batches of {sizes[1]}")
    losses = [group.over_seeds("final", "train", "loss") for group in (small, large)]
    reason = (
        f"An epoch has {updates[0]} updates in batches of {sizes[0]} and {updates[1]} in batches "
        f"of {sizes[1]}, of the same rate and of gradients that are the same on average. "
    )
    late = course(large.mean_series("val", "loss"), largest=False)
    if _mean(losses[0]) < _mean(losses[1]):
        reason += (
            f"So the small batches are further down after as many epochs: train loss "
            f"{short(losses[0])} against {short(losses[1])}."
        )
        if late and late.late_change < -FLAT:
            reason += (
                f" The large ones' validation loss still falls, by {-late.late_change:.3f} over "
                "the last tenth of the epochs: they have not converged."
            )
    else:
        reason += (
            f"Yet the train loss is {short(losses[0])} against {short(losses[1])}: here more "
            "updates did not lead further down."
        )
    return [text, reason, *_times(small, large, sizes, updates)]


def dropout_answer(groups: Groups) -> list[str]:
    """2.2b: the gap between the losses by dropout, and what accuracy makes of it."""
    gaps = [
        _mean(g.over_seeds("final", "val", "loss")) - _mean(g.over_seeds("final", "train", "loss"))
        for _, g in groups
    ]
    values = [setting(value) for value, _ in groups]
    text = (
        f"Validation loss less train loss (both without dropout, final weights) is "
        f"{listed([f'{d:.3f}' for d in gaps])} nats for dropout {listed(values)}"
    )
    if all(a - b > FLAT for a, b in itertools.pairwise(gaps)):
        text += (
            ": the more is dropped, the less the network fits what is peculiar to its training "
            "images."
        )
    else:
        text += ": the gap does not shrink with each step of dropout here."
    rising = []
    for value, group in groups:
        seen = course(group.mean_series("val", "loss"), largest=False)
        if seen and seen.last - seen.best > 4 * FLAT:
            rising.append(
                f"with {setting(value)} it was lowest around epoch {seen.best_epoch}, "
                f"{seen.best:.3f}, and ended at {seen.last:.3f}"
            )
    overfit = (
        f"Validation loss turns upwards, the mark of overfitting: {'; '.join(rising)}."
        if rising
        else "No configuration's validation loss has turned upwards by the end."
    )
    return [text, overfit, *_dropouts_compared(groups)]


def momentum_answer(without: Group, heavy: Group) -> list[str]:
    """2.2c: accuracy, and how much earlier the same loss is reached."""
    values = [setting(group.first.setting("momentum")) for group in (without, heavy)]
    text = _pair_accuracies(heavy, without, f"momentum {values[1]}", f"momentum {values[0]}")
    target = without.mean_series("val", "loss")[-1]
    n = len(without.first.epochs)
    epoch = first_below(heavy.mean_series("val", "loss"), target) if target is not None else None
    if epoch is None or target is None:
        speed = (
            f"With momentum {values[1]} the validation loss never comes down to where it ends "
            "without: here it does not speed training up."
        )
    else:
        speed = (
            f"The validation loss that momentum {values[0]} ends with after {n} epochs, "
            f"{target:.3f}, is reached after {epoch} with momentum {values[1]}, "
            f"{n / epoch:.1f} times sooner; a gradient that stays the same would be followed "
            f"{1 / (1 - float(heavy.first.setting('momentum'))):.0f} times as far."
        )
    late = course(without.mean_series("val", "loss"), largest=False)
    if late and late.late_change < -FLAT:
        speed += (
            f" Without momentum the loss still falls at the end, by {-late.late_change:.3f} over "
            "the last tenth of the epochs: it is behind, not at another minimum."
        )
    return [text, speed]


def _mean(value: Measured) -> float:
    return math.inf if value["mean"] is None else value["mean"]


def _pair_accuracies(first: Group, second: Group, name: str, other: str) -> str:
    words = []
    for split, word in (("val", "validation"), ("test", "test")):
        distance = gap(first.accuracy(split), second.accuracy(split))
        direction = "above" if distance.difference > 0 else "below"
        words.append(
            f"{word} accuracy is {short(first.accuracy(split))}, {direction} the "
            f"{short(second.accuracy(split))} with {other} {by_how_much(distance)} "
            f"({verdict_on_order(distance)})"
        )
    return f"With {name}, {words[0]}; {words[1]}."


def _times(small: Group, large: Group, sizes: list[int], updates: list[int]) -> list[str]:
    seconds = [group.over_seeds("seconds") for group in (small, large)]
    ratio = _mean(seconds[0]) / _mean(seconds[1])
    text = (
        f"A run takes {short(seconds[0], 0 if _mean(seconds[0]) > 20 else 1)} s in batches of "
        f"{sizes[0]} and {short(seconds[1], 0 if _mean(seconds[1]) > 20 else 1)} s in batches of "
        f"{sizes[1]}, {ratio:.2f} times as long"
    )
    if ratio > 1.1:
        text += (
            f", for {updates[0] / updates[1]:.1f} times as many updates: every epoch multiplies "
            "the same number of images, but each update rewrites all weights, and small products "
            "use a processor less well."
        )
    elif ratio > 0.9:
        text += ": the images multiplied are the same, and here the updates cost little beside."
    else:
        text += (
            f", although there are {updates[0] / updates[1]:.1f} times as many updates: the "
            "images multiplied are the same, and compilation and whatever else the machine was "
            "doing have outweighed the rest."
        )
    return [text]


def _rate_sentence(value: Any, group: Group) -> str:
    curve = course(group.mean_series("val", "loss"), largest=False)
    end = short(group.over_seeds("final", "val", "loss"))
    if curve is None:
        return f"Rate {setting(value)}: validation loss {end} at the end."
    shape = "moves up and down" if curve.moves > 0.25 else "is smooth"
    if curve.late_change < -FLAT and curve.moves <= 0.25:
        late = f"still falling, by {-curve.late_change:.3f} over the last tenth of the epochs"
    elif curve.late_change > FLAT and curve.last - curve.best > 4 * FLAT:
        late = f"above its lowest, {curve.best:.3f} around epoch {curve.best_epoch}"
    else:
        late = "with no trend left"
    return (
        f"Rate {setting(value)}: the validation loss {shape} (a median of {curve.jump:.4f} nats "
        f"from one epoch to the next in the second half) and ends at {end}, {late}."
    )


def _rates_compared(groups: Groups, courses: list[Course | None]) -> str:
    slow, middle, fast = courses
    if slow is None or middle is None or fast is None:
        return "These are too few epochs to compare the curves further."
    text = []
    if slow.jump < middle.jump < fast.jump:
        text.append(
            "The larger the rate, the rougher the curve: each step moves against one batch's "
            "gradient, whose noise it carries in proportion to the rate."
        )
    if slow.last > middle.last and slow.late_change < 0:
        text.append("The smallest rate is safe and slow: it needs more epochs than these.")
    if fast.last > middle.last:
        text.append(
            "The largest one oversteps: along directions of high curvature a step lands further "
            "up the other side, and the loss stays high however long it runs."
        )
    winner = best_by_validation(groups)[0][0]
    text.append(f"Between speed and stability, {setting(winner)} does best here.")
    return " ".join(text)


def _dropouts_compared(groups: Groups) -> list[str]:
    """Each neighbouring pair, on test, with what seeds say of it."""
    words = []
    for (a, first), (b, second) in itertools.pairwise(groups):
        distance = gap(second.accuracy("test"), first.accuracy("test"))
        direction = "above" if distance.difference > 0 else "below"
        words.append(
            f"dropout {setting(b)} ends {direction} {setting(a)} {by_how_much(distance)} "
            f"({verdict_on_order(distance)})"
        )
    (value, best), (second_value, second), *_ = best_by_validation(groups)
    doubtful = not gap(best.accuracy("val"), second.accuracy("val")).clear
    return [
        f"On test, {'; '.join(words)}.",
        "Dropping more regularises more, but leaves fewer units to learn with at each step. By "
        f"validation accuracy {setting(value)} balances the two best"
        + (
            f", though these runs cannot tell it from {setting(second_value)}." if doubtful else "."
        ),
    ]
