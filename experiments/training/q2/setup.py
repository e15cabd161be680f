"""Which programs a `hw1-q2` command gets: data in memory or streamed, on how many devices."""

import jax

from experiments.cli.commands import UsageError
from experiments.data.dataset import Dataset
from experiments.data.shards.dataset import ShardedDataset
from experiments.training.q2.programs import Programs


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
        from experiments.training.q2.streaming_programs import StreamedPrograms  # loads Grain

        return StreamedPrograms(data, used, processes)
    return Programs(data, None, used, processes)
