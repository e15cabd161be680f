"""Connecting JAX to the other processes of a command, and parting from them."""

import os
import socket
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

import jax

from experiments.cli.errors import InterruptionError, UsageError, reason
from experiments.cli.text import one_line
from experiments.environment.compiled_programs import seal_compiled_programs
from experiments.process_group.group import ProcessGroup
from experiments.process_group.rank import Rank
from experiments.process_group.supervisor import CONNECTED

CONNECT_SECONDS = 300
"""How long processes wait for each other at the beginning; JAX adds up to ten."""

NOTICE_SECONDS = 2
"""After how long a process that waits says so."""

HEARTBEAT_SECONDS = 15
"""How long a process may be silent before JAX aborts the others."""

FAREWELL_SECONDS = 86_400
"""How long processes wait for each other at the end: process 0 may have many figures to draw."""

LOOPBACK = ("localhost", "127.0.0.1", "::1")


@contextmanager
def connected(rank: Rank, flags: str) -> Iterator[ProcessGroup]:
    """Meet the other processes, check that all have the same flags, and part after the block.

    Raises:
        UsageError: the address cannot be used, or the flags differ.
    """
    if rank.count == 1:
        yield ProcessGroup()
        return
    _connect(rank)
    group = ProcessGroup(rank.index, rank.count)
    group.check_same("flags", flags, UsageError)
    if not group.is_main_process:
        print(f"process {rank.index} of {rank.count}: process 0 prints and writes")
    try:
        yield group
    except InterruptionError:  # all processes have agreed to it
        group.leave()
        raise
    except (RuntimeError, ValueError):
        # Most likely numbers did not come from a process that is gone. Then JAX aborts this one
        # meanwhile, and `supervisor.explain` says so; else the fault is this process's own.
        time.sleep(HEARTBEAT_SECONDS + 5)
        raise
    finally:
        seal_compiled_programs()  # `supervisor` ends this process without atexit's functions
    group.leave()


def _connect(rank: Rank) -> None:
    address, bind_address = None, None
    if rank.address is not None:
        address, bind_address = check_address(*rank.address, serves=rank.index == 0)
    # SIGTERM is answered by `experiments.parallel.graceful_stop`.
    jax.config.update("jax_enable_preemption_service", False)  # type: ignore[no-untyped-call]
    text = (
        f"process {rank.index} of {rank.count} waits for the others ({address or rank.cluster}), "
        f"{CONNECT_SECONDS} s at most"
    )
    notice = threading.Timer(NOTICE_SECONDS, print, [text], {"file": sys.stderr})
    notice.start()
    try:
        jax.distributed.initialize(
            address,
            rank.count,
            rank.index,
            cluster_detection_method=rank.cluster,
            initialization_timeout=CONNECT_SECONDS,
            heartbeat_timeout_seconds=HEARTBEAT_SECONDS,
            shutdown_timeout_seconds=FAREWELL_SECONDS,
            coordinator_bind_address=bind_address,
        )
    except (RuntimeError, ValueError) as error:
        raise UsageError(
            f"{address or rank.cluster}: JAX cannot connect ({one_line(error)!a}); give "
            "--coordinator, --process-id and --processes"
        ) from None
    finally:
        notice.cancel()
    os.write(2, CONNECTED.encode())


def check_address(host: str, port: int, *, serves: bool) -> tuple[str, str | None]:
    """Return the address as JAX wants it, and on which one process 0 listens.

    That is the loopback if the host is; None stands for all addresses of the machine.

    Raises:
        UsageError: there is no such host, or the port is taken, where JAX would crash.
    """
    address = f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
    on_loopback = host in LOOPBACK
    try:
        family = socket.getaddrinfo(host, port)[0][0]
        if serves:
            socket.create_server((host if on_loopback else "", port), family=family).close()
    except (OSError, UnicodeError) as error:  # UnicodeError: a part that is empty or too long
        raise UsageError(
            f"--coordinator: got {address} ({reason(error)}), expected an address of process 0's "
            "machine with a free port; name another"
        ) from None
    return address, address if on_loopback else None
