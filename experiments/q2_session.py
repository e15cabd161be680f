"""The runs of one `hw1-q2` command: data, programs, figures, and what is said at the end."""

from collections.abc import Sequence
from pathlib import Path

from experiments.console import Console
from experiments.data.load import load
from experiments.jax_setup import prepare_jax
from experiments.plots.q2 import draw_run
from experiments.plots.show import show
from experiments.q2_config import Q2Config
from experiments.q2_programs import Programs
from experiments.q2_training import train_group
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

    Raises:
        UsageError, DataError, RunFolderError: see `experiments.commands`.
        CommandError: the installed jax computes wrongly on this platform.
    """
    parent = make_parent(out)
    data = load(source)
    prepare_jax()
    programs = Programs(data, how)
    folders: dict[Q2Config, Path] = {}
    figures: list[Path] = []
    with Console(sum(config.epochs for config in configs)) as console:
        kind = "SYNTHETIC data" if data.synthetic else "data"
        console.line(f"{kind}: {data.name} ({data.source}, sha256 {data.sha256[:8]})")
        for note in notes:
            console.line(note)
        for group in programs.groups(configs):
            labels = [f"{config.label(names)}, seed {config.seed}" for config in group]
            if len(configs) > 1:
                first, last = len(folders) + 1, len(folders) + len(group)
                which = f"run {first}" if len(group) == 1 else f"runs {first} to {last}"
                console.line(f"{which} of {len(configs)}: {'; '.join(labels)}")
            done = train_group(group, labels, data, programs, parent, console)
            folders.update(zip(group, done, strict=True))
            figures.extend(figure for folder in done for figure in draw_run(folder))

        console.line(
            f"Compiling took {programs.compile_seconds:.1f} s ({programs.compiled} programs), "
            "apart from the times above"
        )
        ordered = [folders[config] for config in configs]
        if len(configs) > 1:
            sweep = finish_sweep(
                [Run(folder) for folder in ordered], names, parent, programs.compile_seconds
            )
            for line in sweep.lines:
                console.line(line)
            figures.extend(sweep.figures)
            ordered.append(sweep.folder)
        if show_figures:
            console.line(show(figures))
        for folder in ordered:
            console.line(str(folder))
