"""One run of question 1: train, count, print, and leave a run folder behind."""

import time
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from experiments.console import duration
from experiments.data.dataset import Dataset, Split
from experiments.q1_config import Q1Config
from experiments.runs.folder import Record, RunFolder
from experiments.runs.provenance import machine, sources_hash, versions
from experiments.side_by_side import Output
from scratch.evaluation import confusion, predict
from scratch.mlp import MLPParams
from scratch.models import (
    Model,
    Params,
    logistic_regression_model,
    mlp_model,
    perceptron_model,
)
from scratch.training import TrainState, next_epoch, start


class _Trained(NamedTuple):
    state: TrainState
    epochs: list[Record]
    seconds: float
    diverged_at: int | None


def make_model(config: Q1Config, n_classes: int, threads: int = 1) -> Model:
    """The model that a configuration asks for; `threads` share the MLP's products."""
    match config.model:
        case "perceptron":
            return perceptron_model(n_classes)
        case "logistic_regression":
            return logistic_regression_model(n_classes, config.learning_rate, config.l2_penalty)
        case "mlp":
            return mlp_model(n_classes, config.hidden_size, config.learning_rate, threads=threads)


def train_run(
    config: Q1Config, data: Dataset, parent: Path, output: Output, threads: int = 1
) -> Path:
    """Train one run with everything printed and written that the run's folder holds but figures.

    Args:
        config: what to train.
        data: what to train it on.
        parent: where the run's folder is made.
        output: where the lines go.
        threads: how many share the MLP's products; changes the time, not the result.

    Returns:
        The run's folder.

    Raises:
        RunFolderError: the folder cannot be written.
    """
    model = make_model(config, len(data.class_names), threads)
    folder = RunFolder(parent, f"{config.slug}-{data.sha256[:8]}", _describe(config, data))
    state = start(model, config.seed, len(data.train), data.train.pixels.shape[1])
    initial = {name: _count(model, state.params, getattr(data, name)) for name in ("train", "val")}
    output.line(
        f"initial train acc: {initial['train']['accuracy']:.4f} | "
        f"initial val acc: {initial['val']['accuracy']:.4f}"
    )

    trained = _train(model, config, data, state, folder, output)
    output.line(f"Training took {duration(trained.seconds)}")
    predicted = predict_split(model, trained.state.params, data.test)
    test = _tally(predicted, data.test.labels)
    output.line(f"Final test acc: {test['accuracy']:.4f}")

    summary = {
        "model": config.model,
        "seed": config.seed,
        "synthetic": data.synthetic,
        "initial": initial,
        "final": _final(trained.epochs[-1], test),
        "confusion": {
            "test": confusion(data.test.labels, predicted, len(data.class_names)).tolist()
        },
        "diverged_at_epoch": trained.diverged_at,
        "seconds": round(trained.seconds, 3),
        "seconds_per_epoch": round(float(np.median([e["seconds"] for e in trained.epochs])), 5),
        "versions": versions("numpy"),
        "machine": machine(),
        **_describe(config, data),
    }
    folder.finish(summary, named_arrays(trained.state.params))
    return folder.path


def _train(
    model: Model,
    config: Q1Config,
    data: Dataset,
    state: TrainState,
    folder: RunFolder,
    output: Output,
) -> _Trained:
    epochs: list[Record] = []
    diverged_at = None
    began = time.perf_counter()
    while state.epoch < config.epochs and diverged_at is None:
        output.line(f"Training epoch {state.epoch + 1}")
        epoch_began = time.perf_counter()
        # A step size that is too large overflows; the epoch is named below, once.
        with np.errstate(over="ignore", invalid="ignore"):
            state, loss = next_epoch(
                model, state, data.train.pixels, data.train.labels, config.engine
            )
            record: Record = {"epoch": state.epoch}
            for name in ("train", "val"):
                record[name] = _count(model, state.params, getattr(data, name))
            if model.weight_norm:
                record["weight_norm"] = _finite(model.weight_norm(state.params))
            if loss is not None:
                record["loss"] = _finite(loss)
        record["seconds"] = round(time.perf_counter() - epoch_began, 5)
        folder.add_epoch(record)
        epochs.append(record)
        output.line(_epoch_line(record))
        output.advance(config.model)
        if None in record.values():
            diverged_at = state.epoch
    return _Trained(state, epochs, time.perf_counter() - began, diverged_at)


def predict_split(model: Model, params: Params, split: Split) -> np.ndarray:
    """The predicted class of every example of a split, `[n]`."""
    return predict(
        lambda x: model.scores(params, x),
        split.pixels,
        model.bias_column,
        model.chunk_size,
        model.threads,
    )


def _count(model: Model, params: Params, split: Split) -> Record:
    return _tally(predict_split(model, params, split), split.labels)


def _tally(predicted: np.ndarray, labels: np.ndarray) -> Record:
    correct = int(np.count_nonzero(predicted == labels))
    return {"correct": correct, "total": len(labels), "accuracy": correct / len(labels)}


def _finite(value: float) -> float | None:
    """JSON knows no infinity; None marks the epoch that diverged."""
    return value if np.isfinite(value) else None


def _final(record: Record, test: Record) -> Record:
    measures: Record = {key: record[key] for key in ("weight_norm", "loss") if key in record}
    return {"train": record["train"], "val": record["val"], "test": test, **measures}


def _epoch_line(record: Record) -> str:
    """`loss: 1.2345 | train acc: 0.1234 | val acc: 0.1234 | W norm: 1.2345`, as far as reported."""
    parts = [
        f"train acc: {record['train']['accuracy']:.4f}",
        f"val acc: {record['val']['accuracy']:.4f}",
    ]
    if "loss" in record:
        parts.insert(0, f"loss: {_number(record['loss'])}")
    if "weight_norm" in record:
        parts.append(f"W norm: {_number(record['weight_norm'])}")
    return " | ".join(parts)


def _number(value: float | None) -> str:
    return "not finite" if value is None else f"{value:.4f}"


def _describe(config: Q1Config, data: Dataset) -> dict[str, Any]:
    return {
        "command": "hw1-q1",
        "config": config.as_dict(),
        "data": data.description,
        "sources_sha256": sources_hash("scratch"),
    }


def named_arrays(params: Params) -> dict[str, np.ndarray]:
    """The parameters by name, as `weights.npz` holds them."""
    return params._asdict() if isinstance(params, MLPParams) else {"W": params}
