"""Question 1.2: multinomial logistic regression with an L2 penalty."""

import math

import numpy as np
from jaxtyping import Float64

from scratch.block_sgd import StepCoefficients
from scratch.softmax import cross_entropy, softmax


def initial(n_features: int, n_classes: int) -> Float64[np.ndarray, "c d"]:
    """Weights of zero, `[c, d]`: every class has the same probability."""
    return np.zeros((n_classes, n_features))


def scores(
    weights: Float64[np.ndarray, "c d"], x: Float64[np.ndarray, "... d"]
) -> Float64[np.ndarray, "... c"]:
    """Class scores `s = W x`; the prediction is the class of the largest."""
    return x @ weights.T


def loss(
    weights: Float64[np.ndarray, "c d"],
    x: Float64[np.ndarray, "d"],
    label: int,
    l2_penalty: float,
) -> float:
    """Return the objective for one example, `-log softmax(W x)_y + l2_penalty / 2 * sum_ij W_ij^2`.

    The half makes the penalty's gradient `l2_penalty * W`, the assignment's factor. The last column
    of `W`, the bias, is penalised too.
    """
    return cross_entropy(scores(weights, x), label) + l2_penalty / 2 * float(np.sum(weights**2))


def gradient(
    weights: Float64[np.ndarray, "c d"],
    x: Float64[np.ndarray, "d"],
    label: int,
    l2_penalty: float,
) -> Float64[np.ndarray, "c d"]:
    """Return the gradient of `loss`: `(p - e_y) x^T + l2_penalty * W` with `p = softmax(W x)`."""
    error = softmax(scores(weights, x))
    error[label] -= 1.0
    slope = np.outer(error, x)
    if l2_penalty:
        slope += l2_penalty * weights
    return slope


def update(
    weights: Float64[np.ndarray, "c d"],
    x: Float64[np.ndarray, "d"],
    label: int,
    learning_rate: float,
    l2_penalty: float,
) -> Float64[np.ndarray, "c d"]:
    """One example of questions 1.2a and 1.2b: `W <- W - learning_rate * gradient`.

    Args:
        weights: `[c, d]`, the bias as last column.
        x: `[d]`, features and a one.
        label: the example's class.
        learning_rate: the step size.
        l2_penalty: 0 gives question 1.2a.

    Returns:
        The weights after the example, `[c, d]`.
    """
    return weights - learning_rate * gradient(weights, x, label, l2_penalty)


def step_coefficients(labels: list[int], learning_rate: float) -> StepCoefficients:
    """Return the block engine's form of `update`: the coefficients `-learning_rate * (p - e_y)`.

    The penalty's share, `W <- (1 - learning_rate * l2_penalty) W`, is the engine's `decay`. For six
    classes plain floats are faster than arrays.
    """

    def coefficients_of(example: int, s: Float64[np.ndarray, "c"]) -> list[float]:
        values = s.tolist()
        shift = max(values)
        exponentials = [math.exp(value - shift) for value in values]
        factor = -learning_rate / sum(exponentials)
        coefficients = [factor * value for value in exponentials]
        coefficients[labels[example]] += learning_rate
        return coefficients

    return coefficients_of
