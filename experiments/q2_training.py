"""The runs of question 2 that are trained together: train, print, and leave a folder for each."""

import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple

import jax
import numpy as np

from experiments.console import Console, duration
from experiments.data.dataset import Dataset
from experiments.jax_setup import device
from experiments.q2_config import Q2Config
from experiments.q2_programs import Programs
from experiments.runs.folder import Record, RunFolder
from experiments.runs.provenance import machine, sources_hash, versions
from jaxmodels.evaluation import Evaluation
from jaxmodels.models import named_arrays
from jaxmodels.training import EpochMetrics
from scratch.evaluation import confusion

# What a run's numbers depend on besides its configuration and the data.
_DECIDING = tuple(
    f"jaxmodels/{name}.py"
    for name in ("batches", "evaluation", "losses", "models", "optimisers", "training")
)


class _Column:
    """One run of the group: its configuration, its folder, and what its epochs gave."""

    def __init__(self, config: Q2Config, name: str, folder: RunFolder) -> None:
        self.config, self.name, self.folder = config, name, folder
        self.epochs: list[Record] = []
        self.diverged_at: int | None = None

    @property
    def diverged(self) -> bool:
        """Whether a loss was not finite; nothing more is recorded then."""
        return self.diverged_at is not None

    def add(self, record: Record) -> bool:
        """Write one epoch's record; whether the run goes on, which takes a finite loss."""
        if record["loss"] is None or record["val"]["loss"] is None:
            self.diverged_at = record["epoch"]
        self.epochs.append(record)
        self.folder.add_epoch(record)
        return not self.diverged


class _Trained(NamedTuple):
    params: Any
    seconds: float


def train_group(
    configs: Sequence[Q2Config],
    names: Sequence[str],
    data: Dataset,
    programs: Programs,
    parent: Path,
    console: Console,
) -> list[Path]:
    """Train runs of one setting side by side, everything printed and written but the figures.

    Args:
        configs: what to train; equal in what the program is compiled for and in the epochs.
        names: what the printed lines call each of them if there are several.
        data: what to train them on.
        programs: the compiled programs, with the data on the device.
        parent: where the runs' folders are made.
        console: where the lines go.

    Returns:
        The runs' folders, in the order of `configs`.

    Raises:
        RunFolderError: a folder cannot be written.
    """
    described = [_describe(config, data) for config in configs]
    columns = [
        _Column(config, name, RunFolder(parent, f"{config.slug}-{data.sha256[:8]}", description))
        for config, name, description in zip(configs, names, described, strict=True)
    ]
    trained = _train(columns, programs, console)
    console.line(f"Training took {duration(trained.seconds)}")
    setting = programs.setting(configs)
    found = {
        split: programs.evaluate(setting, trained.params, split) for split in ("train", "test")
    }
    for i, (column, description) in enumerate(zip(columns, described, strict=True)):
        final = {split: _tally(found[split], i) for split in found}
        console.line(_prefix(column, columns) + f"Final test acc: {final['test']['accuracy']:.4f}")
        last = column.epochs[-1]
        seconds = trained.seconds / len(columns)
        summary = {
            "model": column.config.model,
            "seed": column.config.seed,
            "synthetic": data.synthetic,
            "final": {
                "train": final["train"],
                "val": last["val"],
                "test": final["test"],
                "loss": last["loss"],
            },
            "confusion": {
                "test": confusion(
                    data.test.labels, np.asarray(found["test"].predicted[i]), len(data.class_names)
                ).tolist()
            },
            "diverged_at_epoch": column.diverged_at,
            "seconds": round(seconds, 3),
            "seconds_per_epoch": round(float(np.median([e["seconds"] for e in column.epochs])), 5),
            "side_by_side": len(columns),
            "versions": versions("numpy", "jax", "jaxlib", "flax", "optax"),
            "machine": {**machine(), **device()},
            **description,
        }
        own = jax.tree.map(lambda leaf, i=i: leaf[i], trained.params)
        weights = {name: np.asarray(array) for name, array in named_arrays(own).items()}
        column.folder.finish(summary, weights)
    return [column.folder.path for column in columns]


def _train(columns: Sequence[_Column], programs: Programs, console: Console) -> _Trained:
    configs = [column.config for column in columns]
    setting = programs.setting(configs)
    hyper, states = programs.start(configs)
    seconds = 0.0
    for epoch in range(1, configs[0].epochs + 1):
        console.line(f"Training epoch {epoch}")
        compiling, began = programs.compile_seconds, time.perf_counter()
        states, metrics = programs.epoch(setting, hyper, states)
        spent = time.perf_counter() - began - (programs.compile_seconds - compiling)
        seconds += spent
        for i, column in enumerate(columns):
            if not column.diverged:
                record = _measured(epoch, metrics, i, spent / len(columns), programs)
                goes_on = column.add(record)
                console.line(_prefix(column, columns) + _epoch_line(record))
                console.advance(column.config.model)
                if not goes_on:
                    console.line(
                        f"{_prefix(column, columns)}Diverged at epoch {epoch}: take a smaller "
                        "-learning_rate"
                    )
        if all(column.diverged for column in columns):
            break
    return _Trained(states.params, seconds)


def _measured(
    epoch: int, metrics: EpochMetrics, i: int, seconds: float, programs: Programs
) -> Record:
    total, correct = len(programs.splits["val"].labels), int(metrics.val_correct[i])
    return {
        "epoch": epoch,
        "loss": _finite(metrics.train_loss[i]),
        "val": {
            "correct": correct,
            "total": total,
            "accuracy": correct / total,
            "loss": _finite(metrics.val_loss[i]),
        },
        "seconds": round(seconds, 5),
    }


def _tally(found: Evaluation, i: int) -> Record:
    correct, total = int(found.correct[i]), found.predicted.shape[1]
    return {
        "correct": correct,
        "total": total,
        "accuracy": correct / total,
        "loss": _finite(found.loss[i]),
    }


def _finite(value: Any) -> float | None:
    """JSON knows no infinity; None marks the epoch that diverged."""
    return float(value) if np.isfinite(value) else None


def _prefix(column: _Column, columns: Sequence[_Column]) -> str:
    return f"{column.name}: " if len(columns) > 1 else ""


def _epoch_line(record: Record) -> str:
    return (
        f"train loss: {_number(record['loss'])} | val loss: {_number(record['val']['loss'])} | "
        f"val acc: {record['val']['accuracy']:.4f}"
    )


def _number(value: float | None) -> str:
    return "not finite" if value is None else f"{value:.4f}"


def _describe(config: Q2Config, data: Dataset) -> Record:
    return {
        "command": "hw1-q2",
        "config": config.as_dict(),
        "data": data.description,
        "sources_sha256": sources_hash(*_DECIDING),
    }
