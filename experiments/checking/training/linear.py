r"""A linear model with a change, by the block engine.

The engine steps `V <- decay V + c [x 1]^T` with `x = pixels / 256`. Other features and other biases
need no other engine, only other scores: with `e` what the engine's last column comes to,

    pixels * a / 256:       W x' + b = a^2 (V [x 1] - e) + b      for W = a V on the pixels
    no bias column:         b = 0
    bias not penalised:     b <- b + c  where  e <- decay e + c
"""

from collections.abc import Callable
from functools import partial
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
from scratch import logistic_regression
from scratch import perceptron as scratch_perceptron
from scratch.block_sgd import StepCoefficients, block_epoch
from scratch.features import features_with_bias, weights_on_pixels
from scratch.models import LINEAR_BLOCK, LINEAR_CHUNK, Model, Params, frobenius_norm

# From the labels of the training set to the coefficients of each step.
MakeStepCoefficients = Callable[[list[int]], StepCoefficients]


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
    factor = change.pixel_factor

    def initial(rng: np.random.RandomState, n_pixels: int) -> Params:
        shape = (n_classes, n_pixels + 1)
        return rng.normal(0.1, 0.1, shape) if change.drawn else np.zeros(shape)

    def epoch_in_blocks(W: Params, pixels: Any, labels: Any, order: Any) -> tuple[Params, None]:
        size = StepSize(config.learning_rate, config.l2_penalty, W.shape[1])
        if not change.in_blocks(config.l2_penalty):
            for k in order.tolist() if change.applied else ():
                W = step_weights(config, change, W, pixels[k], int(labels[k]))
            return W, None
        decay = change.decay(change.rate(size.rate, size.n_features), size)
        own = _coefficients(config, change, size, n_classes)(labels.tolist())

        def coefficients_of(example: int, s: Float64[np.ndarray, "c"]) -> Any:
            if counts:
                counts.right.append(bool(s.argmax() == labels[example]))
            return own(example, decay * s if change.decay_first else s)

        if factor == 1.0 and change.bias == "column":
            return block_epoch(W, pixels, order, coefficients_of, LINEAR_BLOCK, decay), None
        biased = _OwnBias(coefficients_of, W[:, -1], change, decay)
        V = W / factor
        V[:, -1] = 0.0
        V = block_epoch(V, pixels, order, biased, LINEAR_BLOCK, decay) * factor
        V[:, -1] = biased.bias
        return V, None

    def scores(W: Params, x: Float64[np.ndarray, "k d"]) -> Float64[np.ndarray, "k c"]:
        if factor == 1.0:
            return x @ W.T
        return x[:, :-1] @ W[:, :-1].T * factor + W[:, -1]

    if change.averaged:
        size = StepSize(config.learning_rate, config.l2_penalty, 0)
        return _averaged_model(n_classes, _coefficients(config, change, size, n_classes))
    on_pixels = partial(weights_on_pixels, n_biases=1)
    return _model(initial, epoch_in_blocks, scores, on_pixels, frobenius_norm)


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


def _coefficients(
    config: Q1Config, change: LinearChange, size: StepSize, n_classes: int
) -> MakeStepCoefficients:
    rate = change.rate(size.rate, size.n_features)
    if change.coefficients is None and not change.only_mistakes:
        if config.model == "perceptron":
            return lambda labels: scratch_perceptron.step_coefficients(labels, n_classes)
        return lambda labels: logistic_regression.step_coefficients(labels, rate)
    changed = change.coefficients or own_coefficients(config)

    def make(labels: list[int]) -> StepCoefficients:
        def coefficients_of(example: int, s: Float64[np.ndarray, "c"]) -> list[float]:
            if change.only_mistakes and int(s.argmax()) == labels[example]:
                return [0.0] * len(s)
            return changed(s.tolist(), labels[example], rate)

        return coefficients_of

    return make


class _OwnBias:
    """A response to the scores that the changed features and bias give; keeps the bias itself.

    Attributes:
        bias: `[c]`.
    """

    def __init__(
        self,
        coefficients_of: StepCoefficients,
        bias: Float64[np.ndarray, "c"],
        change: LinearChange,
        decay: float,
    ) -> None:
        self.bias = np.zeros_like(bias) if change.bias == "none" else bias.copy()
        self._engine = np.zeros_like(bias)
        self._coefficients_of, self._decay = coefficients_of, decay
        self._square = change.pixel_factor**2
        self._bias_decay = 1.0 if change.bias == "free" else decay
        self._stepped = change.bias != "none"

    def __call__(self, example: int, s: Float64[np.ndarray, "c"]) -> Float64[np.ndarray, "c"]:
        own = self._square * (s - self._engine) + self.bias
        c = np.asarray(self._coefficients_of(example, own))
        self._engine = self._decay * self._engine + c
        if self._stepped:
            self.bias = self._bias_decay * self.bias + c
        return c


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


def _averaged_model(n_classes: int, make: MakeStepCoefficients) -> Model:
    """Return the mean of the weights over all steps in place of the last ones; for a decay of 1."""

    def epoch_in_blocks(p: _Averaged, pixels: Any, labels: Any, order: Any) -> tuple[Params, None]:
        coefficients_of, steps = make(labels.tolist()), p.steps

        def both(example: int, s: Float64[np.ndarray, "2c"]) -> Float64[np.ndarray, "2c"]:
            nonlocal steps
            c = np.asarray(coefficients_of(example, s[:n_classes]))
            steps += 1
            return np.concatenate([c, (steps - 1) * c])

        rows = block_epoch(p.rows, pixels, order, both, LINEAR_BLOCK)
        return _Averaged(rows, steps), None

    return _model(
        lambda _rng, n_pixels: _Averaged(np.zeros((2 * n_classes, n_pixels + 1)), 0),
        epoch_in_blocks,
        lambda p, x: x @ p.mean.T,
        lambda p: p._replace(rows=weights_on_pixels(p.rows, n_biases=1)),
        lambda p: frobenius_norm(p.mean),
    )


def _model(initial: Any, epoch_in_blocks: Any, scores: Any, on_pixels: Any, norm: Any) -> Model:
    return Model(
        initial=initial,
        epoch_per_example=epoch_in_blocks,
        epoch_in_blocks=epoch_in_blocks,
        scores=scores,
        on_pixels=on_pixels,
        bias_column=True,
        chunk_size=LINEAR_CHUNK,
        threads=1,
        weight_norm=norm,
    )
