"""The runs of question 2 that are trained together: train, print, and leave a folder for each."""

import time
from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import Any, NamedTuple

import jax
import jax.numpy as jnp
import numpy as np

from experiments.cli.commands import InterruptionError
from experiments.cli.console import duration
from experiments.configs.q2 import Q2Config
from experiments.data.dataset import Dataset
from experiments.environment.jax_setup import device
from experiments.environment.provenance import machine, sources_hash, versions
from experiments.parallel import graceful_stop
from experiments.parallel.pool import Output
from experiments.process_group.peers import Peers
from experiments.runs.folder import RunFolder
from experiments.runs.json_files import Record
from experiments.runs.null_folder import NullRunFolder
from experiments.runs.unfinished import open_run
from experiments.training.q2.checkpoint import Column, join, newest, pack, share, take
from experiments.training.q2.programs import Programs
from jaxmodels.evaluation import Evaluation
from jaxmodels.models import named_arrays
from jaxmodels.training import EpochMetrics, TrainState
from scratch.evaluation import confusion

# What a run's numbers depend on besides its configuration and the data.
_DECIDING = tuple(
    f"jaxmodels/{name}.py"
    for name in ("batches", "evaluation", "losses", "models", "optimizers", "training")
)


class _Column:
    """One run of the group: its configuration, its folder, and what its epochs gave."""

    def __init__(
        self, config: Q2Config, name: str, about: Record, folder: RunFolder | NullRunFolder
    ) -> None:
        self.config, self.name, self.about, self.folder = config, name, about, folder
        self.epochs: list[Record] = []

    @property
    def diverged_at(self) -> int | None:
        """The epoch whose loss was not finite; nothing more is recorded then."""
        if not self.epochs:
            return None
        last = self.epochs[-1]
        return last["epoch"] if last["loss"] is None or last["val"]["loss"] is None else None

    def add(self, record: Record) -> None:
        """Write one epoch's record."""
        self.epochs.append(record)
        self.folder.add_epoch(record)

    def go_back(self, epochs: list[Record]) -> None:
        """Go on after these epochs, whatever the folder holds."""
        self.epochs = epochs
        self.folder.rewind(epochs)


class _Trained(NamedTuple):
    initial: dict[str, Evaluation]
    params: Any
    seconds: float


def train_group(
    configs: Sequence[Q2Config],
    names: Sequence[str],
    data: Dataset,
    programs: Programs,
    parent: Path,
    console: Output,
    *,
    resume: bool = False,
    peers: Peers = Peers(),  # noqa: B008  (it has no state)
) -> list[Path]:
    """Train runs of one setting side by side, everything printed and written but the figures.

    Args:
        configs: what to train; equal in what the program is compiled for and in the epochs.
        names: what the printed lines call each of them if there are several.
        data: what to train them on.
        programs: the compiled programs, with the data on the device.
        parent: where the runs' folders are made.
        console: where the lines go.
        resume: whether unfinished runs with these configurations are continued if there are any.
        peers: the processes that train these runs together; the first of them has the folders.

    Returns:
        The runs' folders, in the order of `configs`; what they are is the leader's to know.

    Raises:
        RunFolderError: a folder cannot be written, or another process writes to it.
        InterruptionError: Ctrl-C, after the epoch and its checkpoints.
    """
    peers.check_interruption()
    with ExitStack() as stack:
        columns, begun = [], []
        for config, name in zip(configs, names, strict=True):
            about = describe(config, data)
            if peers.leads:
                folder, was_there = open_run(parent, config.slug, about, resume)
                stack.enter_context(folder)
                columns.append(_Column(config, name, about, folder))
                begun.append(was_there)
            else:
                columns.append(_Column(config, name, about, NullRunFolder()))
        if peers.agree(all(column.folder.is_prepared for column in columns)):
            console.line("trained already")
        else:
            trained = _train(columns, programs, console, peers.agree(any(begun)), peers)
            console.line(f"Training took {duration(trained.seconds)}")
            _prepare(columns, trained, data, programs, console)
        for column in columns:
            column.folder.commit()
    return [column.folder.path for column in columns]


def _prepare(
    columns: Sequence[_Column],
    trained: _Trained,
    data: Dataset,
    programs: Programs,
    console: Output,
) -> None:
    spec = programs.spec([column.config for column in columns])
    found = {split: programs.evaluate(spec, trained.params, split) for split in ("train", "test")}
    params = programs.fetch(trained.params, len(columns))
    for i, column in enumerate(columns):
        final = {split: _tally(found[split], i) for split in found}
        console.line(_prefix(column, columns) + f"Final test acc: {final['test']['accuracy']:.4f}")
        last = column.epochs[-1]
        seconds = trained.seconds / len(columns)
        summary = {
            "model": column.config.model,
            "seed": column.config.seed,
            "synthetic": data.synthetic,
            "initial": {name: _tally(trained.initial[name], i) for name in trained.initial},
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
            **column.about,
        }
        own = jax.tree.map(lambda leaf, i=i: jnp.asarray(leaf[i]), params)
        weights = {name: np.asarray(array) for name, array in named_arrays(own).items()}
        column.folder.prepare(summary, weights)


def _train(
    columns: Sequence[_Column], programs: Programs, console: Output, resume: bool, peers: Peers
) -> _Trained:
    configs = [column.config for column in columns]
    spec = programs.spec(configs)
    hyper, states = programs.start(configs)
    initial = {name: programs.evaluate(spec, states.params, name) for name in ("train", "val")}
    epoch, seconds = 0, 0.0
    if resume:
        epoch, seconds, states = _continued(columns, programs, states, console, peers)
    peers.check_interruption()
    while epoch < configs[0].epochs and any(column.diverged_at is None for column in columns):
        epoch += 1
        console.line(f"Training epoch {epoch}")
        compiling, began = programs.compile_seconds, time.perf_counter()
        states, metrics = programs.epoch(spec, hyper, states)
        spent = time.perf_counter() - began - (programs.compile_seconds - compiling)
        seconds += spent
        for i, column in enumerate(columns):
            if column.diverged_at is None:
                record = _measured(epoch, metrics, i, spent / len(columns), programs)
                column.add(record)
                _say(column, columns, record, console)
        votes = peers.gather([graceful_stop.requested(), columns[0].folder.checkpoints.due()])
        stopping, due = any(vote[0] for vote in votes), votes[0][1]
        if epoch < configs[0].epochs and (stopping or due):
            _save(columns, epoch, programs.fetch(states, len(columns)), seconds, programs)
            if stopping:
                raise InterruptionError("interrupted")
    return _Trained(initial, states.params, seconds)


def _continued(
    columns: Sequence[_Column],
    programs: Programs,
    states: TrainState,
    console: Output,
    peers: Peers,
) -> tuple[int, float, TrainState]:
    """Epoch, seconds and states from which the runs go on, with their files set back to them."""
    beside = programs.beside([column.config for column in columns])
    runs = [
        (column.folder.checkpoints, column.about)
        for column in columns
        if isinstance(column.folder, RunFolder)
    ]
    found = share(newest(runs, beside, states, console.line) if runs else None, peers)
    if found is None:
        epoch, seconds = 0, 0.0
    else:
        states = join(found, states)
        epoch, seconds = int(states.epoch[0]), found[0].seconds
    for i, column in enumerate(columns):
        column.go_back(found[i].epochs if found else [])
        console.line(f"{column.folder.path}: continuing after epoch {epoch}")
    return epoch, seconds, states


def _save(
    columns: Sequence[_Column], epoch: int, states: TrainState, seconds: float, programs: Programs
) -> None:
    """Write a checkpoint of every run; the states are the host's."""
    beside = programs.beside([column.config for column in columns])
    for i, column in enumerate(columns):
        part = Column(take(states, i), column.epochs, seconds)
        column.folder.save(epoch, *pack(column.about, beside, part))


def _say(column: _Column, columns: Sequence[_Column], record: Record, console: Output) -> None:
    console.line(_prefix(column, columns) + _epoch_line(record))
    console.advance(column.config.model)
    if column.diverged_at is not None:
        console.line(
            f"{_prefix(column, columns)}Diverged at epoch {record['epoch']}: take a smaller "
            "-learning_rate"
        )


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


def describe(config: Q2Config, data: Dataset) -> Record:
    """What the numbers of a run depend on, as its `config.json` holds it."""
    return {
        "command": "hw1-q2",
        "config": config.as_dict(),
        "data": data.description,
        "sources_sha256": sources_hash(*_DECIDING),
    }
