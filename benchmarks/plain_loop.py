"""What a student hands in for question 1: float64 images in memory, a loop over examples.

Written for speed as far as a plain loop goes (in place, no check, no copy but the shuffle), so that
the engine is not measured against a straw man.
"""

from collections.abc import Callable
from typing import Any

import numpy as np

Arrays = dict[str, np.ndarray]
RATE = 1e-3


def start(model: str, train: tuple[np.ndarray, np.ndarray], l2_penalty: float) -> tuple[Any, Any]:
    """Return the weights, and a function that trains an epoch on `(X, y)` and shuffles them."""
    np.random.seed(42)
    n_features = train[0].shape[1]
    if model == "mlp":
        W1 = np.random.normal(0.1, 0.1, (100, n_features))
        W2 = np.random.normal(0.1, 0.1, (6, 100))
        w = {"W1": W1, "b1": np.zeros(100), "W2": W2, "b2": np.zeros(6)}
        return w, _epoch(_mlp_step(w))
    w = {"W": np.zeros((6, n_features))}
    step = _perceptron_step(w) if model == "perceptron" else _logistic_step(w, l2_penalty)
    return w, _epoch(step)


def predict(w: Arrays, X: np.ndarray) -> np.ndarray:
    """Return the predicted class of every row."""
    if "W" in w:
        return (X @ w["W"].T).argmax(axis=1)
    hidden = np.maximum(X @ w["W1"].T + w["b1"], 0)
    return (hidden @ w["W2"].T + w["b2"]).argmax(axis=1)


def _epoch(step: Callable[[np.ndarray, int], None]) -> Callable[..., tuple[np.ndarray, np.ndarray]]:
    def epoch(X: np.ndarray, y: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        order = np.random.permutation(len(X))
        X, y = X[order], y[order]
        for x, k in zip(X, y, strict=True):
            step(x, k)
        return X, y

    return epoch


def _perceptron_step(w: Arrays) -> Callable[[np.ndarray, int], None]:
    W = w["W"]

    def step(x: np.ndarray, k: int) -> None:
        guess = (W @ x).argmax()
        if guess != k:
            W[k] += x
            W[guess] -= x

    return step


def _logistic_step(w: Arrays, l2_penalty: float) -> Callable[[np.ndarray, int], None]:
    W = w["W"]

    def step(x: np.ndarray, k: int) -> None:
        s = W @ x
        p = np.exp(s - s.max())
        p /= p.sum()
        p[k] -= 1
        gradient = np.outer(p, x)
        if l2_penalty:
            gradient += l2_penalty * W
        np.subtract(W, RATE * gradient, out=W)

    return step


def _mlp_step(w: Arrays) -> Callable[[np.ndarray, int], None]:
    W1, b1, W2, b2 = w["W1"], w["b1"], w["W2"], w["b2"]

    def step(x: np.ndarray, k: int) -> None:
        z = W1 @ x + b1
        h = np.maximum(z, 0)
        s = W2 @ h + b2
        p = np.exp(s - s.max())
        p /= p.sum()
        p[k] -= 1
        d1 = (W2.T @ p) * (z > 0)
        np.subtract(W2, RATE * np.outer(p, h), out=W2)
        np.subtract(b2, RATE * p, out=b2)
        np.subtract(W1, RATE * np.outer(d1, x), out=W1)
        np.subtract(b1, RATE * d1, out=b1)

    return step
