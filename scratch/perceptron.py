"""Question 1.1: the multi-class perceptron."""

import numpy as np
from jaxtyping import Float64

from scratch.block_sgd import StepCoefficients


def initial(n_features: int, n_classes: int) -> Float64[np.ndarray, "c d"]:
    """Weights of zero, `[c, d]`: every class scores 0 and ties go to class 0."""
    return np.zeros((n_classes, n_features))


def scores(
    weights: Float64[np.ndarray, "c d"], x: Float64[np.ndarray, "... d"]
) -> Float64[np.ndarray, "... c"]:
    """Class scores `s = W x`; the prediction is the class of the largest, the lowest on ties."""
    return x @ weights.T


def update(
    weights: Float64[np.ndarray, "c d"], x: Float64[np.ndarray, "d"], label: int
) -> Float64[np.ndarray, "c d"]:
    """One example of question 1.1a.

    With `k = argmax W x` the predicted class, if `k != y`,

        W_y <- W_y + x,    W_k <- W_k - x

    and otherwise nothing changes. A step size would be irrelevant: from zero weights it
    scales all scores alike. In float64 every operation is exact: features are multiples of 1/256.

    Args:
        weights: `[c, d]`, the bias as last column.
        x: `[d]`, features and a one.
        label: the example's class.

    Returns:
        The weights after the example, `[c, d]`.
    """
    predicted = int(np.argmax(scores(weights, x)))
    if predicted == label:
        return weights
    weights = weights.copy()
    weights[label] += x
    weights[predicted] -= x
    return weights


def step_coefficients(labels: list[int], n_classes: int) -> StepCoefficients:
    """Return the block engine's form of `update`: the coefficient of `x` in each row."""

    def coefficients_of(example: int, s: Float64[np.ndarray, "c"]) -> list[float]:
        coefficients = [0.0] * n_classes
        predicted, label = int(s.argmax()), labels[example]
        if predicted != label:
            coefficients[label] = 1.0
            coefficients[predicted] = -1.0
        return coefficients

    return coefficients_of
