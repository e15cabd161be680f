r"""How a step of a linear model may differ from the assignment's, `W <- decay W + c x^T`.

The assignment's coefficients are `c = -rate (softmax(W x) - e_y)` and `decay = 1 - rate lambda` for
logistic regression, and `c_y = 1`, `c_k = -1` on a mistake for the perceptron.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal, NamedTuple

import numpy as np
from jaxtyping import Float64

Bias = Literal["column", "none", "free"]
# (scores, label, rate) to the coefficients of x in each row of the step.
Coefficients = Callable[[list[float], int, float], list[float]]
# (scores, label): the gradient of the loss by the scores.
Error = Callable[[list[float], int], list[float]]
# (rate, columns of W): the learning rate that is used.
Rate = Callable[[float, int], float]


class StepSize(NamedTuple):
    """The numbers of a step.

    Attributes:
        rate: the learning rate.
        penalty: lambda.
        n_features: columns of W, the bias's included.
    """

    rate: float
    penalty: float
    n_features: int


@dataclass(frozen=True)
class LinearChange:
    """What is changed about a step, about the features or about the first weights.

    Attributes:
        coefficients: of x in the step; None for the model's own.
        rate: the learning rate that is used.
        decay: what multiplies W at every step, from the rate that is used.
        decay_first: whether the scores are those of weights that are decayed already.
        only_mistakes: whether the step, decay included, is left out for a right prediction.
        added: a number that lambda times the rate times is taken from every entry of W.
        bias: a column like any other, "none", or "free" of the penalty.
        pixel_factor: what the features are multiplied by, the bias's one apart.
        drawn: whether the first weights are drawn, normal of mean and deviation .1.
        averaged: whether the weights are the mean over all steps.
        applied: whether the step is taken at all.
    """

    coefficients: Coefficients | None = None
    rate: Rate = lambda rate, _n_features: rate
    decay: Callable[[float, StepSize], float] = lambda rate, size: 1.0 - rate * size.penalty
    decay_first: bool = False
    only_mistakes: bool = False
    added: Callable[[Float64[np.ndarray, "c d"]], float] | None = None
    bias: Bias = "column"
    pixel_factor: float = 1.0
    drawn: bool = False
    averaged: bool = False
    applied: bool = True

    def in_blocks(self, penalty: float) -> bool:
        """Return whether the block engine can step so: one decay for all steps, nothing added."""
        return self.applied and not (penalty and (self.only_mistakes or self.added))


def linear_step(
    change: LinearChange,
    own: Coefficients,
    W: Float64[np.ndarray, "c d"],
    x: Float64[np.ndarray, "d"],
    label: int,
    size: StepSize,
) -> Float64[np.ndarray, "c d"]:
    """Return the weights after one example, with a change.

    Args:
        change: what is different; what concerns features and first weights is none of a step.
        own: the model's coefficients, `perceptron` or `logistic`.
        W: `[c, d]`, the bias as last column.
        x: `[d]`, features and a one.
        label: the example's class.
        size: rate and penalty.
    """
    rate = change.rate(size.rate, size.n_features)
    decay = change.decay(rate, size)
    scores = ((decay * W if change.decay_first else W) @ x).tolist()
    missed = scores.index(max(scores)) != label
    if not change.applied or (change.only_mistakes and not missed):
        return W.copy()
    c = np.array((change.coefficients or own)(scores, label, rate))
    stepped = decay * W + np.outer(c, x)
    if change.bias == "free":
        stepped[:, -1] = W[:, -1] + c * x[-1]
    if change.added:
        stepped = W + np.outer(c, x) - rate * size.penalty * change.added(W)
    return stepped


def perceptron_with_ties(first: int) -> Coefficients:
    """Return the perceptron's step: on a mistake the true row gets x, the predicted one loses it.

    Ties fall to one class, and behind it to the lowest number. On photographs the 720 permutations
    of the class numbers train six perceptrons: with weights of zero every tie before the first
    steps falls to class 0, and later there are none.
    """

    def coefficients(scores: list[float], label: int, _rate: float) -> list[float]:
        c = [0.0] * len(scores)
        best = max(scores)
        predicted = first if scores[first] == best else scores.index(best)
        if predicted != label:
            c[label], c[predicted] = 1.0, -1.0
        return c

    return coefficients


perceptron = perceptron_with_ties(0)


def stepping_by(value: Callable[[float, int], float]) -> Coefficients:
    """Return the perceptron's step with another value of each coefficient and the label."""
    return lambda scores, label, rate: [value(c, label) for c in perceptron(scores, label, rate)]


def label_times_x_everywhere(scores: list[float], label: int, rate: float) -> list[float]:
    """Every row gets y x on a mistake."""
    missed = any(perceptron(scores, label, rate))
    return [float(label * missed)] * len(scores)


def one_against_all(zero: float) -> Coefficients:
    """Train a binary perceptron per class: `W_k += t_k x` where `t_k s_k <= 0`, t in {-1, 1}.

    A score of 0 counts as `zero`: as wrong for every class, or as 1, wrong for all but the label's.
    """

    def coefficients(scores: list[float], label: int, _rate: float) -> list[float]:
        signs = [1.0 if k == label else -1.0 for k in range(len(scores))]
        return [t if t * (s or zero) <= 0 else 0.0 for t, s in zip(signs, scores, strict=True)]

    return coefficients


def error_of(probabilities: Callable[[list[float]], list[float]]) -> Error:
    """`p - e_y` with something for the probabilities p, from the scores."""

    def error(scores: list[float], label: int) -> list[float]:
        p = probabilities(scores)
        p[label] -= 1.0
        return p

    return error


def step_along(error: Error) -> Coefficients:
    """Return the step down a gradient, `-rate error`."""
    return lambda scores, label, rate: [-rate * value for value in error(scores, label)]


def softmax(scores: list[float]) -> list[float]:
    """`exp(s_k) / sum_j exp(s_j)` in plain floats, faster than arrays for six classes."""
    shift = max(scores)
    exponentials = [math.exp(value - shift) for value in scores]
    total = sum(exponentials)
    return [value / total for value in exponentials]


def sigmoid(scores: list[float]) -> list[float]:
    """`1 / (1 + exp(-s_k))`."""
    return [0.5 + 0.5 * math.tanh(0.5 * value) for value in scores]


def predicted_one_hot(scores: list[float]) -> list[float]:
    """Return the predicted class's one-hot vector."""
    best = scores.index(max(scores))
    return [float(k == best) for k in range(len(scores))]


def normalised_inside(scores: list[float]) -> list[float]:
    """`exp(s_k / sum_j exp(s_j))`: the quotient inside the exponential."""
    total = sum(math.exp(min(value, 700.0)) for value in scores)
    return [math.exp(value / total) for value in scores]


RIGHT_ERROR = error_of(softmax)
logistic = step_along(RIGHT_ERROR)


def ascent(scores: list[float], label: int) -> list[float]:
    """`e_y - p`: the sign is forgotten."""
    return [-value for value in RIGHT_ERROR(scores, label)]


def class_number(scores: list[float], label: int) -> list[float]:
    """`p - y`, the class number taken from every probability."""
    return [value - label for value in softmax(scores)]


def true_class_only(scores: list[float], label: int) -> list[float]:
    """`p_y - 1` for the true class, 0 for the others."""
    return [value * (k == label) for k, value in enumerate(RIGHT_ERROR(scores, label))]
