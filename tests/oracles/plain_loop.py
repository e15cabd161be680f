"""Question 1 as a student writes it: one script-like loop per model, everything in place.

It shares no line with `scratch/`, and takes the name of a mistake to make: a comparison is only
worth something if it turns the mistaken loop away.
"""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np

MISTAKES = {
    "pixels over 255": "every model",
    "no bias column": "linear",
    "not shuffled": "every model",
    "shuffled from the start each epoch": "every model",
    "another seed": "every model",
    "last example dropped": "every model",
    "update from the next example": "every model",
    "y times x": "perceptron",
    "only the true class moves": "perceptron",
    "highest class on ties": "perceptron",
    "2 lambda": "penalised",
    "minus lambda": "penalised",
    "bias not penalised": "penalised",
    "penalty before the gradient": "penalised",
    "sigmoid for softmax": "logistic",
    "softmax twice": "logistic",
    "probability clamped": "mlp",
    "one bias for all units": "mlp",
    "W2 drawn first": "mlp",
    "W2 stepped before it is used": "mlp",
    "relu slope forgotten": "mlp",
}


class Outcome(NamedTuple):
    """Weights after training, and per epoch the mean loss and the correct training examples."""

    weights: dict[str, np.ndarray]
    losses: list[float]
    correct: list[int]


def plain_loop(
    model: str,
    pixels: np.ndarray,
    labels: np.ndarray,
    epochs: int,
    *,
    seed: int = 42,
    learning_rate: float = 0.001,
    l2_penalty: float = 0.0,
    hidden: int = 5,
    mistake: str = "",
) -> Outcome:
    """Train on uint8 pixels `[n, d]` as the assignment's script does, or as `mistake` has it."""
    assert not mistake or mistake in MISTAKES
    np.random.seed(seed + (mistake == "another seed"))
    X = pixels.astype(float).reshape(len(pixels), -1)
    X /= 255 if mistake == "pixels over 255" else 256
    y = labels.copy()
    classes = 6
    if model != "mlp":
        column = np.zeros if mistake == "no bias column" else np.ones
        X = np.hstack([X, column((len(X), 1))])
        w = {"W": np.zeros((classes, X.shape[1]))}
        step, scores = _linear_step(model, w, learning_rate, l2_penalty, mistake), _linear_scores(w)
    else:
        w = _initial_mlp(X.shape[1], hidden, classes, mistake)
        step, scores = _mlp_step(w, learning_rate, mistake), _mlp_scores(w)

    start = X.copy(), y.copy()
    losses, correct = [], []
    for _ in range(epochs):
        if mistake == "shuffled from the start each epoch":
            X, y = start
        if mistake != "not shuffled":
            order = np.random.permutation(len(X))
            X, y = X[order], y[order]
        n = len(X) - (mistake == "last example dropped")
        total = 0.0
        for i in range(n):
            j = (i + 1) % len(X) if mistake == "update from the next example" else i
            total += step(X[i], X[j], y[j])
        losses.append(total / n)
        correct.append(int((scores(X).argmax(axis=1) == y).sum()))
    return Outcome(w, losses, correct)


def _linear_scores(w: dict[str, np.ndarray]) -> Callable[[np.ndarray], np.ndarray]:
    return lambda X: X @ w["W"].T


def _linear_step(
    model: str, w: dict[str, np.ndarray], rate: float, penalty: float, mistake: str
) -> Callable[[np.ndarray, np.ndarray, int], float]:
    W = w["W"]

    def perceptron(scored: np.ndarray, x: np.ndarray, k: int) -> float:
        s = W.dot(scored)
        guess = int(s.argmax())
        if mistake == "highest class on ties":
            guess = int(len(s) - 1 - s[::-1].argmax())
        if guess != k:
            if mistake == "y times x":
                W[guess] += k * x
            else:
                W[k] += x
                if mistake != "only the true class moves":
                    W[guess] -= x
        return 0.0

    def logistic(scored: np.ndarray, x: np.ndarray, k: int) -> float:
        s = W.dot(scored)
        if mistake == "sigmoid for softmax":
            p = 1 / (1 + np.exp(-s))
        else:
            p = np.exp(s) / np.exp(s).sum()
            if mistake == "softmax twice":
                p = np.exp(p) / np.exp(p).sum()
        target = np.zeros(len(s))
        target[k] = 1
        factor = {"2 lambda": 2.0, "minus lambda": -1.0}.get(mistake, 1.0) * penalty
        shrink = factor * W
        if mistake == "bias not penalised":
            shrink[:, -1] = 0
        if mistake == "penalty before the gradient":
            W[:] = W - rate * shrink
            s = W.dot(scored)
            p, shrink = np.exp(s) / np.exp(s).sum(), 0.0
        W[:] = W - rate * (np.outer(p - target, x) + shrink)
        return 0.0

    return perceptron if model == "perceptron" else logistic


def _initial_mlp(d: int, hidden: int, classes: int, mistake: str) -> dict[str, np.ndarray]:
    def normal(*shape: int) -> np.ndarray:
        return np.random.normal(0.1, 0.1, shape)

    if mistake == "W2 drawn first":
        W2 = normal(classes, hidden)
        W1 = normal(hidden, d)
    else:
        W1 = normal(hidden, d)
        W2 = normal(classes, hidden)
    return {"W1": W1, "b1": np.zeros(hidden), "W2": W2, "b2": np.zeros(classes)}


def _mlp_scores(w: dict[str, np.ndarray]) -> Callable[[np.ndarray], np.ndarray]:
    return lambda X: np.maximum(0, X @ w["W1"].T + w["b1"]) @ w["W2"].T + w["b2"]


def _mlp_step(
    w: dict[str, np.ndarray], rate: float, mistake: str
) -> Callable[[np.ndarray, np.ndarray, int], float]:
    W1, b1, W2, b2 = w["W1"], w["b1"], w["W2"], w["b2"]

    def step(scored: np.ndarray, x: np.ndarray, k: int) -> float:
        z = W1.dot(scored) + b1
        h = np.where(z > 0, z, 0)
        s = W2.dot(h) + b2
        s = s - s.max()
        p = np.exp(s) / np.exp(s).sum()
        if mistake == "probability clamped":
            p = np.clip(p, 0.2, 1)
        loss = -np.log(p[k]) if p[k] > 0 else np.log(np.exp(s).sum()) - s[k]
        p[k] -= 1
        if mistake == "W2 stepped before it is used":
            W2[:] -= rate * np.outer(p, h)
        back = W2.T.dot(p)
        if mistake != "relu slope forgotten":
            back = back * (z > 0)
        if mistake != "W2 stepped before it is used":
            W2[:] -= rate * np.outer(p, h)
        b2[:] -= rate * p
        W1[:] -= rate * np.outer(back, x)
        b1[:] -= rate * (back.sum() if mistake == "one bias for all units" else back)
        return float(loss)

    return step
