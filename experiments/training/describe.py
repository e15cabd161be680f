"""What the numbers of a run depend on, as its `config.json` holds it; which are there already."""

from collections.abc import Sequence
from pathlib import Path
from typing import cast

from experiments.cli.console import NullConsole
from experiments.configs.labels import Config
from experiments.configs.q1 import Q1Config
from experiments.data.dataset import Dataset
from experiments.data.shards.dataset import ShardedDataset
from experiments.environment.sources import sources_hash
from experiments.runs.records import DataDescription, Description
from experiments.runs.resume import FinishedRuns, find_unfinished, refuse_others


def describe(config: Config, data: Dataset) -> Description:
    """Describe the run of a configuration on a data set."""
    return {
        "command": "hw1-q1" if isinstance(config, Q1Config) else "hw1-q2",
        "config": config.as_dict(),
        "data": cast(DataDescription, data.description),
        "sources_sha256": sources_hash(*deciding(config, data)),
    }


def deciding(config: Config, data: Dataset) -> list[str]:
    """Return the functions and classes that train a run; what they import decides its numbers.

    Every run of question 2 can be spread over devices; only those from shards can be streamed.
    """
    package = "experiments.training"
    if isinstance(config, Q1Config):
        return [f"{package}.q1.trainer:ScratchTrainer", f"{package}.q1.models:{config.model}"]
    roots = [f"{package}.q2.trainer:JaxTrainer"]
    if isinstance(data, ShardedDataset):
        roots.append(f"{package}.q2.streaming_programs:StreamedPrograms")
    return roots


def find_finished(
    configs: Sequence[Config], data: Dataset, parent: Path, console: NullConsole
) -> dict[Config, Path]:
    """Return the folders of the runs that `--resume` finds finished, and say what becomes of each.

    Raises:
        RunFolderError: an unfinished run of the same name was begun with another configuration,
            other data or other sources.
    """
    finished = FinishedRuns(parent, console.line)
    found: dict[Config, Path] = {}
    begun = False
    for config in configs:
        description = describe(config, data)
        folder = finished.find(description)
        if folder is not None:
            found[config] = folder
            console.line(f"finished, nothing to do: {folder}")
        elif find_unfinished(parent, description) is not None:
            begun = True
        else:
            refuse_others(parent, config.slug, description)
    if not begun and len(found) < len(configs):
        console.line(f"nothing to continue under {parent}: starting anew")
    return found
