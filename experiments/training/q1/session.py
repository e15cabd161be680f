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
from experiments.parallel.pool import Output, side_by_side
from experiments.plots.q1 import draw_run
from experiments.plots.show import show
from experiments.runs.folder import make_parent
from experiments.runs.reader import Run
from experiments.runs.resume import figures_of, finished_runs
from experiments.training.q1.train import describe, train_run

# One for each share of the MLP's products (scratch.models.MLP_SHARES).
MOST_THREADS = 4


def run_session(
    configs: Sequence[Q1Config],
    source: str | None,
    out: str,
    notes: Sequence[str],
    show_figures: bool,
    *,
    resume: bool = False,
    to_continue: str = "",
) -> list[Path]:
    """Train one run per configuration and print the folders, one per line, at the end.

    Args:
        configs: equal but for their seeds.
        source: what `--data` names, None for the built-in data.
        out: parent of the runs' folders.
        notes: lines to print first.
        show_figures: whether to open the figures afterwards.
        resume: whether finished runs are kept and unfinished ones continued.
        to_continue: the command line that continues this one, which Ctrl-C is answered with.

    Returns:
        The runs' folders.

    Raises:
        CommandError: a run diverged; everything is written and printed all the same.
        UsageError, DataError, RunFolderError: see `experiments.cli.commands`.
    """
    data = load(source)
    parent = make_parent(out)
    with Console(sum(config.epochs for config in configs)) as console:
        kind = "SYNTHETIC data" if data.synthetic else "data"
        console.line(f"{kind}: {data.name} ({data.source}, sha256 {data.sha256[:8]})")
        for note in notes:
            console.line(note)
        found: dict[Q1Config, Path] = {}
        if resume:
            wanted = {config: (config.slug, describe(config, data)) for config in configs}
            found = finished_runs(parent, wanted, console.line)
        left = [config for config in configs if config not in found]
        with graceful_stop(to_continue):
            if len(left) > 1 and cores() > 1:
                arguments = [(config, source, parent, resume) for config in left]
                del data  # each process loads it for itself
                done = side_by_side(_train_seed, arguments, cores(), console)
            else:
                threads, done = min(cores(), MOST_THREADS), []
                for config in left:
                    if len(configs) > 1:
                        console.line(f"seed {config.seed}")
                    done.append(train_run(config, data, parent, console, threads, resume=resume))
        trained = {**found, **dict(zip(left, done, strict=True))}
        folders = [trained[config] for config in configs]
        last = "loss.png" if configs[0].model == "mlp" else "templates.png"
        figures = [figure for folder in folders for figure in figures_of(folder, draw_run, last)]
        runs = [Run(folder) for folder in folders]
        if len(runs) > 1:
            console.line(_over_seeds(runs))
        if show_figures:
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


def _train_seed(
    config: Q1Config, source: str | None, parent: Path, resume: bool, output: Output
) -> Path:
    """One of several runs, in a process of its own with one thread."""
    with graceful_stop(None):
        output.line(f"seed {config.seed}")
        return train_run(config, load(source), parent, output, threads=1, resume=resume)


def _over_seeds(runs: Sequence[Run]) -> str:
    parts = []
    for split in ("train", "val", "test"):
        values = [run.accuracy(split) for run in runs]
        parts.append(f"{split} {statistics.mean(values):.4f} (sd {statistics.stdev(values):.4f})")
    return f"Over {len(runs)} seeds: {', '.join(parts)}"
