"""The three models of question 1 behind one form: start, an epoch either way, scores.

A model is a record of pure functions with its hyperparameters bound. An epoch takes parameters and
an order of examples and returns parameters; `epoch_per_example` takes the textbook's step one
example at a time, `epoch_in_blocks` computes the same iterates with the block engine.
"""

from collections.abc import Callable
from functools import partial
from typing import Any, NamedTuple

import numpy as np
from jaxtyping import Float64, Int, UInt8

from scratch import logistic_regression, mlp, perceptron
from scratch.block_sgd import StepCoefficients, block_epoch
from scratch.features import features, features_with_bias, weights_on_pixels

# The linear models' parameters are one array `[c, d + 1]`, the MLP's an `MLPParams`.
Params = Any
# (params, pixels [n, d], labels [n], order [n]) -> params, mean loss in nats or None
Epoch = Callable[
    [Params, UInt8[np.ndarray, "n d"], Int[np.ndarray, "n"], Int[np.ndarray, "m"]],
    tuple[Params, float | None],
]

# Examples per block, where the measured time per epoch is smallest; docs/engine.md has the curve.
LINEAR_BLOCK = 13
MLP_BLOCK = 96
# The features are cut in four for any number of threads: the same cut, the same digits.
MLP_SHARES = 4
# The same for evaluations: few classes want the small-matrix kernel, many hidden units long rows.
LINEAR_CHUNK = 24
MLP_CHUNK = 192


class Model(NamedTuple):
    """One model with its hyperparameters bound.

    Attributes:
        initial: from the run's generator and the number of pixels to the first parameters.
        epoch_per_example: one epoch, the textbook's step for each example.
        epoch_in_blocks: one epoch, the same iterates by the block engine.
        scores: class scores `[k, c]` of features `[k, d]`.
        on_pixels: from parameters to those with which `scores` takes pixels for features.
        bias_column: whether features end in a one.
        chunk_size: examples per product in an evaluation; changes the time, not the counts.
        threads: how many share its products; changes the time, not the result.
        weight_norm: the norm that question 1.2c asks for, or None for the MLP.
    """

    initial: Callable[[np.random.RandomState, int], Params]
    epoch_per_example: Epoch
    epoch_in_blocks: Epoch
    scores: Callable[[Params, Float64[np.ndarray, "k d"]], Float64[np.ndarray, "k c"]]
    on_pixels: Callable[[Params], Params]
    bias_column: bool
    chunk_size: int
    threads: int
    weight_norm: Callable[[Params], float] | None


def frobenius_norm(weights: Float64[np.ndarray, "c d"]) -> float:
    """Return the weight norm of question 1.2c, `sqrt(sum_ij W_ij^2)`, bias included."""
    return float(np.linalg.norm(weights))


def _linear_model(
    step: Callable[[Params, Float64[np.ndarray, "d"], int], Params],
    step_coefficients: Callable[[list[int]], StepCoefficients],
    decay: float,
    n_classes: int,
    block_size: int,
) -> Model:
    def epoch_per_example(W: Params, pixels: Any, labels: Any, order: Any) -> tuple[Params, None]:
        for i in order.tolist():
            W = step(W, features_with_bias(pixels[i]), int(labels[i]))
        return W, None

    def epoch_in_blocks(W: Params, pixels: Any, labels: Any, order: Any) -> tuple[Params, None]:
        return block_epoch(
            W, pixels, order, step_coefficients(labels.tolist()), block_size, decay
        ), None

    return Model(
        initial=lambda _rng, n_pixels: perceptron.initial(n_pixels + 1, n_classes),
        epoch_per_example=epoch_per_example,
        epoch_in_blocks=epoch_in_blocks,
        scores=perceptron.scores,
        on_pixels=partial(weights_on_pixels, n_biases=1),
        bias_column=True,
        chunk_size=LINEAR_CHUNK,
        threads=1,  # its products are too small to share, an evaluation's too
        weight_norm=frobenius_norm,
    )


def perceptron_model(n_classes: int, block_size: int = LINEAR_BLOCK) -> Model:
    """Question 1.1: the multi-class perceptron."""
    return _linear_model(
        perceptron.update,
        lambda labels: perceptron.step_coefficients(labels, n_classes),
        1.0,
        n_classes,
        block_size,
    )


def logistic_regression_model(
    n_classes: int, learning_rate: float, l2_penalty: float, block_size: int = LINEAR_BLOCK
) -> Model:
    """Question 1.2: logistic regression, L2 penalty included."""
    return _linear_model(
        lambda W, x, y: logistic_regression.update(W, x, y, learning_rate, l2_penalty),
        lambda labels: logistic_regression.step_coefficients(labels, learning_rate),
        1.0 - learning_rate * l2_penalty,
        n_classes,
        block_size,
    )


def mlp_model(
    n_classes: int,
    n_hidden: int,
    learning_rate: float,
    block_size: int = MLP_BLOCK,
    threads: int = 1,
) -> Model:
    """Question 1.3: one hidden layer of rectified units; `threads` share a block's products."""

    def epoch_per_example(
        params: mlp.MLPParams, pixels: Any, labels: Any, order: Any
    ) -> tuple[Params, float]:
        total = 0.0
        for i in order.tolist():
            params, loss = mlp.update(params, features(pixels[i]), int(labels[i]), learning_rate)
            total += loss
        return params, total / len(order)

    def epoch_in_blocks(
        params: mlp.MLPParams, pixels: Any, labels: Any, order: Any
    ) -> tuple[Params, float]:
        top = mlp.OutputLayer(params, labels.tolist(), learning_rate)
        bottom = np.column_stack([params.W1, params.b1])
        bottom = block_epoch(
            bottom, pixels, order, top, block_size, shares=MLP_SHARES, threads=threads
        )
        stepped = mlp.MLPParams(
            bottom[:, :-1].copy(), bottom[:, -1].copy(), top.W2.copy(), top.b2.copy()
        )
        return stepped, top.total_loss / len(order)

    return Model(
        initial=lambda rng, n_pixels: mlp.initial(rng, n_pixels, n_hidden, n_classes),
        epoch_per_example=epoch_per_example,
        epoch_in_blocks=epoch_in_blocks,
        scores=mlp.scores,
        on_pixels=lambda params: params._replace(W1=weights_on_pixels(params.W1)),
        bias_column=False,
        chunk_size=MLP_CHUNK,
        threads=threads,
        weight_norm=None,
    )
