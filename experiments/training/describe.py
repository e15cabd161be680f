"""What the numbers of a run depend on, as its `config.json` holds it."""

from typing import cast

from experiments.configs.q1 import Q1Config
from experiments.configs.q2 import Q2Config
from experiments.data.dataset import Dataset
from experiments.data.shards.dataset import ShardedDataset
from experiments.environment.sources import sources_hash
from experiments.runs.records import DataDescription, Description


def describe(config: Q1Config | Q2Config, data: Dataset) -> Description:
    """Describe the run of a configuration on a data set."""
    return {
        "command": "hw1-q1" if isinstance(config, Q1Config) else "hw1-q2",
        "config": config.as_dict(),
        "data": cast(DataDescription, data.description),
        "sources_sha256": sources_hash(*deciding(config, data)),
    }


def deciding(config: Q1Config | Q2Config, data: Dataset) -> list[str]:
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
