"""What the commands of both questions do around the training of their runs."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from experiments.cli.console import Console, NullConsole
from experiments.data.dataset import Dataset
from experiments.runs.resume import finished_runs
from experiments.training.describe import describe
from experiments.training.trainer import Config


@dataclass(frozen=True)
class SessionOptions:
    """What the command line of a question asks for beside its runs.

    Attributes:
        source: what `--data` names, None for the built-in data.
        out: the parent of the runs' folders.
        notes: lines to print first.
        show: whether to open the figures afterwards.
        resume: whether finished runs are kept and unfinished ones continued.
        to_continue: the command line that continues this one, which Ctrl-C is answered with.
        kind: the figures' format.
    """

    source: str | None
    out: str
    notes: Sequence[str]
    show: bool
    resume: bool
    to_continue: str
    kind: str = "png"


def find_finished(
    configs: Sequence[Config], data: Dataset, parent: Path, console: Console | NullConsole
) -> dict[Config, Path]:
    """Return the folders of the runs that `--resume` finds finished; each is said.

    Raises:
        RunFolderError: an unfinished run of the same name was begun otherwise.
    """
    wanted = {config: (config.slug, describe(config, data)) for config in configs}
    return finished_runs(parent, wanted, console.line)
