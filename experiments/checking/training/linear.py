r"""A linear model with a change, by the block engine.

The engine steps `V <- decay V + c [x 1]^T` with `x = pixels / 256`. Other features and other biases
need no other engine, only other scores: with `e` what the engine's last column comes to,

    pixels * a / 256:       W x' + b = a^2 (V [x 1] - e) + b      for W = a V on the pixels
    no bias column:         b = 0
    bias not penalised:     b <- b + c  where  e <- decay e + c
"""

from typing import Any, NamedTuple

import numpy as np
from jaxtyping import Float64

from experiments.checking.catalogue.linear_change import (
    Coefficients,
    LinearChange,
    StepSize,
    linear_step,
    logistic,
    perceptron,
)
from experiments.checking.catalogue.readouts import OnlineCounts
from experiments.configs.q1 import Q1Config
from experiments.training.q1.models import make_model
from scratch import logistic_regression
from scratch import perceptron as scratch_perceptron
from scratch.block_sgd import StepCoefficients, block_epoch
from scratch.features import features_with_bias, weights_on_pixels
from scratch.models import LINEAR_BLOCK, Model, Params, frobenius_norm


def linear_model(
    config: Q1Config, change: LinearChange, n_classes: int, counts: OnlineCounts | None = None
) -> Model:
    """Return a linear model whose parameters are the student's weights, `[c, d + 1]`, bias last.

    Args:
        config: what the question asks for.
        change: what is different.
        n_classes: how many classes.
        counts: what is counted while learning.
    """
    if change.averaged:
        return _averaged_model(config, change, n_classes)
    model, factor = make_model(config, n_classes), change.pixel_factor

    def drawn(rng: np.random.RandomState, n_pixels: int) -> Params:
        return rng.normal(0.1, 0.1, (n_classes, n_pixels + 1))

    def epoch_in_blocks(W: Params, pixels: Any, labels: Any, order: Any) -> tuple[Params, None]:
        size = StepSize(config.learning_rate, config.l2_penalty, W.shape[1])
        if not change.in_blocks(config.l2_penalty):
            for k in order.tolist() if change.applied else ():
                W = step_weights(config, change, W, pixels[k], int(labels[k]))
            return W, None
        rate = change.rate(size.rate, size.n_features)
        decay = change.decay(rate, size)
        own = _step_coefficients(config, change, rate, labels.tolist(), n_classes)

        def coefficients_of(example: int, s: Float64[np.ndarray, "c"]) -> Any:
            if counts:
                counts.right.append(bool(s.argmax() == labels[example]))
            return own(example, decay * s if change.decay_first else s)

        if factor == 1.0 and change.bias == "column":
            return block_epoch(W, pixels, order, coefficients_of, LINEAR_BLOCK, decay), None
        return _own_bias_epoch(W, pixels, order, coefficients_of, change, decay), None

    def scores(W: Params, x: Float64[np.ndarray, "k d"]) -> Float64[np.ndarray, "k c"]:
        return x[:, :-1] @ W[:, :-1].T * factor + W[:, -1]

    return model._replace(
        initial=drawn if change.drawn else model.initial,
        epoch_in_blocks=epoch_in_blocks,
        scores=model.scores if factor == 1.0 else scores,
    )


def own_coefficients(config: Q1Config) -> Coefficients:
    """Return the coefficients of the assignment's own step."""
    return perceptron if config.model == "perceptron" else logistic


def step_weights(
    config: Q1Config, change: LinearChange, W: Params, pixels: Any, label: int
) -> Float64[np.ndarray, "c d"]:
    """Return the weights after one example of uint8 pixels."""
    x = features_with_bias(pixels)
    x[:-1] *= change.pixel_factor
    x[-1] = 0.0 if change.bias == "none" else 1.0
    size = StepSize(config.learning_rate, config.l2_penalty, len(x))
    return linear_step(change, own_coefficients(config), W, x, label, size)


def _step_coefficients(
    config: Q1Config, change: LinearChange, rate: float, labels: list[int], n_classes: int
) -> StepCoefficients:
    """Return the coefficients for the engine; `scratch` has the model's own, and faster."""
    if change.coefficients is None and not change.only_mistakes:
        if config.model == "perceptron":
            return scratch_perceptron.step_coefficients(labels, n_classes)
        return logistic_regression.step_coefficients(labels, rate)
    changed = change.coefficients or own_coefficients(config)

    def coefficients_of(example: int, s: Float64[np.ndarray, "c"]) -> list[float]:
        if change.only_mistakes and int(s.argmax()) == labels[example]:
            return [0.0] * len(s)
        return changed(s.tolist(), labels[example], rate)

    return coefficients_of


def _own_bias_epoch(
    W: Params,
    pixels: Any,
    order: Any,
    coefficients_of: StepCoefficients,
    change: LinearChange,
    decay: float,
) -> Params:
    """Step weights of other features, or of another bias, which is kept beside the engine."""
    bias, engine = W[:, -1], np.zeros(len(W))
    if change.bias == "none":
        bias = engine
    bias_decay = 1.0 if change.bias == "free" else decay

    def scored(example: int, s: Float64[np.ndarray, "c"]) -> Float64[np.ndarray, "c"]:
        nonlocal bias, engine
        own = change.pixel_factor**2 * (s - engine) + bias
        c = np.asarray(coefficients_of(example, own))
        engine = decay * engine + c
        if change.bias != "none":
            bias = bias_decay * bias + c
        return c

    V = np.column_stack([W[:, :-1] / change.pixel_factor, engine])
    V = block_epoch(V, pixels, order, scored, LINEAR_BLOCK, decay)
    return np.column_stack([V[:, :-1] * change.pixel_factor, bias])


class _Averaged(NamedTuple):
    """Weights over `late`: `sum_j j c_j x_j^T`, which tells their mean over all steps.

    Attributes:
        rows: `[2 c, d + 1]`.
        steps: how many were taken.
    """

    rows: Float64[np.ndarray, "2c w"]
    steps: int

    @property
    def mean(self) -> Float64[np.ndarray, "c w"]:
        """The mean of the weights after each step, `sum_j (1 - j / t) c_j x_j^T`."""
        weights, late = np.split(self.rows, 2)
        return weights - late / max(self.steps, 1)


def _averaged_model(config: Q1Config, change: LinearChange, n_classes: int) -> Model:
    """Return the mean of the weights over all steps in place of the last ones; for a decay of 1."""

    def epoch_in_blocks(p: _Averaged, pixels: Any, labels: Any, order: Any) -> tuple[Params, None]:
        rate, steps = change.rate(config.learning_rate, p.rows.shape[1]), p.steps
        coefficients_of = _step_coefficients(config, change, rate, labels.tolist(), n_classes)

        def both(example: int, s: Float64[np.ndarray, "2c"]) -> Float64[np.ndarray, "2c"]:
            nonlocal steps
            c = np.asarray(coefficients_of(example, s[:n_classes]))
            steps += 1
            return np.concatenate([c, (steps - 1) * c])

        rows = block_epoch(p.rows, pixels, order, both, LINEAR_BLOCK)
        return _Averaged(rows, steps), None

    return make_model(config, n_classes)._replace(
        initial=lambda _rng, n_pixels: _Averaged(np.zeros((2 * n_classes, n_pixels + 1)), 0),
        epoch_in_blocks=epoch_in_blocks,
        scores=lambda p, x: x @ p.mean.T,
        on_pixels=lambda p: p._replace(rows=weights_on_pixels(p.rows, n_biases=1)),
        weight_norm=lambda p: frobenius_norm(p.mean),
    )
