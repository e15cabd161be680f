"""The runs of one `hw1-q1` command: data, seeds, figures, and what is said at the end."""

import statistics
from collections.abc import Sequence
from pathlib import Path

from experiments.cli.commands import CommandError
from experiments.cli.console import Console
from experiments.configs.q1 import Q1Config
from experiments.data.load import load
from experiments.environment.provenance import cores
from experiments.parallel.graceful_stop import graceful_stop
from experiments.parallel.pool import Output
from experiments.parallel.side_by_side import side_by_side
from experiments.plots.show import show
from experiments.runs.figures import figures_of
from experiments.runs.folder import make_parent
from experiments.runs.reader import Run
from experiments.training.memory import check_memory
from experiments.training.q1.train import train_run
from experiments.training.session import SessionOptions, find_finished

# One for each share of the MLP's products (scratch.models.MLP_SHARES).
MAX_THREADS = 4


def run_session(configs: Sequence[Q1Config], options: SessionOptions) -> list[Path]:
    """Train runs that differ in their seeds alone; their folders are printed at the end.

    Returns:
        The runs' folders.

    Raises:
        CommandError: a run diverged; everything is written and printed all the same.
        UsageError, DataError, RunFolderError: see `experiments.cli.commands`.
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
                done = side_by_side(_train_seed, arguments, cores(), console)
                trained.update(zip(left, done, strict=True))
            else:
                threads = min(cores(), MAX_THREADS)
                for config in left:
                    if len(configs) > 1:
                        console.line(f"seed {config.seed}")
                    folder = train_run(config, data, parent, console, threads, resume=resume)
                    trained[config] = folder
        folders = [trained[config] for config in configs]
        figures = [figure for folder in folders for figure in figures_of(folder, draw_run)]
        runs = [Run(folder) for folder in folders]
        if len(runs) > 1:
            console.line(_over_seeds(runs))
        if options.show:
            console.line(show(figures))
        for folder in folders:
            console.line(str(folder))
    for run in runs:
        if epoch := run.summary["diverged_at_epoch"]:
            raise CommandError(
                f"seed {run.summary['seed']} diverged at epoch {epoch}; "
                "take a smaller -learning_rate"
            )
    return folders


def draw_run(folder: Path) -> list[Path]:
    """Draw a run's figures; Matplotlib, which is large, loads only here, after the training."""
    from experiments.plots import q1

    return q1.draw_run(folder)


def _train_seed(
    config: Q1Config, source: str | None, sha256: str, parent: Path, resume: bool, output: Output
) -> Path:
    """Train one of several runs, in a process of its own with one thread."""
    with graceful_stop(None):
        output.line(f"seed {config.seed}")
        return train_run(config, load(source, sha256), parent, output, threads=1, resume=resume)


def _over_seeds(runs: Sequence[Run]) -> str:
    parts = []
    for split in ("train", "val", "test"):
        values = [run.accuracy(split) for run in runs]
        parts.append(f"{split} {statistics.mean(values):.4f} (sd {statistics.stdev(values):.4f})")
    return f"Over {len(runs)} seeds: {', '.join(parts)}"
