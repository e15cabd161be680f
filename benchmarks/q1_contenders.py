"""Question 1's contenders: each trains whole epochs on the same data.

An epoch is shuffle, updates, and the accuracies on train and validation, as `hw1-q1` reports it.
"""

import os
from collections.abc import Callable
from typing import Any, cast

import numpy as np

from benchmarks.running import Contender, Found, Job
from experiments.configs.q1 import Q1Config
from experiments.data.dataset import Dataset
from experiments.environment.provenance import cores


def engine(job: Job, data: Dataset) -> Contender:
    """Train as `hw1-q1` does, with the engine that the configuration names."""
    from experiments.training.q1.models import make_model
    from experiments.training.q1.session import MAX_THREADS
    from experiments.training.q1.trainer import named_arrays, predict_split
    from scratch.training import next_epoch, start

    config, pixels, labels = _config(job), data.train.pixels, data.train.labels
    model = make_model(config, len(data.class_names), min(cores(), MAX_THREADS))
    state = start(model, config.seed, *pixels.shape)

    def again() -> Found:
        nonlocal state
        state, _ = next_epoch(model, state, pixels, labels, config.engine)
        return _correct(
            (predict_split(model, state.params, split), split.labels)
            for split in (data.train, data.val)
        )

    return Contender(again, model.threads, weights=lambda: named_arrays(state.params))


def plain_loop(job: Job, data: Dataset) -> Contender:
    """Train as a student's script does, `benchmarks.plain_loop`."""
    from benchmarks import plain_loop as plain

    config = _config(job)
    (X, y), val = _as_features(data, bias=config.model != "mlp")
    weights, epoch = plain.start(config.model, (X, y), config.l2_penalty)

    def again() -> Found:
        nonlocal X, y
        X, y = epoch(X, y)
        return _correct((plain.predict(weights, a), b) for a, b in ((X, y), val))

    return Contender(again, _blas_threads(), weights=lambda: weights)


def scikit_learn(job: Job, data: Dataset) -> Contender:
    """One example at a time, constant rate, as near as its estimators come to the assignment."""
    from sklearn.linear_model import Perceptron, SGDClassifier
    from sklearn.neural_network import MLPClassifier

    config = _config(job)
    rate, seed = config.learning_rate, {"random_state": config.seed}
    if config.model == "perceptron":
        made = Perceptron(**seed)
    elif config.model == "logistic_regression":
        penalty: dict[str, Any] = {"penalty": None}
        if config.l2_penalty:
            penalty = {"alpha": config.l2_penalty}
        made = SGDClassifier(
            loss="log_loss", learning_rate="constant", eta0=rate, **penalty, **seed
        )
    else:
        plain_sgd: dict[str, Any] = {"solver": "sgd", "alpha": 0, "batch_size": 1, "momentum": 0}
        made = MLPClassifier((config.hidden_size,), learning_rate_init=rate, **plain_sgd, **seed)
    splits = _as_features(data, bias=False)

    def again() -> Found:
        made.partial_fit(*splits[0], classes=np.arange(len(data.class_names)))
        return _correct((made.predict(X), y) for X, y in splits)

    return Contender(again, _blas_threads())


def _config(job: Job) -> Q1Config:
    return cast(Q1Config, job.configs[0])


def _correct(predicted_and_labels: Any) -> Found:
    return {"correct": [int((predicted == y).sum()) for predicted, y in predicted_and_labels]}


def _as_features(data: Dataset, bias: bool) -> list[tuple[np.ndarray, np.ndarray]]:
    splits = []
    for split in (data.train, data.val):
        X = split.pixels / 256
        if bias:
            X = np.hstack([X, np.ones((len(X), 1))])
        splits.append((X, split.labels))
    return splits


def _blas_threads() -> int:
    """On how many threads OpenBLAS, by its own rule, multiplies; all else is on one."""
    asked = map(os.environ.get, ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS"))
    return int(next(filter(None, asked), cores()))


CONTENDERS: dict[str, Callable[[Job, Dataset], Contender]] = {
    "engine": engine,
    "plain loop": plain_loop,
    "scikit-learn": scikit_learn,
}
