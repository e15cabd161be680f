"""Other numbers that can be read off the right training: of another epoch, or another loss."""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from experiments.assignment import Measure

Numbers = dict[Measure, float]


class Losses(NamedTuple):
    """The network's losses of one epoch, in nats, in the order of the steps.

    Attributes:
        before: of each example before its step.
        after_step: of each example after its step, where that was computed.
        after_epoch: the mean over all examples after the epoch, where that was computed.
    """

    before: NDArray[np.float64]
    after_step: NDArray[np.float64] | None = None
    after_epoch: float | None = None


class Watched(NamedTuple):
    """What an epoch of the right training shows.

    Attributes:
        numbers: what the assignment's script prints.
        online: the share predicted rightly while learning, each just before its own step.
        losses: the network's.
        mean_weights: what the mean of the epochs' weights so far shows, after the last epoch.
    """

    numbers: Numbers
    online: float | None = None
    losses: Losses | None = None
    mean_weights: Numbers | None = None


@dataclass
class OnlineCounts:
    """What is counted while learning, not after the epoch; for one epoch.

    Attributes:
        right: whether each example was predicted rightly, just before its own step.
        losses: of the network, each before its step, in nats.
    """

    right: list[bool] = field(default_factory=list)
    losses: list[float] = field(default_factory=list)

    def clear(self) -> None:
        """Begin another epoch."""
        self.right.clear()
        self.losses.clear()


@dataclass(frozen=True)
class ReadOut:
    """Numbers read off the right training.

    Attributes:
        epochs: from what each epoch shows (index 0 is before the first) to what is told of it;
            None where it does not apply.
        loss: the loss that is reported; None where it takes what was not computed.
        last_only: whether it concerns the last epoch of the whole training.
    """

    epochs: Callable[[Sequence[Watched]], list[Numbers] | None] | None = None
    loss: Callable[[Losses], float | None] | None = None
    last_only: bool = False

    def read(self, shown: Sequence[Watched]) -> list[Numbers] | None:
        """Return what is told of each epoch, or None where that does not apply."""
        if self.epochs:
            return self.epochs(shown)
        told = [dict(shown[0].numbers)]
        for epoch in shown[1:]:
            loss = self.loss(epoch.losses) if self.loss and epoch.losses else None
            if loss is None:
                return None
            told.append(epoch.numbers | {"loss": loss})
        return told


def best_epoch(shown: Sequence[Watched]) -> list[Numbers]:
    """Replace the last epoch's numbers by those of the best validation accuracy."""
    best = max(range(1, len(shown)), key=lambda k: (shown[k].numbers["val"], -k))
    return [*_numbers(shown[:-1]), _measured(shown[best])]


def epoch_before(shown: Sequence[Watched]) -> list[Numbers]:
    """Each epoch's numbers replaced by those of the epoch before."""
    return [dict(shown[0].numbers), *map(_measured, shown[:-1])]


def twenty_epochs(shown: Sequence[Watched]) -> list[Numbers] | None:
    """Replace the last epoch's numbers by those of epoch 20."""
    return [*_numbers(shown[:-1]), _measured(shown[20])] if len(shown) > 21 else None


def exchanged(shown: Sequence[Watched]) -> list[Numbers]:
    """Put validation and test accuracy in each other's place."""
    return [n | {"val": n["test"], "test": n["val"]} for n in _numbers(shown)]


def while_learning(shown: Sequence[Watched]) -> list[Numbers] | None:
    """Count the training accuracy before each step."""
    if shown[-1].online is None:
        return None
    return [w.numbers | ({} if w.online is None else {"train": w.online}) for w in shown]


def mean_of_epochs(shown: Sequence[Watched]) -> list[Numbers] | None:
    """Replace the last epoch's numbers by those of the mean of the epochs' weights."""
    mean = shown[-1].mean_weights
    return None if mean is None else [*_numbers(shown[:-1]), mean]


def clamped(eps: float) -> ReadOut:
    """Return the mean of `-log max(p, eps)`."""
    return ReadOut(loss=lambda own: float(np.minimum(own.before, -math.log(eps)).mean()))


def added(eps: float) -> ReadOut:
    """Return the mean of `-log(p + eps)`."""
    return ReadOut(loss=lambda own: float(-np.log(np.exp(-own.before) + eps).mean()))


SUMMED = ReadOut(loss=lambda own: float(own.before.sum()))
LAST_EXAMPLE = ReadOut(loss=lambda own: float(own.before[-1]))
AFTER_THE_EPOCH = ReadOut(loss=lambda own: own.after_epoch)
AFTER_THE_STEP = ReadOut(
    loss=lambda own: None if own.after_step is None else float(own.after_step.mean())
)


def _numbers(shown: Sequence[Watched]) -> list[Numbers]:
    return [dict(epoch.numbers) for epoch in shown]


def _measured(epoch: Watched) -> Numbers:
    kept: tuple[Measure, ...] = ("train", "val", "test", "norm")
    return {name: epoch.numbers[name] for name in kept if name in epoch.numbers}
