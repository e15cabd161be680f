"""Which programs a `hw1-q2` command gets: data in memory or streamed, on how many devices."""

import jax

from experiments.cli.commands import DataError, UsageError
from experiments.data.dataset import Dataset
from experiments.data.shards.dataset import ShardedDataset
from experiments.process_group.peers import Peers
from experiments.training.q2.programs import Programs
from experiments.training.q2.streaming_programs import StreamedPrograms


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


def make_programs(data: Dataset, devices: int | None, processes: int = 1) -> Programs:
    """Make the programs for these data.

    Args:
        data: in memory, or in shards.
        devices: what `--devices` says, None for all that JAX sees.
        processes: how many processes hold the devices.

    Raises:
        UsageError: there are fewer devices, or several processes are to leave devices out.
    """
    there = jax.device_count()
    used = there if devices is None else devices
    if used > there:
        raise UsageError(
            f"--devices: got {used}, expected at most the {there} that JAX sees here "
            f"({jax.default_backend()}); take fewer (a CPU counts as one, or as N with "
            "XLA_FLAGS=--xla_force_host_platform_device_count=N)"
        )
    if processes > 1 and used < there:
        raise UsageError(
            f"--devices: got {used} with {processes} processes, expected all {there} that they "
            "have together; leave the flag out"
        )
    if isinstance(data, ShardedDataset):
        return StreamedPrograms(data, used, processes)
    return Programs(data, None, used, processes)
