"""Three wrong gradients of logistic regression, for notebook 3 to recognize by what they do."""

from collections.abc import Callable
from typing import Any

import numpy as np

from scratch import logistic_regression
from scratch.softmax import softmax

Gradient = Callable[[Any, Any, int, float], Any]

KINDS = {
    "two lambda": "the penalty's gradient is taken as 2 lambda W",
    "bias not penalized": "the last column of W is left out of the penalty",
    "sigmoid for softmax": "each class has the probability 1 / (1 + exp(-s))",
    "minus lambda": "the penalty has the wrong sign",
}


def two_lambda(W: Any, x: Any, label: int, l2_penalty: float) -> Any:
    """Return the gradient with the penalty's factor doubled."""
    return logistic_regression.gradient(W, x, label, 2 * l2_penalty)


def bias_not_penalized(W: Any, x: Any, label: int, l2_penalty: float) -> Any:
    """Return the gradient without the bias's share of the penalty."""
    penalty = l2_penalty * W
    penalty[:, -1] = 0
    return logistic_regression.gradient(W, x, label, 0.0) + penalty


def sigmoid_for_softmax(W: Any, x: Any, label: int, l2_penalty: float) -> Any:
    """Return the gradient with sigmoids in place of the softmax."""
    scores = logistic_regression.scores(W, x)
    error = 1 / (1 + np.exp(-scores)) - softmax(scores)
    return logistic_regression.gradient(W, x, label, l2_penalty) + np.outer(error, x)


GRADIENTS: dict[str, Gradient] = {
    "A": bias_not_penalized,
    "B": sigmoid_for_softmax,
    "C": two_lambda,
}
