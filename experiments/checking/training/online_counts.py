"""What a program could report besides what it does: counted while learning, not after the epoch."""

from collections.abc import Callable
from typing import Any

import numpy as np
from jaxtyping import Float64

from experiments.checking.catalogue.readouts import Losses
from scratch.block_sgd import StepCoefficients


class OnlineCounts:
    """Counts of one epoch.

    Attributes:
        seen: examples.
        correct: those predicted rightly, each just before its own step.
        losses: of the network, each before its step, in nats.
    """

    def __init__(self) -> None:
        self.clear()

    def clear(self) -> None:
        """Begin another epoch."""
        self.seen = self.correct = 0
        self.losses: list[float] = []

    @property
    def online(self) -> float | None:
        """The share predicted rightly while learning, None for a network."""
        return self.correct / self.seen if self.seen else None

    def all_losses(self, after_epoch: Callable[[], float]) -> Losses | None:
        """Return the network's losses, None for a linear model."""
        return Losses(np.array(self.losses), None, after_epoch()) if self.losses else None

    def counting(self, coefficients_of: StepCoefficients, labels: list[int]) -> StepCoefficients:
        """Return the same coefficients, with every prediction counted."""

        def counted(example: int, s: Float64[np.ndarray, "c"]) -> Any:
            self.seen += 1
            self.correct += int(s.argmax()) == labels[example]
            return coefficients_of(example, s)

        return counted
