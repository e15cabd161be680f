"""One run of question 1, and the lines that are printed of it."""

from collections.abc import Mapping
from pathlib import Path

from experiments.configs.q1 import Q1Config
from experiments.data.dataset import Dataset
from experiments.parallel.pool import Output
from experiments.runs.records import EpochRecord, Tally
from experiments.training.loop import train_runs
from experiments.training.q1.models import make_model
from experiments.training.q1.trainer import ScratchTrainer
from experiments.training.trainer import Wording, in_digits


def train_run(
    config: Q1Config,
    data: Dataset,
    parent: Path,
    output: Output,
    threads: int = 1,
    *,
    resume: bool = False,
) -> Path:
    """Train one run and return its folder; see `experiments.training.loop.train_runs`.

    `threads` share the MLP's products; that changes the time, not the result.
    """
    model = make_model(config, len(data.class_names), threads)
    trainer = ScratchTrainer(config, data, model)
    (folder,) = train_runs(trainer, WORDING, [config.slug], parent, output, resume=resume)
    return folder


def _initial_lines(initial: Mapping[str, Tally]) -> list[str]:
    return [
        " | ".join(f"initial {split} acc: {initial[split]['accuracy']:.4f}" for split in initial)
    ]


def _epoch_lines(record: EpochRecord) -> list[str]:
    """`loss: 1.2345 | train acc: 0.1234 | val acc: 0.1234 | W norm: 1.2345`, as far as reported."""
    parts = [f"{split} acc: {record[split]['accuracy']:.4f}" for split in ("train", "val")]
    if "loss" in record:
        parts.insert(0, f"loss: {in_digits(record['loss'])}")
    if "weight_norm" in record:
        parts.append(f"W norm: {in_digits(record['weight_norm'])}")
    return [" | ".join(parts)]


WORDING = Wording(_initial_lines, _epoch_lines, "{}: was trained already")
