"""Which of the wanted runs are there already, trained by whichever command."""

from collections.abc import Callable, Sequence
from pathlib import Path

from experiments.cli.commands import RunFolderError
from experiments.data.dataset import Dataset
from experiments.reproduction.plan import Config, LassoPath, Question3, Task
from experiments.reproduction.question3 import find_question_3
from experiments.runs.figures import tidy
from experiments.runs.finished import FinishedRuns
from experiments.training.describe import describe


def find_runs(
    plan: Sequence[Task], data: Dataset, parent: Path, warn: Callable[[str], None]
) -> dict[Config, Path]:
    """Return the folders of finished runs that need not be trained again, by configuration.

    Args:
        plan: what is wanted.
        data: what it is wanted on.
        parent: where to look.
        warn: gets a line about each damaged run.
    """
    finished = FinishedRuns(parent, warn)
    found: dict[Config, Path] = {}
    for config in dict.fromkeys(task.config for task in plan):
        match config:
            case Question3():
                folder = _question_3(parent, warn)
            case LassoPath(preset):
                from experiments.training.lasso_path import describe as describe_path

                folder = finished.find(describe_path(data, preset))
            case _:
                folder = finished.find(describe(config, data))
        if folder is not None:
            tidy(folder)
            found[config] = folder
    return found


def _question_3(parent: Path, warn: Callable[[str], None]) -> Path | None:
    try:
        return find_question_3(parent)
    except RunFolderError as error:
        warn(f"{error} (not reused)")
        return None
