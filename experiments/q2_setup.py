"""Which data and programs a `hw1-q2` command gets: in memory or streamed, on how many devices."""

from pathlib import Path

from experiments.commands import UsageError
from experiments.data.dataset import Dataset
from experiments.data.load import load
from experiments.data.shards import is_shards
from experiments.data.source import parse_source
from experiments.data.stream_dataset import ShardedDataset, load_shards
from experiments.distributed_programs import MeshPrograms, devices_to_use
from experiments.q2_programs import Programs
from experiments.q2_streaming_programs import StreamedPrograms
from jaxmodels.sweep import How


def load_or_open(source: str | None) -> Dataset:
    """The data set that `--data` names; of a folder of shards the labels alone are loaded.

    Raises:
        UsageError, DataError: see `experiments.data.load.load` and `open_shards`.
    """
    parsed = parse_source(source)
    if isinstance(parsed, Path) and is_shards(parsed):
        return load_shards(parsed)
    return load(source)


def make_programs(data: Dataset, how: How | None, devices: int | None) -> Programs:
    """The programs for these data on so many devices, None for all.

    Raises:
        UsageError: there are fewer devices, or streamed data are to be spread over several.
    """
    used = devices_to_use(devices)
    if isinstance(data, ShardedDataset):
        if devices is not None and devices > 1:
            raise UsageError(
                f"--devices: got {devices} with data in shards, expected 1; "
                "give the .npz file, or leave the flag out"
            )
        return StreamedPrograms(data)
    return MeshPrograms(data, used, how) if used > 1 else Programs(data, how)
