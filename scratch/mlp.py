"""Question 1.3: a multi-layer perceptron with one hidden layer and hand-written backpropagation."""

import math
from typing import NamedTuple

import numpy as np
from jaxtyping import Float64

from scratch.softmax import cross_entropy, softmax

INITIAL_MEAN = 0.1
INITIAL_DEVIATION = 0.1


class MLPParams(NamedTuple):
    """Parameters of the network, and equally its gradients.

    Attributes:
        W1: `[h, d]`, pixels to hidden units.
        b1: `[h]`.
        W2: `[c, h]`, hidden units to classes.
        b2: `[c]`.
    """

    W1: Float64[np.ndarray, "h d"]
    b1: Float64[np.ndarray, "h"]
    W2: Float64[np.ndarray, "c h"]
    b2: Float64[np.ndarray, "c"]


def initial(
    rng: np.random.RandomState, n_features: int, n_hidden: int, n_classes: int
) -> MLPParams:
    """Weights drawn from a normal distribution of mean and deviation 0.1, W1 first; biases 0."""
    W1 = rng.normal(INITIAL_MEAN, INITIAL_DEVIATION, (n_hidden, n_features))
    W2 = rng.normal(INITIAL_MEAN, INITIAL_DEVIATION, (n_classes, n_hidden))
    return MLPParams(W1, np.zeros(n_hidden), W2, np.zeros(n_classes))


def scores(params: MLPParams, x: Float64[np.ndarray, "... d"]) -> Float64[np.ndarray, "... c"]:
    """Class scores `s = W2 relu(W1 x + b1) + b2`."""
    hidden = np.maximum(x @ params.W1.T + params.b1, 0.0)
    return hidden @ params.W2.T + params.b2


def loss(params: MLPParams, x: Float64[np.ndarray, "d"], label: int) -> float:
    """Return the cross-entropy of one example in nats."""
    return cross_entropy(scores(params, x), label)


def backpropagate(
    params: MLPParams, x: Float64[np.ndarray, "d"], label: int
) -> tuple[float, MLPParams]:
    """Return the loss of one example and its gradient: forward, then backward through the network.

        z = W1 x + b1        d1 = (W2^T d2) * [z > 0]     dW1 = d1 x^T    db1 = d1
        h = relu(z)
        s = W2 h + b2        d2 = softmax(s) - e_y        dW2 = d2 h^T    db2 = d2

    Args:
        params: the network.
        x: `[d]`, features.
        label: the example's class.

    Returns:
        The loss in nats, and the gradient in the shape of the parameters.
    """
    z = params.W1 @ x + params.b1
    h = np.maximum(z, 0.0)
    s = params.W2 @ h + params.b2

    d2 = softmax(s)
    d2[label] -= 1.0
    d1 = (params.W2.T @ d2) * (z > 0.0)
    return cross_entropy(s, label), MLPParams(np.outer(d1, x), d1, np.outer(d2, h), d2)


def update(
    params: MLPParams, x: Float64[np.ndarray, "d"], label: int, learning_rate: float
) -> tuple[MLPParams, float]:
    """One example of question 1.3: every parameter minus `learning_rate` times its gradient.

    Args:
        params: the network.
        x: `[d]`, features.
        label: the example's class.
        learning_rate: the step size.

    Returns:
        The parameters after the example, and the loss before it.
    """
    value, slopes = backpropagate(params, x, label)
    stepped = (p - learning_rate * g for p, g in zip(params, slopes, strict=True))
    return MLPParams(*stepped), value


class OutputLayer:
    """The network above `z = W1 x + b1`, as the block engine sees it.

    Called with an example and its z, it steps W2 and b2 at once and answers with the coefficients
    of `[x 1]` in the step of `[W1 b1]`, which are `-learning_rate * d1`.

    Attributes:
        W2: `[c, h]`, stepped in place.
        b2: `[c]`, stepped in place.
        total_loss: sum of the losses of the examples seen, each before its step, in nats.
    """

    def __init__(self, params: MLPParams, labels: list[int], learning_rate: float) -> None:
        self._weights = np.column_stack([params.W2, params.b2])
        self._hidden = np.ones(self._weights.shape[1])  # the one behind them takes the bias
        self.W2, self.b2 = self._weights[:, :-1], self._weights[:, -1]
        self.total_loss = 0.0
        self._labels, self._learning_rate = labels, learning_rate

    def __call__(self, example: int, z: Float64[np.ndarray, "h"]) -> Float64[np.ndarray, "h"]:
        """Step as `backpropagate` does, with a softmax in plain floats: faster for six classes."""
        np.maximum(z, 0.0, out=self._hidden[:-1])
        s = (self._weights @ self._hidden).tolist()
        label = self._labels[example]
        shift = max(s)
        exponentials = [math.exp(value - shift) for value in s]
        partition = sum(exponentials)
        self.total_loss += shift + math.log(partition) - s[label]

        factor = -self._learning_rate / partition
        coefficients = [factor * value for value in exponentials]
        coefficients[label] += self._learning_rate
        step = np.array(coefficients)  # -learning_rate * d2
        answer = (step @ self.W2) * (z > 0.0)
        self._weights += step[:, None] * self._hidden
        return answer
