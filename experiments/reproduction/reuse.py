"""Which of the wanted runs are there already, trained by whichever command."""

from collections.abc import Callable, Sequence
from pathlib import Path

from experiments.cli.commands import RunFolderError
from experiments.configs.q1 import Q1Config
from experiments.configs.q2 import Q2Config
from experiments.data.dataset import Dataset
from experiments.reproduction.plan import Config, LassoPath, Question3, Task
from experiments.reproduction.question3 import describe_question_3, find_question_3
from experiments.runs.finished import FinishedRuns
from experiments.runs.folder import Record
from experiments.runs.resume import tidy


def find_runs(
    plan: Sequence[Task], data: Dataset, parent: Path, warn: Callable[[str], None]
) -> dict[Config, Path]:
    """The folders in `parent` of finished runs that need not be trained again, by configuration.

    Args:
        plan: what is wanted.
        data: what it is wanted on.
        parent: where to look.
        warn: gets a line about each damaged run.
    """
    finished = FinishedRuns(parent, warn)
    found: dict[Config, Path] = {}
    for config in dict.fromkeys(task.config for task in plan):
        if isinstance(config, Question3):
            folder = _question_3(parent, warn)
        else:
            folder = finished.find(describe(config, data))
        if folder is not None:
            tidy(folder)
            found[config] = folder
    return found


def describe(config: Config, data: Dataset) -> Record:
    """What a run's numbers depend on, as its `config.json` holds it."""
    match config:
        case Q1Config():
            from experiments.training.q1.train import describe as describe_q1

            return describe_q1(config, data)
        case Q2Config():
            from experiments.training.q2.train import describe as describe_q2

            return describe_q2(config, data)
        case LassoPath():
            from experiments.training.lasso_path import describe as describe_path

            return describe_path(data, config.preset)
        case Question3():
            return describe_question_3()


def _question_3(parent: Path, warn: Callable[[str], None]) -> Path | None:
    try:
        return find_question_3(parent)
    except RunFolderError as error:
        warn(f"{error} (not reused)")
        return None
