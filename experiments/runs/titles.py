"""What runs are called in figures and tables: by what differs, their data and their result."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from experiments.cli.errors import RunFolderError
from experiments.cli.text import printable
from experiments.configs.labels import Config, heading, labels
from experiments.configs.q1 import Q1Config
from experiments.configs.q2 import Q2Config
from experiments.runs.reader import Run
from experiments.runs.records import COMMANDS, DataDescription, Description


def configuration(folder: Path, description: Description) -> Config:
    """Return what a run's `config.json` describes.

    Raises:
        RunFolderError: it is no configuration of questions 1 and 2.
    """
    if description["command"] not in COMMANDS:
        raise RunFolderError(
            f"{folder}: got a run of {printable(description['command'])}, expected one of "
            f"{' or '.join(COMMANDS)}; name another"
        )
    kind = Q2Config if description["command"] == "hw1-q2" else Q1Config
    try:
        return kind.from_dict(description["config"])
    except (TypeError, ValueError) as error:
        raise RunFolderError(
            f"{folder / 'config.json'}: got no configuration of a run ({error}), expected one; "
            "train the run again"
        ) from None


def title(run: Run) -> str:
    """Name a single run: what is not the assignment's default, its data and test accuracy."""
    config = configuration(run.path, run.config)
    return f"{heading(config)}; {data_name(run.config['data'])}, test {run.accuracy('test'):.4f}"


def shared_heading(runs: Sequence[Run]) -> str:
    """Name what all these runs share: settings that are not the default, and the data."""
    words = [heading(*(configuration(run.path, run.config) for run in runs))]
    names = {data_name(run.config["data"]) for run in runs}
    return "; ".join(filter(None, [*words, *(names if len(names) == 1 else ())]))


def data_name(data: DataDescription) -> str:
    """Name a data set: two of one name are told apart by their hashes."""
    return f"{printable(data.get('name', 'data'))} {data['sha256'][:8]}"


def run_labels(described: Sequence[tuple[Config, Description]], *, seeds: bool = True) -> list[str]:
    """Name several runs by what differs among them: settings, data, and failing these, sources.

    Equal runs have equal names.
    """
    called = labels([config if seeds else replace(config, seed=0) for config, _ in described])
    about = [description for _, description in described]
    if len({each["data"]["sha256"] for each in about}) > 1:
        called = [
            f"{name}, {data_name(each['data'])}" for name, each in zip(called, about, strict=True)
        ]
    sources: dict[str, set[str]] = {}
    for name, each in zip(called, about, strict=True):
        sources.setdefault(name, set()).add(each["sources_sha256"])
    return [
        f"{name}, sources {each['sources_sha256'][:8]}" if len(sources[name]) > 1 else name
        for name, each in zip(called, about, strict=True)
    ]
