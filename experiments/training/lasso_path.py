"""Beyond question 1.2d: a path of L1 solutions, from all weights zero downwards.

Its folder is that of a run; an "epoch" of `metrics.jsonl` is one lambda of the path. After each
there may be a checkpoint: the weights, from which the next one starts.
"""

import time
from pathlib import Path
from typing import Any, cast

import numpy as np

from experiments.cli.errors import DataError, as_run_folder_error
from experiments.data.dataset import Dataset, Split
from experiments.environment.provenance import machine, versions
from experiments.environment.sources import sources_hash
from experiments.parallel.pool import Output
from experiments.plots.lasso import draw_path
from experiments.runs.checkpoint import Progress, newest
from experiments.runs.folder import RunFolder
from experiments.runs.records import DataDescription, Description, PathPoint, Summary, Tally
from experiments.runs.resume import open_run
from scratch.evaluation import confusion
from scratch.lasso import fit, l1_norm, scores, zero_weights

COMMAND = "hw1-q1 lasso path"
MAX_GAP = 1e-6
"""The duality gap, in parts of the objective, at which a solution counts as found."""
SETTINGS: dict[str, dict[str, int | float]] = {
    "quick": {"epochs": 6, "step": 0.05 ** (1 / 5), "most_examples": 1_000},
    "full": {"epochs": 18, "step": 0.02 ** (1 / 14), "most_examples": 4_000},
}
"""By preset: points of the path, each lambda in parts of the one before, examples at most."""


def describe(data: Dataset, preset: str) -> Description:
    """Return what the path depends on, as `config.json` holds it."""
    settings = SETTINGS[preset]
    return {
        "command": COMMAND,
        "config": {
            "model": "lasso",
            **settings,
            "enough": MAX_GAP,
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

    Raises:
        RunFolderError: the folder cannot be written, or another process writes to it.
        DataError: the examples taken have none of some class.
    """
    description = describe(data, preset)
    n = cast(int, description["config"]["examples"])
    some = np.linspace(0, len(data.train) - 1, n).astype(np.int64)  # a file may be sorted
    train = Split(data.train.images[some], data.train.labels[some])
    try:
        weights, largest = zero_weights(train.pixels, train.labels, len(data.class_names))
    except ValueError as error:
        raise DataError(f"{data.source}: {error}; use a file with more of each") from None
    if largest < 1e-12:  # pixels are 1 at most: rounding leaves less than this
        raise DataError(
            f"{data.source}: got images that tell no classes apart, all of one color perhaps, "
            "expected a path of L1 solutions; use other data"
        )
    folder, begun = open_run(parent, f"lasso-{preset}", description, resume=True)
    with folder:
        if folder.has_results:
            folder.mark_finished()
        else:
            _fit_path(data, train, weights, largest, folder, begun, description, output)
    with as_run_folder_error(folder.path):
        draw_path(folder.path)
    return folder.path


def _fit_path(
    data: Dataset,
    train: Split,
    weights: np.ndarray,
    largest: float,
    folder: RunFolder,
    begun: bool,
    description: Description,
    output: Output,
) -> None:
    """Fit all points of the path, or those that an unfinished one lacks."""
    config: dict[str, Any] = dict(description["config"])
    began = time.perf_counter()
    epochs: list[Any] = []
    if begun:
        found = newest([folder.checkpoints], {"W": weights}, [], output.line)
        if found is not None:
            weights, epochs = found[0].arrays["W"], found[0].epochs
            began -= found[0].seconds
        folder.truncate_metrics(epochs)
        output.line(f"{folder.path}: continuing after point {len(epochs)}")
    penalties = [largest * config["step"] ** k for k in range(config["epochs"])]
    for penalty in penalties[len(epochs) :]:
        started = time.perf_counter()
        weights, objective, gap, steps = fit(train.pixels, train.labels, penalty, weights, MAX_GAP)
        point: PathPoint = {
            "epoch": len(epochs) + 1,
            "lambda": penalty,
            "zeros": float(np.mean(weights[:, :-1] == 0)),
            "l1_norm": l1_norm(weights),
            "objective": objective,
            "gap": gap,
            "relative_gap": gap / objective,
            "iterations": steps,
            "train": _tally(weights, train)[0],
            "val": _tally(weights, data.val)[0],
        }
        epochs.append({**point, "seconds": round(time.perf_counter() - started, 5)})
        folder.add_epoch(epochs[-1])
        if folder.checkpoints.due():
            seconds = time.perf_counter() - began
            folder.save(Progress(len(epochs), epochs, seconds, {"W": weights}))
        output.line(
            f"lambda {penalty:.5f}: zeros {point['zeros']:.4f} | train acc: "
            f"{point['train']['accuracy']:.4f} | val acc: {point['val']['accuracy']:.4f} | "
            f"gap {point['relative_gap']:.1g}"
        )
    last = epochs[-1]
    test, predicted = _tally(weights, data.test)
    summary = {
        "model": "lasso",
        "seed": config["seed"],
        "synthetic": data.synthetic,
        "lambda_max": largest,
        "path": [{k: v for k, v in point.items() if k != "seconds"} for point in epochs],
        "final": {"train": last["train"], "val": last["val"], "test": test},
        "confusion": {"test": confusion(data.test.labels, predicted, len(weights)).tolist()},
        "diverged_at_epoch": None,
        "seconds": round(time.perf_counter() - began, 3),
        "versions": versions("numpy"),
        "machine": machine(),
        **description,
    }
    folder.write_results(cast(Summary, summary), {"W": weights})
    folder.mark_finished()


def _tally(weights: np.ndarray, split: Split) -> tuple[Tally, np.ndarray]:
    """Count the correct predictions of a split; return them too."""
    predicted = scores(weights, split.pixels).argmax(axis=1)
    correct, total = int(np.count_nonzero(predicted == split.labels)), len(split)
    return {"correct": correct, "total": total, "accuracy": correct / total}, predicted
