"""The training loop of question 1: seed, order of examples, epochs; state in, state out."""

from typing import Any, Literal, NamedTuple

import numpy as np
from jaxtyping import Int, UInt8

from scratch.models import Model, Params

Engine = Literal["block", "definition"]


class TrainState(NamedTuple):
    """All that the next epoch depends on.

    Attributes:
        epoch: how many epochs are done.
        params: the model's parameters.
        order: the order in which the last epoch saw the examples, `[n]`.
        generator: the run's generator, as `RandomState.get_state(legacy=False)` gives it.
    """

    epoch: int
    params: Params
    order: Int[np.ndarray, "n"]
    generator: dict[str, Any]


def start(model: Model, seed: int, n_examples: int, n_pixels: int) -> TrainState:
    """Return the state before the first epoch.

    `RandomState(seed)` draws the stream that `np.random.seed(seed)` gives the assignment's script:
    first the initial weights, where the model has random ones, then a permutation per epoch.
    """
    rng = np.random.RandomState(seed)
    params = model.initial(rng, n_pixels)
    return TrainState(0, params, np.arange(n_examples), rng.get_state(legacy=False))


def next_epoch(
    model: Model,
    state: TrainState,
    pixels: UInt8[np.ndarray, "n d"],
    labels: Int[np.ndarray, "n"],
    engine: Engine = "block",
) -> tuple[TrainState, float | None]:
    """Train one epoch.

    The permutation is applied to the order the epoch before left, as a script that shuffles its
    training set in place does; only the order moves here, not the images.

    Returns:
        The state after the epoch, and its mean training loss in nats, each example's taken before
        its own step (None where the model does not report one).
    """
    rng = np.random.RandomState()
    rng.set_state(state.generator)
    order = state.order[rng.permutation(len(state.order))]
    run = model.epoch_in_blocks if engine == "block" else model.epoch_per_example
    params, loss = run(state.params, pixels, labels, order)
    return TrainState(state.epoch + 1, params, order, rng.get_state(legacy=False)), loss
