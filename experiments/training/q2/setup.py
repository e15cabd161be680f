"""Which data and programs a `hw1-q2` command gets: in memory or streamed, on how many devices."""

from pathlib import Path

from experiments.cli.commands import DataError, UsageError
from experiments.cli.data_source import parse_source
from experiments.data.dataset import Dataset
from experiments.data.load import load
from experiments.data.shards.dataset import ShardedDataset, load_shards
from experiments.data.shards.folder import is_shards
from experiments.process_group.peers import Peers
from experiments.training.q2.mesh_programs import MeshPrograms, devices_to_use
from experiments.training.q2.programs import Programs
from experiments.training.q2.streaming_programs import StreamedPrograms
from jaxmodels.sweep import SweepMode


def load_or_open(source: str | None) -> Dataset:
    """The data set that `--data` names; of a folder of shards the labels alone are loaded.

    Raises:
        UsageError, DataError: see `experiments.data.load.load` and `open_shards`.
    """
    parsed = parse_source(source)
    if isinstance(parsed, Path) and is_shards(parsed):
        return load_shards(parsed)
    return load(source)


def check_same_data(data: Dataset, peers: Peers) -> None:
    """See that all processes train on the same data.

    Raises:
        DataError: this process's file holds something else than process 0's.
    """
    expected = peers.agree(data.sha256)
    if data.sha256 != expected:
        raise DataError(
            f"{data.source}: got data with SHA-256 {data.sha256[:12]} in process {peers.index}, "
            f"expected process 0's, {expected[:12]}; give all processes the same file"
        )


def make_programs(
    data: Dataset, mode: SweepMode | None, devices: int | None, processes: int = 1
) -> Programs:
    """The programs for these data on so many devices, None for all.

    Raises:
        UsageError: there are fewer devices, or several processes are to leave devices out.
    """
    used = devices_to_use(devices)
    if processes > 1 and used < devices_to_use(None):
        raise UsageError(
            f"--devices: got {used} with {processes} processes, expected all "
            f"{devices_to_use(None)} that they have together; leave the flag out"
        )
    if isinstance(data, ShardedDataset):
        return StreamedPrograms(data, used, processes)
    return MeshPrograms(data, used, mode, processes) if used > 1 else Programs(data, mode)
