r"""The linear models with one thing changed in each, by the block engine.

The engine steps `V <- decay V + c [x 1]^T` with `x = pixels / 256`. Other features and other biases
need no other engine, only other scores: with `e` what the engine's last column comes to,

    pixels * a / 256:       W x' + b = a^2 (V [x 1] - e) + b      for W = a V on the pixels
    no bias column:         b = 0
    bias not penalised:     b <- b + c  where  e <- decay e + c
"""

import math
from collections.abc import Callable
from typing import Any, Literal, NamedTuple

import numpy as np
from jaxtyping import Float64

from scratch import logistic_regression
from scratch.block_sgd import StepCoefficients, block_epoch
from scratch.models import LINEAR_BLOCK, LINEAR_CHUNK, Model, Params, frobenius_norm

Bias = Literal["column", "none", "free"]
# From the labels of the training set to the coefficients of each step.
MakeStepCoefficients = Callable[[list[int]], StepCoefficients]


class Change(NamedTuple):
    """What is changed about features and weights.

    Attributes:
        decay: the weights' factor at every step.
        pixel_factor: `a`; 256 / 255 for pixels over 255.
        bias: "column" as in the assignment, "none", or "free" of the penalty.
        drawn: whether the first weights are drawn rather than zero.
    """

    decay: float = 1.0
    pixel_factor: float = 1.0
    bias: Bias = "column"
    drawn: bool = False


def linear_model(
    n_classes: int, step_coefficients: MakeStepCoefficients, change: Change | None = None
) -> Model:
    """A linear model whose parameters are the student's weights, `[c, d + 1]`, bias last."""
    change = change or Change()
    factor = change.pixel_factor

    def epoch_in_blocks(W: Params, pixels: Any, labels: Any, order: Any) -> tuple[Params, None]:
        coefficients_of = step_coefficients(labels.tolist())
        if factor == 1.0 and change.bias == "column":
            return block_epoch(W, pixels, order, coefficients_of, LINEAR_BLOCK, change.decay), None
        biased = _OwnBias(coefficients_of, W[:, -1], change)
        V = W / factor
        V[:, -1] = 0.0
        V = block_epoch(V, pixels, order, biased, LINEAR_BLOCK, change.decay) * factor
        V[:, -1] = biased.bias
        return V, None

    def scores(W: Params, x: Float64[np.ndarray, "k d"]) -> Float64[np.ndarray, "k c"]:
        if factor == 1.0:
            return x @ W.T
        return x[:, :-1] @ W[:, :-1].T * factor + W[:, -1]

    def initial(rng: np.random.RandomState, n_pixels: int) -> Params:
        shape = (n_classes, n_pixels + 1)
        return rng.normal(0.1, 0.1, shape) if change.drawn else np.zeros(shape)

    return _model(initial, epoch_in_blocks, scores, frobenius_norm)


class _OwnBias:
    """A response to the scores that the changed features and bias give; keeps the bias itself.

    Attributes:
        bias: `[c]`.
    """

    def __init__(
        self, coefficients_of: StepCoefficients, bias: Float64[np.ndarray, "c"], change: Change
    ) -> None:
        self.bias = np.zeros_like(bias) if change.bias == "none" else bias.copy()
        self._engine = np.zeros_like(bias)
        self._respond, self._decay = coefficients_of, change.decay
        self._square = change.pixel_factor**2
        self._bias_decay = 1.0 if change.bias == "free" else change.decay
        self._stepped = change.bias != "none"

    def __call__(self, example: int, s: Float64[np.ndarray, "c"]) -> Float64[np.ndarray, "c"]:
        own = self._square * (s - self._engine) + self.bias
        c = np.asarray(self._respond(example, own))
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


def averaged_model(n_classes: int, step_coefficients: MakeStepCoefficients) -> Model:
    """The mean of the weights over all steps in place of the last ones; for a decay of 1."""

    def epoch_in_blocks(p: _Averaged, pixels: Any, labels: Any, order: Any) -> tuple[Params, None]:
        coefficients_of, steps = step_coefficients(labels.tolist()), p.steps

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
        lambda p: frobenius_norm(p.mean),
    )


def logistic_response(probabilities: str, rate: float) -> MakeStepCoefficients:
    """The step `-rate (p - e_y)` with something else in the place of the softmax.

    Args:
        probabilities: "softmax", "sigmoid", "softmax twice", or "ascent" for the sign forgotten.
        rate: the learning rate.
    """
    if probabilities == "softmax":
        return lambda labels: logistic_regression.step_coefficients(labels, rate)

    def step_coefficients(labels: list[int]) -> StepCoefficients:
        def coefficients_of(example: int, s: Float64[np.ndarray, "c"]) -> list[float]:
            values = s.tolist()
            if probabilities == "sigmoid":
                p = [0.5 + 0.5 * math.tanh(0.5 * value) for value in values]
            else:
                p = softmax(values)
                p = softmax(p) if probabilities == "softmax twice" else p
            sign = 1.0 if probabilities == "ascent" else -1.0
            coefficients = [sign * rate * value for value in p]
            coefficients[labels[example]] -= sign * rate
            return coefficients

        return coefficients_of

    return step_coefficients


def decayed_first(step_coefficients: MakeStepCoefficients, decay: float) -> MakeStepCoefficients:
    """The penalty's step taken before the scores are, not with the gradient's."""

    def changed(labels: list[int]) -> StepCoefficients:
        coefficients_of = step_coefficients(labels)
        return lambda example, s: coefficients_of(example, decay * s)

    return changed


def softmax(values: list[float]) -> list[float]:
    """`exp(s_k) / sum_j exp(s_j)` in plain floats, faster than arrays for six classes."""
    shift = max(values)
    exponentials = [math.exp(value - shift) for value in values]
    total = sum(exponentials)
    return [value / total for value in exponentials]


def _model(initial: Any, epoch_in_blocks: Any, scores: Any, norm: Any) -> Model:
    return Model(
        initial=initial,
        epoch_per_example=epoch_in_blocks,
        epoch_in_blocks=epoch_in_blocks,
        scores=scores,
        bias_column=True,
        chunk_size=LINEAR_CHUNK,
        threads=1,
        weight_norm=norm,
    )
