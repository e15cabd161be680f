"""The runs of one `hw1-q2` command: data, programs, figures, and what is said at the end."""

from collections.abc import Sequence
from pathlib import Path

import jax

from experiments.cli.console import Console, NullConsole
from experiments.configs.q2 import Q2Config
from experiments.data.shards.dataset import open_data
from experiments.environment.jax_setup import prepare_jax
from experiments.parallel.graceful_stop import graceful_stop
from experiments.plots.q2 import draw_run
from experiments.plots.show import show
from experiments.process_group.peers import Peers
from experiments.runs.folder import make_parent
from experiments.runs.reader import Run
from experiments.runs.resume import figures_of, finished_runs
from experiments.training.q2.programs import Programs
from experiments.training.q2.setup import check_same_data, make_programs
from experiments.training.q2.sweep_folder import finish_sweep
from experiments.training.q2.train import describe, train_group
from jaxmodels.sweep import SweepMode


def run_session(
    configs: Sequence[Q2Config],
    names: tuple[str, ...],
    source: str | None,
    out: str,
    notes: Sequence[str],
    show_figures: bool,
    mode: SweepMode | None = None,
    *,
    resume: bool = False,
    to_continue: str = "",
    devices: int | None = None,
    peers: Peers = Peers(),  # noqa: B008  (it has no state)
) -> None:
    """Train one run per configuration and print the folders, one per line, at the end.

    Args:
        configs: what to train.
        names: the hyperparameters in which they differ.
        source: what `--data` names, None for the built-in data.
        out: parent of the runs' folders.
        notes: lines to print first.
        show_figures: whether to open the figures afterwards.
        mode: how the runs of one shape are trained; None for what is faster here.
        resume: whether finished runs are kept and unfinished ones continued.
        to_continue: the command line that continues this one, which Ctrl-C is answered with.
        devices: how many devices take part, None for all there are.
        peers: the processes that run this command together; the first prints and writes.

    Raises:
        UsageError, DataError, RunFolderError: see `experiments.cli.commands`.
        CommandError: the installed jax computes wrongly on this platform.
    """
    data = open_data(source)
    prepare_jax()
    check_same_data(data, peers)
    programs = make_programs(data, mode, devices, peers.count)
    parent = make_parent(out) if peers.leads else Path(out)
    total = sum(config.epochs for config in configs)
    with Console(total) if peers.leads else NullConsole() as console:
        kind = "SYNTHETIC data" if data.synthetic else "data"
        console.line(f"{kind}: {data.name} ({data.source}, sha256 {data.sha256[:8]})")
        if peers.count > 1:
            console.line(f"{peers.count} processes, {jax.device_count()} devices in all")
        for note in notes:
            console.line(note)
        found: dict[Q2Config, Path] = {}
        if resume and peers.leads:
            wanted = {config: (config.slug, describe(config, data)) for config in configs}
            found = finished_runs(parent, wanted, console.line)
        finished = peers.agree([config in found for config in configs])
        left = [config for config, done in zip(configs, finished, strict=True) if not done]
        folders = dict(found)
        begun = len(configs) - len(left)
        with graceful_stop(to_continue):
            for group in programs.groups(left):
                labels = [f"{config.label(names)}, seed {config.seed}" for config in group]
                if len(configs) > 1:
                    first, last = begun + 1, begun + len(group)
                    which = f"run {first}" if len(group) == 1 else f"runs {first} to {last}"
                    console.line(f"{which} of {len(configs)}: {'; '.join(labels)}")
                done = train_group(
                    group, labels, data, programs, parent, console, resume=resume, peers=peers
                )
                begun += len(group)
                if peers.leads:
                    folders.update(zip(group, done, strict=True))
                    for folder in done:
                        figures_of(folder, draw_run, "confusion.png")
        if peers.leads:
            compiled = programs if left else None
            ordered = [folders[config] for config in configs]
            _finish(ordered, names, parent, compiled, console, show_figures, resume)


def _finish(
    folders: list[Path],
    names: tuple[str, ...],
    parent: Path,
    programs: Programs | None,
    console: Console | NullConsole,
    show_figures: bool,
    keep: bool,
) -> None:
    """Compare the runs if there are several, and name all folders."""
    seconds = 0.0
    if programs is not None:
        seconds = programs.compile_seconds
        console.line(
            f"Compiling took {seconds:.1f} s ({programs.compiled} programs), "
            "apart from the times above"
        )
    figures = [
        figure for folder in folders for figure in figures_of(folder, draw_run, "confusion.png")
    ]
    if len(folders) > 1:
        runs = [Run(folder) for folder in folders]
        sweep = finish_sweep(runs, names, parent, seconds, keep=keep)
        for line in sweep.lines:
            console.line(line)
        figures.extend(sweep.figures)
        folders = [*folders, sweep.folder]
    if show_figures:
        console.line(show(figures))
    for folder in folders:
        console.line(str(folder))
