"""How a step of question 1.3's network, its first weights or its reported loss may differ."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from jaxtyping import Float64
from numpy.typing import NDArray

from experiments.checking.catalogue import linear_change as linear
from scratch.mlp import MLPParams
from scratch.mlp import initial as right_draw
from scratch.softmax import cross_entropy

Array = NDArray[np.float64]
# (generator, features, hidden units, classes): the first weights.
Draw = Callable[[np.random.RandomState, int, int, int], MLPParams]


class Activation(NamedTuple):
    """A hidden unit.

    Attributes:
        value: from z to h.
        slope: from z and h to what backpropagation multiplies by.
    """

    value: Callable[[Array], Array]
    slope: Callable[[Array, Array], Array]


RELU = Activation(lambda z: np.maximum(z, 0.0), lambda z, _h: (z > 0.0).astype(float))
TANH = Activation(np.tanh, lambda _z, h: 1.0 - h**2)
SIGMOID = Activation(lambda z: 0.5 + 0.5 * np.tanh(0.5 * z), lambda _z, h: h * (1.0 - h))
LEAKY_RELU = Activation(
    lambda z: np.where(z > 0.0, z, 0.01 * z), lambda z, _h: np.where(z > 0.0, 1.0, 0.01)
)
RELU_WITHOUT_SLOPE = RELU._replace(slope=lambda z, _h: np.ones_like(z))
ONLY_BACKWARD = RELU._replace(value=lambda z: z)


@dataclass(frozen=True)
class NetworkChange:
    """What is changed about the network.

    Attributes:
        draw: the first weights.
        hidden: how many units, from how many are asked for.
        activation: of the hidden units.
        error: the gradient of the loss by the scores.
        rate: the learning rate that is used.
        bias_step: what a layer's biases step by, from the gradient's step of each unit.
        stepped_early: whether W2 is stepped before its old values are used for W1's gradient.
        pixel_factor: what the features are multiplied by.
        applied: whether the step is taken at all.
    """

    draw: Draw = right_draw
    hidden: Callable[[int], int] = lambda units: units
    activation: Activation = RELU
    error: linear.Error = linear.RIGHT_ERROR
    rate: linear.Rate = lambda rate, _n_features: rate
    bias_step: Callable[[Array], Array | float] = lambda step: step
    stepped_early: bool = False
    pixel_factor: float = 1.0
    applied: bool = True

    @property
    def in_step(self) -> bool:
        """Whether a step differs, not its beginning alone."""
        same = NetworkChange(self.draw, self.hidden, pixel_factor=self.pixel_factor)
        return self != same

    def rate_used(self, rate: float, n_features: int) -> float:
        """Return the learning rate of the steps, 0 where none is taken."""
        return self.rate(rate, n_features) if self.applied else 0.0


def network_step(
    change: NetworkChange,
    p: MLPParams,
    x: Float64[np.ndarray, "d"],
    label: int,
    rate: float,
) -> tuple[MLPParams, float]:
    """Return the parameters after one example, with a change, and the example's loss before it.

    The names are those of `scratch.mlp.backpropagate`.
    """
    z = p.W1 @ x + p.b1
    step, W2, b2, loss = output_step(change, z, p.W2, p.b2, label, change.rate_used(rate, len(x)))
    W1, b1 = p.W1 + np.outer(step, x), p.b1 + change.bias_step(step)
    return MLPParams(W1, b1, W2, b2), loss


def output_step(
    change: NetworkChange,
    z: Float64[np.ndarray, "h"],
    W2: Float64[np.ndarray, "c h"],
    b2: Float64[np.ndarray, "c"],
    label: int,
    rate: float,
) -> tuple[Array, Array, Array, float]:
    """Step the network above `z = W1 x + b1`, with a change.

    Returns:
        The coefficients `[h]` of x in the step of W1; W2 and b2 after the step; the loss before it.
    """
    h = change.activation.value(z)
    s = W2 @ h + b2
    step = -rate * np.array(change.error(s.tolist(), label))
    stepped = W2 + step[:, None] * h
    below = (step @ (stepped if change.stepped_early else W2)) * change.activation.slope(z, h)
    return below, stepped, b2 + change.bias_step(step), cross_entropy(s, label)


def drawn(weights: Callable[[np.random.RandomState, int, int], Array]) -> Draw:
    """Draw weights `[out, in]` from (generator, out, in), W1 first; biases are 0."""

    def draw(rng: np.random.RandomState, d: int, h: int, c: int) -> MLPParams:
        W1 = weights(rng, h, d)
        return MLPParams(W1, np.zeros(h), weights(rng, c, h), np.zeros(c))

    return draw


def normal(mean: float, deviation: float) -> Draw:
    """Draw normal weights."""
    return drawn(lambda rng, n_out, n_in: rng.normal(mean, deviation, (n_out, n_in)))


TRANSPOSED = drawn(lambda rng, n_out, n_in: rng.normal(0.1, 0.1, (n_in, n_out)).T.copy())
TIMES_0_1 = drawn(lambda rng, n_out, n_in: 0.1 * rng.normal(0.1, 0.1, (n_out, n_in)))
# PyTorch's default.
UNIFORM = drawn(lambda rng, n_out, n_in: rng.uniform(-(n_in**-0.5), n_in**-0.5, (n_out, n_in)))
# Of variance 2 / n_in (He et al., 2015).
HE = drawn(lambda rng, n_out, n_in: rng.standard_normal((n_out, n_in)) * (2.0 / n_in) ** 0.5)


def output_first(rng: np.random.RandomState, d: int, h: int, c: int) -> MLPParams:
    """W2 drawn before W1."""
    W2 = rng.normal(0.1, 0.1, (c, h))
    return MLPParams(rng.normal(0.1, 0.1, (h, d)), np.zeros(h), W2, np.zeros(c))


def biases_drawn(rng: np.random.RandomState, d: int, h: int, c: int) -> MLPParams:
    """Biases drawn like the weights, each layer's after its weights."""
    W1, b1 = rng.normal(0.1, 0.1, (h, d)), rng.normal(0.1, 0.1, h)
    return MLPParams(W1, b1, rng.normal(0.1, 0.1, (c, h)), rng.normal(0.1, 0.1, c))
