"""Beyond question 1.2d: a path of L1 solutions, from all weights zero downwards.

Its folder is that of a run; an "epoch" of `metrics.jsonl` is one lambda of the path. After each
there may be a checkpoint: the weights, from which the next one starts.
"""

import time
from pathlib import Path
from typing import Any, cast

import numpy as np

from experiments.cli.commands import DataError
from experiments.data.dataset import Dataset, Split
from experiments.environment.provenance import machine, versions
from experiments.environment.sources import sources_hash
from experiments.parallel.pool import Output
from experiments.plots.lasso import draw_path
from experiments.runs.checkpoint import Progress, newest
from experiments.runs.folder import Record, RunFolder
from experiments.runs.json_files import as_run_folder_error
from experiments.runs.records import DataDescription, Description, Summary
from experiments.runs.resume import open_run
from scratch.evaluation import confusion
from scratch.features import PIXEL_SCALE
from scratch.lasso import Solution, Weights, fit, lambda_max, lipschitz, probabilities, zero_weights

COMMAND = "hw1-q1 lasso path"
ENOUGH = 1e-3
"""The duality gap, in parts of the objective, at which a solution counts as found."""
SETTINGS: dict[str, Record] = {
    "quick": {"epochs": 6, "lowest": 0.05, "most_examples": 1_000, "iterations": 60},
    "full": {"epochs": 8, "lowest": 0.02, "most_examples": 4_000, "iterations": 80},
}
"""By preset: points of the path, its smallest lambda in parts of the largest, examples and
iterations per point at most."""


def describe(data: Dataset, preset: str) -> Description:
    """What the path depends on, as `config.json` holds it."""
    settings = SETTINGS[preset]
    return {
        "command": COMMAND,
        "config": {
            "model": "lasso",
            **settings,
            "enough": ENOUGH,
            "examples": min(settings["most_examples"], len(data.train)),
            "train_examples": len(data.train),
            "seed": 0,
        },
        "data": cast(DataDescription, data.description),
        "sources_sha256": sources_hash("experiments.training.lasso_path"),
    }


def run_lasso_path(data: Dataset, parent: Path, output: Output, preset: str) -> Path:
    """Compute the path, or what is left of an unfinished one, draw it, and return its folder.

    Nothing in it is random.

    Args:
        data: what to fit.
        parent: where the folder is made.
        output: where the lines go.
        preset: "quick" or "full".

    Raises:
        RunFolderError: the folder cannot be written, or another process writes to it.
        DataError: the examples taken have none of some class.
    """
    description = describe(data, preset)
    splits = _features(data, cast(int, description["config"]["examples"]))
    try:
        weights = zero_weights(*splits["train"], len(data.class_names))
    except ValueError as error:
        raise DataError(f"{data.source}: {error}; use a file with more of each") from None
    folder, begun = open_run(parent, f"lasso-{preset}", description, resume=True)
    with folder:
        if folder.has_results:
            folder.mark_finished()
        else:
            _fit_path(data, splits, weights, folder, begun, description, output)
    with as_run_folder_error(folder.path):
        draw_path(folder.path)
    return folder.path


def _fit_path(
    data: Dataset,
    splits: dict[str, tuple[np.ndarray, np.ndarray]],
    weights: Weights,
    folder: RunFolder,
    begun: bool,
    description: Description,
    output: Output,
) -> None:
    """All points of the path, or those that an unfinished one lacks."""
    config: Record = dict(description["config"])
    n_classes = len(data.class_names)
    began = time.perf_counter()
    x, labels = splits["train"]
    curvature, largest = lipschitz(x), lambda_max(x, labels, n_classes)
    epochs: list[Any] = []
    if begun:
        found = newest([folder.checkpoints], weights._asdict(), [], output.line)
        if found is not None:
            weights, epochs = Weights(**found[0].arrays), found[0].epochs
            began -= found[0].seconds
        folder.truncate_metrics(epochs)
        output.line(f"{folder.path}: continuing after point {len(epochs)}")
    penalties = np.geomspace(largest, config["lowest"] * largest, config["epochs"]).tolist()
    for penalty in penalties[len(epochs) :]:
        started = time.perf_counter()
        solution = fit(x, labels, penalty, weights, curvature, config["iterations"], ENOUGH)
        weights = solution.weights
        point = _point(len(epochs) + 1, penalty, solution, splits)
        epochs.append({**point, "seconds": round(time.perf_counter() - started, 5)})
        folder.add_epoch(epochs[-1])
        if folder.checkpoints.due():
            seconds = time.perf_counter() - began
            folder.save(Progress(len(epochs), epochs, seconds, weights._asdict()))
        output.line(
            f"lambda {penalty:.5f}: zeros {point['zeros']:.4f} | train acc: "
            f"{point['train']['accuracy']:.4f} | val acc: {point['val']['accuracy']:.4f} | "
            f"gap {point['relative_gap']:.1g}"
        )
    last = epochs[-1]
    predicted = _predict(weights, splits["test"][0])
    test = _tally(predicted, data.test.labels)
    summary = {
        "model": "lasso",
        "seed": config["seed"],
        "synthetic": data.synthetic,
        "lambda_max": largest,
        "path": [{k: v for k, v in point.items() if k != "seconds"} for point in epochs],
        "final": {"train": last["train"], "val": last["val"], "test": test},
        "confusion": {"test": confusion(data.test.labels, predicted, n_classes).tolist()},
        "diverged_at_epoch": None,
        "seconds": round(time.perf_counter() - began, 3),
        "versions": versions("numpy"),
        "machine": machine(),
        **description,
    }
    folder.write_results(cast(Summary, summary), weights._asdict())
    folder.mark_finished()


def _features(data: Dataset, examples: int) -> dict[str, tuple[np.ndarray, np.ndarray]]:
    """Pixels over 256 in float32, less the training examples' mean, which only moves the bias."""
    some = np.linspace(0, len(data.train) - 1, examples).astype(np.int64)  # a file may be sorted
    mean = data.train.pixels[some].mean(axis=0, dtype=np.float64) / PIXEL_SCALE

    def centred(split: Split, which: np.ndarray | slice) -> tuple[np.ndarray, np.ndarray]:
        x = split.pixels[which].astype(np.float32)
        x /= PIXEL_SCALE
        x -= mean.astype(np.float32)
        return x, split.labels[which]

    return {
        name: centred(split, some if name == "train" else slice(None))
        for name, split in data.splits.items()
    }


def _point(number: int, penalty: float, solution: Solution, splits: dict[str, Any]) -> Record:
    W = solution.weights.W
    point: Record = {
        "epoch": number,
        "lambda": penalty,
        "zeros": float(np.mean(W == 0)),
        "l1_norm": float(np.abs(W).sum(dtype=np.float64)),
        "objective": solution.objective,
        "gap": solution.gap,
        "relative_gap": solution.gap / solution.objective,
        "iterations": solution.iterations,
    }
    for name in ("train", "val"):
        x, labels = splits[name]
        point[name] = _tally(_predict(solution.weights, x), labels)
    return point


def _predict(weights: Weights, x: np.ndarray) -> np.ndarray:
    return probabilities(weights, x)[1].argmax(axis=1)


def _tally(predicted: np.ndarray, labels: np.ndarray) -> Record:
    correct = int(np.count_nonzero(predicted == labels))
    return {"correct": correct, "total": len(labels), "accuracy": correct / len(labels)}
