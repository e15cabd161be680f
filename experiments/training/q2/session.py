"""The runs of one `hw1-q2` command: data, programs, figures, and what is said at the end."""

from collections.abc import Sequence
from pathlib import Path

import jax

from experiments.cli.console import Console, NullConsole
from experiments.configs.labels import labels
from experiments.configs.q2 import Q2Config
from experiments.data.shards.dataset import open_data
from experiments.environment.jax_setup import prepare_jax
from experiments.parallel.graceful_stop import graceful_stop
from experiments.plots.q2 import draw_run
from experiments.process_group.peers import Peers
from experiments.runs.figures import figures_of
from experiments.runs.folder import make_parent
from experiments.runs.reader import Run
from experiments.training.loop import ONE_PROCESS
from experiments.training.q2.setup import check_same_data, make_programs
from experiments.training.q2.sweep_folder import finish_sweep
from experiments.training.q2.train import train_group
from experiments.training.session import banner, find_finished, name_folders
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
    peers: Peers = ONE_PROCESS,
) -> list[Path]:
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

    Returns:
        The folders: of the runs, and of their sweep; none where another process leads.

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
    called = dict(zip(configs, labels(configs), strict=True))
    with Console(total) if peers.leads else NullConsole() as console:
        console.line(banner(data))
        if peers.count > 1:
            console.line(f"{peers.count} processes, {jax.device_count()} devices in all")
        for note in notes:
            console.line(note)
        folders = find_finished(configs, data, parent, console) if resume and peers.leads else {}
        finished = peers.agree([config in folders for config in configs])
        left = [config for config, done in zip(configs, finished, strict=True) if not done]
        begun = len(configs) - len(left)
        with graceful_stop(to_continue):
            for group in programs.groups(left):
                own = [called[config] for config in group]
                if len(configs) > 1:
                    first, last = begun + 1, begun + len(group)
                    which = f"run {first}" if len(group) == 1 else f"runs {first} to {last}"
                    console.line(f"{which} of {len(configs)}: {'; '.join(own)}")
                done = train_group(
                    group, own, data, programs, parent, console, resume=resume, peers=peers
                )
                begun += len(group)
                if peers.leads:
                    folders.update(zip(group, done, strict=True))
                    for folder in done:
                        figures_of(folder, draw_run)
        if not peers.leads:
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
            sweep = finish_sweep([Run(folder) for folder in named], names, parent, seconds, resume)
            for line in sweep.lines:
                console.line(line)
            figures.extend(sweep.figures)
            named.append(sweep.folder)
        name_folders(named, figures, show_figures, console)
    return named
