"""Question 1's contenders: each trains whole epochs on the same data, in a process of its own.

An epoch is shuffle, updates, and the accuracies on train and validation, as `hw1-q1` reports it.
"""

import time
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

import numpy as np

from benchmarks.memory import peak_mb
from experiments.data.dataset import Dataset

Arrays = dict[str, np.ndarray]
# Yields after each epoch: the weights, and the correct examples of train and validation.
Epochs = Iterator[tuple[Arrays, list[int]]]

L2 = {"perceptron": 0.0, "logistic_regression": 0.0, "logistic_regression, l2": 0.01, "mlp": 0.0}
MODELS = tuple(L2)


class Measured(NamedTuple):
    """What one contender's process found."""

    seconds: list[float]
    peak_mb: float
    correct: list[int]
    weights: Arrays


def measure(contender: str, model: str, data: Dataset, epochs: int) -> Measured:
    """Time whole epochs of one contender."""
    run = CONTENDERS[contender](model, data)
    seconds = []
    for _ in range(epochs):
        began = time.perf_counter()
        weights, correct = next(run)
        seconds.append(time.perf_counter() - began)
    return Measured(seconds, peak_mb(), correct, weights)


def _scratch(engine: str) -> Callable[[str, Dataset], Epochs]:
    def run(model: str, data: Dataset) -> Epochs:
        from experiments.configs.q1 import Q1Config
        from experiments.environment.provenance import cores
        from experiments.training.q1.models import make_model
        from experiments.training.q1.trainer import predict_split
        from scratch.mlp import MLPParams
        from scratch.training import next_epoch, start

        name = model.partition(",")[0]
        made = make_model(Q1Config(name, l2_penalty=L2[model], engine=engine), 6, cores())  # type: ignore[arg-type]
        state = start(made, 42, len(data.train), data.train.pixels.shape[1])
        while True:
            state, _ = next_epoch(
                made,
                state,
                data.train.pixels,
                data.train.labels,
                engine,  # type: ignore[arg-type]
            )
            correct = [
                int((predict_split(made, state.params, split) == split.labels).sum())
                for split in (data.train, data.val)
            ]
            params = state.params
            yield params._asdict() if isinstance(params, MLPParams) else {"W": params}, correct

    return run


def _as_features(model: str, data: Dataset, bias: bool) -> list[tuple[np.ndarray, np.ndarray]]:
    splits = []
    for split in (data.train, data.val):
        X = split.pixels / 256
        if bias and model != "mlp":
            X = np.hstack([X, np.ones((len(X), 1))])
        splits.append((X, split.labels))
    return splits


def _plain_loop(model: str, data: Dataset) -> Epochs:
    from benchmarks import plain_loop

    (X, y), (X_val, y_val) = _as_features(model, data, bias=True)
    weights, epoch = plain_loop.start(model, (X, y), L2[model])
    while True:
        X, y = epoch(X, y)
        correct = [
            int((plain_loop.predict(weights, a) == b).sum()) for a, b in ((X, y), (X_val, y_val))
        ]
        yield weights, correct


def _sklearn(model: str, data: Dataset) -> Epochs:
    """One example at a time, constant rate, as near as its estimators come to the assignment."""
    from sklearn.linear_model import Perceptron, SGDClassifier
    from sklearn.neural_network import MLPClassifier

    rate: dict[str, Any] = {"learning_rate": "constant", "eta0": 1e-3}
    made = {
        "perceptron": lambda: Perceptron(random_state=42),
        "logistic_regression": lambda: SGDClassifier(
            loss="log_loss", penalty=None, random_state=42, **rate
        ),
        "logistic_regression, l2": lambda: SGDClassifier(
            loss="log_loss", alpha=0.01, random_state=42, **rate
        ),
        "mlp": lambda: MLPClassifier(
            (100,),
            solver="sgd",
            alpha=0,
            batch_size=1,
            learning_rate_init=1e-3,
            momentum=0,
            random_state=42,
        ),
    }[model]()
    train, val = _as_features(model, data, bias=False)
    while True:
        made.partial_fit(*train, classes=np.arange(6))
        correct = [int((made.predict(X) == y).sum()) for X, y in (train, val)]
        yield {}, correct


CONTENDERS: dict[str, Callable[[str, Dataset], Epochs]] = {
    "engine": _scratch("block"),
    "definition": _scratch("definition"),
    "plain loop": _plain_loop,
    "plain loop, 1 thread": _plain_loop,
    "scikit-learn": _sklearn,
}
