"""How question 2's training may differ, in its configuration or in what that cannot say."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any, Literal

from experiments.configs.q2 import Q2Config

# What the loss is given instead of class scores: a function of `jax.nn`, and of `torch`.
Output = Literal["softmax", "sigmoid", "relu"]
# The deviation of normal first weights, or Flax's default: `lecun_normal`. Biases are 0.
Draw = float | Literal["flax"]
# Where dropout acts: after every hidden layer, also after the output, not after the first layer.
Dropped = Literal["hidden", "output too", "not the first", "in evaluation too"]


@dataclass(frozen=True)
class JaxChange:
    """What is changed about the training.

    Attributes:
        config: what is trained, from what the question asks for.
        output: what becomes of the class scores before the loss.
        pixel_factor: what the features are multiplied by, `pixels / 256` otherwise.
        drop_last: whether a short last batch is left out.
        summed: whether a batch's losses are summed instead of averaged.
        draw: other first parameters than PyTorch's.
        dropped: where dropout acts.
    """

    config: Callable[[Q2Config], Q2Config] = lambda config: config
    output: Output | None = None
    pixel_factor: float = 1.0
    drop_last: bool = False
    summed: bool = False
    draw: Draw | None = None
    dropped: Dropped = "hidden"


def configured(**fields: Any) -> JaxChange:
    """Return a change that a configuration can say."""
    return JaxChange(config=lambda config: replace(config, **fields))


def scaled(field: str, factor: float) -> JaxChange:
    """Return another value of a number of the configuration, so many times as large."""
    return JaxChange(
        config=lambda config: replace(config, **{field: factor * getattr(config, field)})
    )
