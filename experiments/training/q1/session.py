"""The runs of one `hw1-q1` command: data, seeds, figures, and what is said at the end."""

import statistics
from collections.abc import Mapping, Sequence
from pathlib import Path

from experiments.cli.console import Console
from experiments.cli.errors import CommandError
from experiments.configs.q1 import Q1Config
from experiments.data.dataset import SPLITS, Dataset
from experiments.data.load import load
from experiments.environment.provenance import cores
from experiments.parallel.graceful_stop import graceful_stop
from experiments.parallel.pool import Output
from experiments.parallel.side_by_side import side_by_side
from experiments.plots.show import show
from experiments.runs.figures import figures_of
from experiments.runs.folder import make_parent
from experiments.runs.reader import Run
from experiments.runs.records import EpochRecord, Tally
from experiments.training.describe import find_finished
from experiments.training.loop import train_runs
from experiments.training.memory import check_memory
from experiments.training.options import SessionOptions
from experiments.training.q1.models import make_model
from experiments.training.q1.trainer import ScratchTrainer
from experiments.training.trainer import Wording, in_digits

# One for each share of the MLP's products (scratch.models.MLP_SHARES).
MAX_THREADS = 4


def run_session(configs: Sequence[Q1Config], options: SessionOptions) -> list[Path]:
    """Train runs that differ in their seeds alone; print and return their folders.

    Raises:
        CommandError: a run diverged; everything is written and printed all the same.
        UsageError, DataError, RunFolderError: see `experiments.cli.errors`.
    """
    source, resume = options.source, options.resume
    data = load(source)
    check_memory(configs[: cores()], data)
    parent = make_parent(options.out)
    with Console(sum(config.epochs for config in configs)) as console:
        for line in (data.banner, *options.notes):
            console.line(line)
        trained = find_finished(configs, data, parent, console) if resume else {}
        left = [config for config in configs if config not in trained]
        with graceful_stop(options.to_continue):
            if len(left) > 1 and cores() > 1:
                sha256 = data.sha256
                del data  # each process loads it for itself
                arguments = [(config, source, sha256, parent, resume) for config in left]
                done = side_by_side(train_seed, arguments, cores(), console)
                trained.update(zip(left, done, strict=True))
            else:
                threads = min(cores(), MAX_THREADS)
                for config in left:
                    if len(configs) > 1:
                        console.line(f"seed {config.seed}")
                    folder = train_run(config, data, parent, console, threads, resume=resume)
                    trained[config] = folder
        folders = [trained[config] for config in configs]
        from experiments.plots.run import draw_run  # loads Matplotlib: not before the training

        figures = [
            figure for folder in folders for figure in figures_of(folder, draw_run, options.kind)
        ]
        runs = [Run(folder) for folder in folders]
        if len(runs) > 1:
            console.line(_over_seeds(runs))
        if options.show:
            console.line(show(figures))
        for folder in folders:
            console.line(str(folder))
    for run in runs:
        if epoch := run.summary.get("diverged_at_epoch"):
            raise CommandError(
                f"seed {run.summary['seed']} diverged at epoch {epoch}; "
                "take a smaller -learning_rate"
            )
    return folders


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


def train_seed(
    config: Q1Config, source: str | None, sha256: str, parent: Path, resume: bool, output: Output
) -> Path:
    """Train one of several runs, in a process of its own with one thread."""
    with graceful_stop(None):
        output.line(f"seed {config.seed}")
        return train_run(config, load(source, sha256), parent, output, threads=1, resume=resume)


def _over_seeds(runs: Sequence[Run]) -> str:
    parts = []
    for split in SPLITS:
        values = [run.accuracy(split) for run in runs]
        parts.append(f"{split} {statistics.mean(values):.4f} (sd {statistics.stdev(values):.4f})")
    return f"Over {len(runs)} seeds: {', '.join(parts)}"


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
