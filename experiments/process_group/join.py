"""Joining the other processes of a command, and leaving them."""

import os
import subprocess
import sys
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from typing import NoReturn

from experiments.cli.commands import CommandError, ExitCode, InterruptionError, UsageError
from experiments.cli.text import one_line
from experiments.process_group.coordinator import HEARTBEAT, free_port
from experiments.process_group.liveness import PATIENCE
from experiments.process_group.member import Member
from experiments.process_group.peers import ConnectedPeers, Peers
from experiments.process_group.rank import Place

MANAGERS = ("slurm", "ompi", "gcetpu", "gketpu")
"""JAX's names of those that are asked. Not Kubernetes: a notebook's container is no cluster."""

_joined = False


@contextmanager
def joined(place: Place | None, program: str, command: str) -> Iterator[Peers]:
    """Meet the other processes, connect JAX, and part from them at the end of the block.

    A process that fails says why, and the others end with `ExitCode.PROCESS_GONE`; so they do,
    within the moment, where one is killed. After the block the process has to end by
    `end_process`, for JAX's own farewell waits for everyone.

    Args:
        place: this process's; None to ask the cluster's manager (SLURM, Cloud TPU, Open MPI), and
            to be alone where there is none.
        program: the command's name.
        command: its flags, the same in all processes.

    Raises:
        UsageError: the address cannot be used, or the processes do not fit together.
        CommandError: another process does not come, or ends before training begins.
    """
    place = place or _from_cluster()
    if place is None or place.count == 1:
        yield Peers()
        return
    global _joined
    _joined = True
    _silence_libraries()
    if place.index == 0:
        _start_coordinator(place)
    member = Member((place.host, place.port), place.index, place.count, program, command)
    try:
        _connect_jax(member, place)
        if place.index > 0:
            print(f"process {place.index} of {place.count}: process 0 prints and writes")
        yield ConnectedPeers(place.index, place.count)
    except InterruptionError:
        member.leave()
        raise
    except CommandError as error:
        member.leave(f"ended: {one_line(error)}")
        raise
    except KeyboardInterrupt:
        member.leave("was interrupted")
        raise
    except Exception as error:
        # Most likely numbers did not come from a process that is gone: then this ends here.
        member.await_verdict()
        member.leave(f"failed: {one_line(error)[:200]}")
        traceback.print_exc()
        _exit(ExitCode.CHECK_FAILED)
    member.leave()


def end_process(code: int) -> int:
    """`code`, unless this process has joined others: then it ends here and now."""
    if _joined:
        _exit(code)
    return code


def _exit(code: int) -> NoReturn:
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(code)


def _from_cluster() -> Place | None:
    """What the cluster's manager has put into the environment, as JAX reads it."""
    from jax._src.clusters import ClusterEnv  # what `jax.distributed.initialize` asks

    known = [env for env in ClusterEnv._cluster_types if env.name in MANAGERS]
    manager = next((env.name for env in known if env.is_env_present()), None)
    if manager is None:
        return None
    address, count, index, devices = ClusterEnv.auto_detect_unset_distributed_params(
        None, None, None, None, manager, int(PATIENCE)
    )
    if address is None or count is None or index is None:
        return None
    host, _, port = address.rpartition(":")
    return Place(host.strip("[]"), int(port), index, count, devices)


def _start_coordinator(place: Place) -> None:
    process = subprocess.Popen(  # noqa: S603  (this Python, this project's module)
        [
            sys.executable,
            "-m",
            "experiments.process_group.coordinator",
            place.host,
            str(place.port),
            str(place.count),
        ],
        stdin=subprocess.PIPE,  # its end is the end of this process
        stdout=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    said = process.stdout.readline().strip() if process.stdout else ""
    if said != "ready":
        raise UsageError(
            f"--coordinator: got {place.host}:{place.port} ({said or 'it does not start'}), "
            "expected an address of this machine with a free port; name another"
        )


def _connect_jax(member: Member, place: Place) -> None:
    import jax

    # SIGTERM is answered by `experiments.parallel.graceful_stop`.
    jax.config.update("jax_enable_preemption_service", False)  # type: ignore[no-untyped-call]
    # JAX wants process 0 to serve. It gets a port on which nobody calls: the service that all use
    # lies with the coordinator, and does not end with process 0.
    unused = f"127.0.0.1:{free_port('127.0.0.1')}"
    jax.distributed.initialize(
        member.jax_address,
        place.count,
        place.index,
        local_device_ids=place.local_devices,
        cluster_detection_method="deactivate",
        initialization_timeout=int(PATIENCE),
        heartbeat_timeout_seconds=HEARTBEAT,
        coordinator_bind_address=unused,
    )


def _silence_libraries() -> None:
    """Keep stdout for this program: Gloo reports each of its connections there."""
    sys.stdout.flush()
    ours = os.dup(1)
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 1)
    os.close(nowhere)
    sys.stdout = open(ours, "w", buffering=1, encoding=sys.stdout.encoding)  # noqa: PTH123, SIM115
