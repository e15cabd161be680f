"""One run of question 1: train, count, print, and leave a run folder behind."""

import time
from pathlib import Path
from typing import Any

import numpy as np

from experiments.cli.console import duration
from experiments.configs.q1 import Q1Config
from experiments.data.dataset import Dataset, Split
from experiments.environment.provenance import machine, sources_hash, versions
from experiments.parallel import graceful_stop
from experiments.parallel.pool import Output
from experiments.runs.folder import RunFolder
from experiments.runs.json_files import Record
from experiments.runs.unfinished import open_run
from experiments.training.q1.checkpoint import Progress, named_arrays, pack, unpack
from scratch.evaluation import confusion, predict
from scratch.models import (
    Model,
    Params,
    logistic_regression_model,
    mlp_model,
    perceptron_model,
)
from scratch.training import next_epoch, start


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
    config: Q1Config,
    data: Dataset,
    parent: Path,
    output: Output,
    threads: int = 1,
    *,
    resume: bool = False,
) -> Path:
    """Train one run with everything printed and written that the run's folder holds but figures.

    Args:
        config: what to train.
        data: what to train it on.
        parent: where the run's folder is made.
        output: where the lines go.
        threads: how many share the MLP's products; changes the time, not the result.
        resume: whether an unfinished run with this configuration is continued if there is one.

    Returns:
        The run's folder.

    Raises:
        RunFolderError: the folder cannot be written, or another process writes to it.
        InterruptionError: Ctrl-C, after the epoch and its checkpoint.
    """
    graceful_stop.check()
    about = describe(config, data)
    opened, begun = open_run(parent, config.slug, about, resume)
    with opened as folder:
        if folder.is_prepared:
            folder.commit()
            output.line(f"{folder.path}: was trained already")
            return folder.path
        model = make_model(config, len(data.class_names), threads)
        progress = Progress(start(model, config.seed, len(data.train), data.train.pixels.shape[1]))
        splits = ("train", "val")
        params = progress.state.params
        initial = {name: _count(model, params, getattr(data, name)) for name in splits}
        if begun:
            found = folder.checkpoints.newest(unpack(about, progress.state), output.line)
            progress = found or progress
            folder.rewind(progress.epochs)
            output.line(f"{folder.path}: continuing after epoch {progress.state.epoch}")
        else:
            output.line(
                f"initial train acc: {initial['train']['accuracy']:.4f} | "
                f"initial val acc: {initial['val']['accuracy']:.4f}"
            )
        _train(model, config, data, progress, folder, about, output)
        summary = _summary(model, config, data, progress, output)
        summary = {**summary, "initial": initial, **about}
        folder.finish(summary, named_arrays(progress.state.params))
    return folder.path


def _summary(
    model: Model, config: Q1Config, data: Dataset, progress: Progress, output: Output
) -> Record:
    output.line(f"Training took {duration(progress.seconds)}")
    predicted = predict_split(model, progress.state.params, data.test)
    test = _tally(predicted, data.test.labels)
    output.line(f"Final test acc: {test['accuracy']:.4f}")
    found = confusion(data.test.labels, predicted, len(data.class_names))
    return {
        "model": config.model,
        "seed": config.seed,
        "synthetic": data.synthetic,
        "final": _final(progress.epochs[-1], test),
        "confusion": {"test": found.tolist()},
        "diverged_at_epoch": progress.diverged_at,
        "seconds": round(progress.seconds, 3),
        "seconds_per_epoch": round(float(np.median([e["seconds"] for e in progress.epochs])), 5),
        "versions": versions("numpy"),
        "machine": machine(),
    }


def _train(
    model: Model,
    config: Q1Config,
    data: Dataset,
    progress: Progress,
    folder: RunFolder,
    about: Record,
    output: Output,
) -> None:
    while progress.state.epoch < config.epochs and progress.diverged_at is None:
        graceful_stop.check()
        output.line(f"Training epoch {progress.state.epoch + 1}")
        began = time.perf_counter()
        record = _epoch(model, config, data, progress)
        folder.add_epoch(record)
        output.line(_epoch_line(record))
        output.advance(config.model)
        progress.seconds += time.perf_counter() - began
        stopping = graceful_stop.requested()
        if progress.state.epoch < config.epochs and (stopping or folder.checkpoints.due()):
            folder.save(progress.state.epoch, *pack(about, progress))
        if stopping and progress.state.epoch < config.epochs:
            graceful_stop.check()


def _epoch(model: Model, config: Q1Config, data: Dataset, progress: Progress) -> Record:
    began = time.perf_counter()
    # A step size that is too large overflows; the epoch is named at the end, once.
    with np.errstate(over="ignore", invalid="ignore"):
        progress.state, loss = next_epoch(
            model, progress.state, data.train.pixels, data.train.labels, config.engine
        )
        params = progress.state.params
        record: Record = {"epoch": progress.state.epoch}
        for name in ("train", "val"):
            record[name] = _count(model, params, getattr(data, name))
        if model.weight_norm:
            record["weight_norm"] = _finite(model.weight_norm(params))
        if loss is not None:
            record["loss"] = _finite(loss)
    record["seconds"] = round(time.perf_counter() - began, 5)
    progress.epochs.append(record)
    return record


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


def describe(config: Q1Config, data: Dataset) -> dict[str, Any]:
    """What the numbers of a run depend on, as its `config.json` holds it."""
    return {
        "command": "hw1-q1",
        "config": config.as_dict(),
        "data": data.description,
        "sources_sha256": sources_hash("scratch"),
    }
