"""Runs of question 2 that are trained together, and the lines that are printed of them."""

from collections.abc import Sequence
from pathlib import Path

from experiments.configs.q2 import Q2Config
from experiments.data.dataset import Dataset
from experiments.parallel.pool import Output
from experiments.process_group.group import ProcessGroup
from experiments.runs.records import EpochRecord
from experiments.training.loop import ONE_PROCESS, train_runs
from experiments.training.q2.programs import Programs
from experiments.training.q2.trainer import JaxTrainer
from experiments.training.trainer import Wording, diverged_at, in_digits


def train_group(
    configs: Sequence[Q2Config],
    names: Sequence[str],
    data: Dataset,
    programs: Programs,
    parent: Path,
    output: Output,
    *,
    resume: bool = False,
    processes: ProcessGroup = ONE_PROCESS,
) -> list[Path]:
    """Train runs that share a program; see `experiments.training.loop.train_runs`."""
    trainer = JaxTrainer(configs, data, programs)
    return train_runs(trainer, WORDING, names, parent, output, resume=resume, processes=processes)


def _epoch_lines(record: EpochRecord) -> list[str]:
    val = record["val"]
    lines = [
        f"train loss: {in_digits(record['loss'])} | val loss: {in_digits(val['loss'])} | "
        f"val acc: {val['accuracy']:.4f}"
    ]
    if diverged_at([record]) is not None:
        lines.append(f"Diverged at epoch {record['epoch']}: take a smaller -learning_rate")
    return lines


WORDING = Wording(lambda _initial: [], _epoch_lines, "trained already")
