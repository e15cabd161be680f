"""What the commands of both questions do around the training of their runs."""

from collections.abc import Sequence
from pathlib import Path

from experiments.cli.console import Console, NullConsole
from experiments.data.dataset import Dataset
from experiments.plots.show import show
from experiments.runs.resume import finished_runs
from experiments.training.describe import describe
from experiments.training.trainer import Config


def banner(data: Dataset) -> str:
    """Return the line that names the data, and says so where they are drawn."""
    kind = "SYNTHETIC data" if data.synthetic else "data"
    return f"{kind}: {data.name} ({data.source}, sha256 {data.sha256[:8]})"


def find_finished(
    configs: Sequence[Config], data: Dataset, parent: Path, console: Console | NullConsole
) -> dict[Config, Path]:
    """Return the folders of the runs that `--resume` finds finished; each is said.

    Raises:
        RunFolderError: an unfinished run of the same name was begun otherwise.
    """
    wanted = {config: (config.slug, describe(config, data)) for config in configs}
    return finished_runs(parent, wanted, console.line)


def name_folders(
    folders: Sequence[Path],
    figures: Sequence[Path],
    show_figures: bool,
    console: Console | NullConsole,
) -> None:
    """Open the figures if that is asked for, and print the folders, one per line."""
    if show_figures:
        console.line(show(figures))
    for folder in folders:
        console.line(str(folder))
