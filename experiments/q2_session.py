"""The runs of one `hw1-q2` command: data, programs, figures, and what is said at the end."""

from collections.abc import Sequence
from pathlib import Path

from experiments.console import Console
from experiments.interrupt import ending_after_the_epoch
from experiments.jax_setup import prepare_jax
from experiments.plots.q2 import draw_run
from experiments.plots.show import show
from experiments.q2_config import Q2Config
from experiments.q2_setup import load_or_open, make_programs
from experiments.q2_training import describe, train_group
from experiments.runs.continued import figures_of, finished_runs
from experiments.runs.folder import make_parent
from experiments.runs.reader import Run
from experiments.sweep import finish_sweep
from jaxmodels.sweep import How


def run_session(
    configs: Sequence[Q2Config],
    names: tuple[str, ...],
    source: str | None,
    out: str,
    notes: Sequence[str],
    show_figures: bool,
    how: How | None = None,
    *,
    resume: bool = False,
    to_continue: str = "",
    devices: int | None = None,
) -> None:
    """Train one run per configuration and print the folders, one per line, at the end.

    Args:
        configs: what to train.
        names: the hyperparameters in which they differ.
        source: what `--data` names, None for the built-in data.
        out: parent of the runs' folders.
        notes: lines to print first.
        show_figures: whether to open the figures afterwards.
        how: how the runs of one shape are trained; None for what is faster here.
        resume: whether finished runs are kept and unfinished ones continued.
        to_continue: the command line that continues this one, which Ctrl-C is answered with.
        devices: how many devices take part, None for all there are.

    Raises:
        UsageError, DataError, RunFolderError: see `experiments.commands`.
        CommandError: the installed jax computes wrongly on this platform.
    """
    data = load_or_open(source)
    parent = make_parent(out)
    prepare_jax()
    programs = make_programs(data, how, devices)
    with Console(sum(config.epochs for config in configs)) as console:
        kind = "SYNTHETIC data" if data.synthetic else "data"
        console.line(f"{kind}: {data.name} ({data.source}, sha256 {data.sha256[:8]})")
        for note in notes:
            console.line(note)
        found: dict[Q2Config, Path] = {}
        if resume:
            wanted = {config: (config.slug, describe(config, data)) for config in configs}
            found = finished_runs(parent, wanted, console.line)
        left = [config for config in configs if config not in found]
        folders = dict(found)
        with ending_after_the_epoch(to_continue):
            for group in programs.groups(left):
                labels = [f"{config.label(names)}, seed {config.seed}" for config in group]
                if len(configs) > 1:
                    first, last = len(folders) + 1, len(folders) + len(group)
                    which = f"run {first}" if len(group) == 1 else f"runs {first} to {last}"
                    console.line(f"{which} of {len(configs)}: {'; '.join(labels)}")
                done = train_group(group, labels, data, programs, parent, console, resume=resume)
                folders.update(zip(group, done, strict=True))
                for folder in done:
                    figures_of(folder, draw_run, "confusion.png")
        if left:
            console.line(
                f"Compiling took {programs.compile_seconds:.1f} s ({programs.compiled} programs), "
                "apart from the times above"
            )
        ordered = [folders[config] for config in configs]
        figures = [
            figure for folder in ordered for figure in figures_of(folder, draw_run, "confusion.png")
        ]
        if len(configs) > 1:
            sweep = finish_sweep(
                [Run(folder) for folder in ordered],
                names,
                parent,
                programs.compile_seconds,
                keep=resume,
            )
            for line in sweep.lines:
                console.line(line)
            figures.extend(sweep.figures)
            ordered.append(sweep.folder)
        if show_figures:
            console.line(show(figures))
        for folder in ordered:
            console.line(str(folder))
