"""The runs of one `hw1-q2` command: data, programs, figures, and what is said at the end."""

from collections.abc import Sequence
from pathlib import Path

import jax

from experiments.cli.commands import DataError
from experiments.cli.console import Console, NullConsole
from experiments.configs.labels import labels
from experiments.configs.q2 import Q2Config
from experiments.data.shards.dataset import open_data
from experiments.environment.jax_setup import prepare_jax
from experiments.parallel.graceful_stop import graceful_stop
from experiments.plots.show import show
from experiments.process_group.group import ProcessGroup
from experiments.runs.figures import figures_of
from experiments.runs.folder import make_parent
from experiments.runs.reader import Run
from experiments.training.loop import ONE_PROCESS
from experiments.training.memory import check_memory
from experiments.training.q2.setup import make_programs
from experiments.training.q2.train import train_group
from experiments.training.session import SessionOptions, find_finished


def run_session(
    configs: Sequence[Q2Config],
    names: tuple[str, ...],
    options: SessionOptions,
    devices: int | None = None,
    processes: ProcessGroup = ONE_PROCESS,
) -> list[Path]:
    """Train runs, compare them if there are several, and print their folders at the end.

    Args:
        configs: what to train.
        names: the hyperparameters in which they differ.
        options: the rest of the command line.
        devices: how many devices take part, None for all there are.
        processes: the processes that run this command together; the first prints and writes.

    Returns:
        The folders: of the runs, and of their sweep; none where another process leads.

    Raises:
        UsageError, DataError, RunFolderError: see `experiments.cli.commands`.
        CommandError: the installed jax computes wrongly on this platform.
    """
    data = open_data(options.source)
    prepare_jax()
    processes.check_same("data", data.sha256[:12], DataError)
    if jax.default_backend() == "cpu":
        for config in configs:
            check_memory([config], data)
    programs = make_programs(data, devices, processes.count)
    is_main = processes.is_main_process
    parent = make_parent(options.out) if is_main else Path(options.out)
    total, resume = sum(config.epochs for config in configs), options.resume
    called = dict(zip(configs, labels(configs), strict=True))
    with Console(total) if is_main else NullConsole() as console:
        console.line(data.banner)
        if processes.count > 1:
            console.line(f"{processes.count} processes, {jax.device_count()} devices in all")
        for note in options.notes:
            console.line(note)
        folders = find_finished(configs, data, parent, console) if resume and is_main else {}
        finished = processes.broadcast([config in folders for config in configs])
        left = [config for config, done in zip(configs, finished, strict=True) if not done]
        begun = len(configs) - len(left)
        with graceful_stop(options.to_continue):
            for group in programs.groups(left):
                own = [called[config] for config in group]
                if len(configs) > 1:
                    first, last = begun + 1, begun + len(group)
                    which = f"run {first}" if len(group) == 1 else f"runs {first} to {last}"
                    console.line(f"{which} of {len(configs)}: {'; '.join(own)}")
                done = train_group(
                    group,
                    own,
                    data,
                    programs,
                    parent,
                    console,
                    resume=resume,
                    processes=processes,
                )
                begun += len(group)
                if is_main:
                    folders.update(zip(group, done, strict=True))
                    for folder in done:
                        figures_of(folder, draw_run)
        if not is_main:
            return []
        seconds = programs.compile_seconds if left else 0.0
        if left:
            console.line(
                f"Compiling took {seconds:.1f} s ({programs.compiled} programs), "
                "apart from the times above"
            )
        named = [folders[config] for config in configs]
        figures = [figure for folder in named for figure in figures_of(folder, draw_run)]
        if len(named) > 1:
            from experiments.training.q2.sweep_folder import finish_sweep  # loads Matplotlib

            sweep = finish_sweep([Run(folder) for folder in named], names, parent, seconds, resume)
            for line in sweep.lines:
                console.line(line)
            figures.extend(sweep.figures)
            named.append(sweep.folder)
        if options.show:
            console.line(show(figures))
        for folder in named:
            console.line(str(folder))
    return named


def draw_run(folder: Path) -> list[Path]:
    """Draw a run's figures; Matplotlib, which is large, loads only here, after the training."""
    from experiments.plots import q2

    return q2.draw_run(folder)
