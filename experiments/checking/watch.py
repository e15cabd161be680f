"""What the loop could report besides what it does: taken while learning, not after the epoch."""

import math
from typing import Any

import numpy as np
from jaxtyping import Float64

from experiments.checking.linear import MakeStepCoefficients
from scratch import mlp
from scratch.block_sgd import StepCoefficients, block_epoch
from scratch.models import MLP_BLOCK, MLP_SHARES, Model, Params, mlp_model

CLAMPS = (1e-15, 1e-12, 1e-10, 1e-9, 1e-8, 1e-7, 1e-6, 1e-5, 1e-4)


class Watch:
    """Counts of one epoch.

    Attributes:
        seen: examples.
        correct: those predicted rightly, each just before its own step.
        losses: of the MLP, each before its step, in nats.
    """

    def __init__(self) -> None:
        self.clear()

    def clear(self) -> None:
        """Begin another epoch."""
        self.seen = self.correct = 0
        self.losses: list[float] = []

    def measures(self) -> dict[str, float]:
        """The share predicted rightly while learning, and mean losses with `p >= eps` enforced."""
        found = {"online": self.correct / self.seen} if self.seen else {}
        if self.losses:
            losses = np.array(self.losses)
            for eps in CLAMPS:
                found[f"clamped {eps:g}"] = float(np.minimum(losses, -math.log(eps)).mean())
            found["summed"] = float(losses.sum())
        return found


def watched(step_coefficients: MakeStepCoefficients, watch: Watch) -> MakeStepCoefficients:
    """The same response, with every prediction counted."""

    def counting(labels: list[int]) -> StepCoefficients:
        coefficients_of = step_coefficients(labels)

        def answer(example: int, s: Float64[np.ndarray, "c"]) -> Any:
            watch.seen += 1
            watch.correct += int(s.argmax()) == labels[example]
            return coefficients_of(example, s)

        return answer

    return counting


class _WatchedTop(mlp.OutputLayer):
    """The network above the first layer, with every loss kept."""

    def __init__(self, params: mlp.MLPParams, labels: list[int], rate: float, watch: Watch) -> None:
        super().__init__(params, labels, rate)
        self._watch = watch

    def __call__(self, example: int, z: Float64[np.ndarray, "h"]) -> Float64[np.ndarray, "h"]:
        before = self.total_loss
        answer = super().__call__(example, z)
        self._watch.losses.append(self.total_loss - before)
        return answer


def watched_mlp(n_classes: int, n_hidden: int, rate: float, watch: Watch) -> Model:
    """`scratch.models.mlp_model`, its iterates and digits, with every loss kept."""

    def epoch_in_blocks(
        p: mlp.MLPParams, pixels: Any, labels: Any, order: Any
    ) -> tuple[Params, float]:
        top = _WatchedTop(p, labels.tolist(), rate, watch)
        bottom = np.column_stack([p.W1, p.b1])
        bottom = block_epoch(bottom, pixels, order, top, MLP_BLOCK, shares=MLP_SHARES)
        stepped = mlp.MLPParams(bottom[:, :-1].copy(), bottom[:, -1].copy(), top.W2, top.b2)
        return stepped, top.total_loss / len(order)

    return mlp_model(n_classes, n_hidden, rate)._replace(epoch_in_blocks=epoch_in_blocks)
