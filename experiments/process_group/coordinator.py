"""What process 0 starts beside it: `python -m experiments.process_group.coordinator HOST PORT N`.

It holds the roll call and JAX's coordination service. Both outlive process 0, so that the others
learn of its end like of any other's: they would be aborted if the service went with it. It ends
when no process is left.

On stdout it says "ready", or why it cannot begin.
"""

import ipaddress
import os
import signal
import socket
import sys
import threading
from typing import Any

from experiments.process_group.liveness import Server

HEARTBEAT = 3600
"""Seconds. The roll call notices the dead; JAX's own notice would abort the living."""


def main() -> int:
    """Serve until no process is left."""
    host, port, count = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the processes that train
    try:
        listening = listen(host, port)
    except OSError as error:
        print(error.strerror or error, flush=True)
        return 1
    from jaxlib import _jax

    services: list[Any] = []

    def begin() -> str:
        free = free_port(host)
        services.append(
            _jax.get_distributed_runtime_service(
                f"{_bracketed(host)}:{free}" if is_loopback(host) else f"[::]:{free}",
                count,
                heartbeat_timeout=HEARTBEAT,
            )
        )
        return f"{_bracketed(host)}:{free}"

    server = Server(listening, count, begin)
    print("ready", flush=True)
    # Process 0 may die before it is known here, and then nobody would ever end this.
    threading.Thread(target=_end_with_parent, args=(server,), daemon=True).start()
    server.serve()
    sys.stdout.flush()
    os._exit(0)  # JAX's service would wait for those who have left without a word to it


def listen(host: str, port: int) -> socket.socket:
    """A listening socket: on the loopback alone if `host` is there, else on all addresses.

    Raises:
        OSError: the port is taken, or not to be had.
    """
    if is_loopback(host):
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        return socket.create_server((host, port), family=family)
    if socket.has_dualstack_ipv6():
        return socket.create_server(("", port), family=socket.AF_INET6, dualstack_ipv6=True)
    return socket.create_server(("", port))


def is_loopback(host: str) -> bool:
    """Whether only processes of this machine can mean that host."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def free_port(host: str) -> int:
    """A port that nobody listens on."""
    with listen(host, 0) as listening:
        return int(listening.getsockname()[1])


def _bracketed(host: str) -> str:
    return f"[{host}]" if ":" in host else host


def _end_with_parent(server: Server) -> None:
    sys.stdin.read()
    if not server.occupied:
        os._exit(0)


if __name__ == "__main__":
    raise SystemExit(main())
