"""A program that several processes run together: it counts aloud, without training anything."""

import argparse
import os
import sys
import time
from collections.abc import Sequence

from experiments.cli.commands import run_command
from experiments.cli.parser import Parser
from experiments.parallel.graceful_stop import graceful_stop
from experiments.process_group.rank import Rank, add_process_flags, find_rank, shared_flags
from experiments.process_group.supervisor import run_supervised

HEARTBEAT_SECONDS = 3


def main() -> int:
    return run_command("count", begin, None)


def begin(argv: Sequence[str]) -> int:
    parser = Parser("count", "")
    add_process_flags(parser)
    parser.add_argument("--connect-seconds", type=int, default=60)
    parser.add_argument("--failing", type=int, help="the process that fails at 3")
    arguments = parser.parse_args(argv)
    rank = find_rank(arguments, os.environ)
    return run_supervised(
        lambda: run_command("count", lambda _: count(rank, arguments), argv), rank.count
    )


def count(rank: Rank, arguments: argparse.Namespace) -> None:
    from experiments.process_group import connect

    connect.HEARTBEAT_SECONDS = HEARTBEAT_SECONDS
    connect.CONNECT_SECONDS = arguments.connect_seconds
    shared = shared_flags(arguments)
    with connect.connected(rank, shared) as group, graceful_stop("count"):
        for number in range(1, 3000):
            group.check_interruption()
            print(f"at {number}", flush=True)
            if number == 3 and rank.index == arguments.failing:
                raise ValueError("a mistake")
            time.sleep(0.02)


if __name__ == "__main__":
    sys.exit(main())
