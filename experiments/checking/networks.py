"""Question 1.3's network with one thing changed in each, by the block engine."""

from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np
from jaxtyping import Float64

from experiments.checking.linear import softmax
from scratch.block_sgd import block_epoch
from scratch.features import features
from scratch.mlp import MLPParams
from scratch.models import MLP_BLOCK, MLP_CHUNK, MLP_SHARES, Model, Params, mlp_model
from scratch.softmax import cross_entropy, log_sum_exp
from scratch.softmax import softmax as scratch_softmax

# (generator, shape): the first weights of a layer.
Draw = Callable[[np.random.RandomState, tuple[int, int]], Float64[np.ndarray, "m n"]]


def normal(mean: float, deviation: float) -> Draw:
    """Normal weights."""
    return lambda rng, shape: rng.normal(mean, deviation, shape)


def uniform_by_inputs(rng: np.random.RandomState, shape: tuple[int, int]) -> Any:
    """Weights uniform in `+-1 / sqrt(n_in)`, PyTorch's default."""
    bound = shape[1] ** -0.5
    return rng.uniform(-bound, bound, shape)


class Change(NamedTuple):
    """What is changed about the network.

    Attributes:
        draw: the first weights of a layer.
        output_first: whether W2 is drawn before W1.
        hidden: units of the hidden layer, 0 for as many as the question says.
        activation: "relu", "tanh" or "sigmoid".
        slope: whether backpropagation multiplies by the activation's slope.
        probabilities: "softmax", "sigmoid" or "softmax twice".
        one_bias: whether a layer's units share one bias.
        stepped_early: whether W2 is stepped before its old values are used for W1's gradient.
        pixel_factor: 256 / 255 for pixels over 255.
    """

    draw: Draw = normal(0.1, 0.1)
    output_first: bool = False
    hidden: int = 0
    activation: str = "relu"
    slope: bool = True
    probabilities: str = "softmax"
    one_bias: bool = False
    stepped_early: bool = False
    pixel_factor: float = 1.0


def network_model(n_classes: int, n_hidden: int, rate: float, change: Change) -> Model:
    """A network whose parameters are the student's weights."""
    h, factor = change.hidden or n_hidden, change.pixel_factor

    def initial(rng: np.random.RandomState, n_pixels: int) -> MLPParams:
        first, second = (h, n_pixels), (n_classes, h)
        if change.output_first:
            W2 = change.draw(rng, second)
            W1 = change.draw(rng, first)
        else:
            W1 = change.draw(rng, first)
            W2 = change.draw(rng, second)
        return MLPParams(W1, np.zeros(h), W2, np.zeros(n_classes))

    def epoch_in_blocks(p: MLPParams, pixels: Any, labels: Any, order: Any) -> tuple[Params, float]:
        top = _Top(p, labels.tolist(), rate, change)
        bottom = np.column_stack([p.W1 / factor, np.zeros(h)])
        bottom = block_epoch(bottom, pixels, order, top, MLP_BLOCK, shares=MLP_SHARES)
        stepped = MLPParams(bottom[:, :-1] * factor, top.b1, top.W2, top.b2)
        return stepped, top.total_loss / len(order)

    def scores(p: MLPParams, x: Float64[np.ndarray, "k d"]) -> Float64[np.ndarray, "k c"]:
        hidden = _activate(x @ p.W1.T * factor + p.b1, change.activation)
        return hidden @ p.W2.T + p.b2

    return Model(initial, epoch_in_blocks, epoch_in_blocks, scores, False, MLP_CHUNK, 1, None)


def plain_loop_model(n_classes: int, n_hidden: int, rate: float) -> Model:
    """The assignment's network, one example at a time, summed as a plain loop sums.

    The network is chaotic: after a few epochs another order of summation shows in the digits that
    are printed. This is the definition's result bit for bit, in a fraction of its time: a row of W1
    whose unit is inactive has a gradient of zero, and nearly all are after the first epoch.
    """

    def by_examples(p: MLPParams, pixels: Any, labels: Any, order: Any) -> tuple[Params, float]:
        (W1, b1, W2, b2), total = MLPParams(*(array.copy() for array in p)), 0.0
        for example in order.tolist():
            x, label = features(pixels[example]), int(labels[example])
            z = W1 @ x + b1
            hidden = np.maximum(z, 0.0)
            found = W2 @ hidden + b2
            total += cross_entropy(found, label)
            d2 = scratch_softmax(found)
            d2[label] -= 1.0
            d1 = (W2.T @ d2) * (z > 0.0)
            moved = np.flatnonzero(d1)
            W1[moved] -= rate * np.outer(d1[moved], x)
            b1 -= rate * d1
            W2 -= rate * np.outer(d2, hidden)
            b2 -= rate * d2
        return MLPParams(W1, b1, W2, b2), total / len(order)

    return mlp_model(n_classes, n_hidden, rate)._replace(epoch_in_blocks=by_examples)


class _Top:
    """The network above `s = V x + e`, for the engine; see `scratch.mlp.OutputLayer`.

    The hidden layer's biases are kept here: `z = a^2 (s - e) + b1` with `e` the engine's own.
    """

    def __init__(self, p: MLPParams, labels: list[int], rate: float, change: Change) -> None:
        self.b1, self.W2, self.b2 = p.b1.copy(), p.W2.copy(), p.b2.copy()
        self.total_loss = 0.0
        self._engine = np.zeros_like(p.b1)
        self._labels, self._rate, self._change = labels, rate, change

    def __call__(self, example: int, s: Float64[np.ndarray, "h"]) -> Float64[np.ndarray, "h"]:
        change, label = self._change, self._labels[example]
        z = change.pixel_factor**2 * (s - self._engine) + self.b1
        hidden = _activate(z, change.activation)
        scores = self.W2 @ hidden + self.b2
        self.total_loss += log_sum_exp(scores) - float(scores[label])
        step = -self._rate * _error(scores, label, change.probabilities)
        if change.stepped_early:
            self.W2 += step[:, None] * hidden
        answer = step @ self.W2
        if change.slope:
            answer *= _slope(z, hidden, change.activation)
        if not change.stepped_early:
            self.W2 += step[:, None] * hidden
        self._engine += answer
        self.b1 += answer.sum() if change.one_bias else answer
        self.b2 += step.sum() if change.one_bias else step
        return answer


def _error(
    scores: Float64[np.ndarray, "c"], label: int, probabilities: str
) -> Float64[np.ndarray, "c"]:
    if probabilities == "sigmoid":
        p = 0.5 + 0.5 * np.tanh(0.5 * scores)
    else:
        values = softmax(scores.tolist())
        p = np.array(softmax(values) if probabilities == "softmax twice" else values)
    p[label] -= 1.0
    return p


def _activate(z: Any, activation: str) -> Any:
    match activation:
        case "tanh":
            return np.tanh(z)
        case "sigmoid":
            return 0.5 + 0.5 * np.tanh(0.5 * z)
    return np.maximum(z, 0.0)


def _slope(z: Any, hidden: Any, activation: str) -> Any:
    match activation:
        case "tanh":
            return 1 - hidden**2
        case "sigmoid":
            return hidden * (1 - hidden)
    return z > 0.0
