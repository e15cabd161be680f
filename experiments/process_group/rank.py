"""Which of several processes this one is: from its flags, or from the variables of its cluster."""

import argparse
from collections.abc import Mapping
from dataclasses import dataclass

from experiments.cli.errors import UsageError
from experiments.cli.parser import Parser
from experiments.cli.ranges import SIZE, Range

PROCESS_ID = Range(0, 99_999, whole=True)
PORT = Range(1, 65_535, whole=True)
CLUSTER_NUMBER = Range(0, whole=True)

CLUSTERS = {
    "slurm": "SLURM_PROCID SLURM_NTASKS SLURM_LOCALID SLURM_JOB_ID SLURM_STEP_NODELIST",
    "ompi": "OMPI_COMM_WORLD_RANK OMPI_COMM_WORLD_SIZE OMPI_COMM_WORLD_LOCAL_RANK "
    "OMPI_MCA_orte_hnp_uri",
}
"""JAX's names of the cluster managers, and the variables that it reads of each.

First the process's number and the number of processes; all are whole numbers but the last.
"""

PER_MACHINE = ("coordinator", "process_id", "data", "out")
"""Flags that may differ: each machine has its own paths and its own name for process 0."""


@dataclass(frozen=True)
class Rank:
    """One process among several; alone if not said otherwise.

    Attributes:
        index: this process's number, from 0.
        count: how many processes there are.
        address: host and port of process 0; None where JAX asks the cluster's manager.
        cluster: JAX's name of that manager; "deactivate" is its word for none.
    """

    index: int = 0
    count: int = 1
    address: tuple[str, int] | None = None
    cluster: str = "deactivate"


def add_process_flags(parser: Parser) -> None:
    """Add `--coordinator`, `--process-id` and `--processes`."""
    group = parser.add_argument_group(
        "several processes",
        "Start the same command once per machine, with all three flags; process 0\n"
        "prints and writes. Under SLURM and Open MPI they are found without flags;\n"
        "--processes 1 alone keeps to this process there.",
    )
    group.add_argument(
        "--coordinator",
        type=_address,
        metavar="HOST:PORT",
        help="a free port of process 0's machine, as the others reach it",
    )
    group.add_argument("--process-id", type=PROCESS_ID, metavar="I", help="its number, from 0")
    group.add_argument("--processes", type=SIZE, metavar="N", help="how many processes")


def find_rank(arguments: argparse.Namespace, environment: Mapping[str, str]) -> Rank:
    """Return the rank that the flags name, else the cluster's, else a single process's.

    Raises:
        UsageError: flags or variables name it in part, or no process of the group.
    """
    given = {
        "--coordinator": arguments.coordinator,
        "--process-id": arguments.process_id,
        "--processes": arguments.processes,
    }
    missing = [name for name, value in given.items() if value is None]
    if len(missing) == len(given):
        return _rank_in_cluster(environment)
    if arguments.processes == 1 and len(missing) == 2:
        return Rank()
    if missing:
        there = ", ".join(name for name in given if name not in missing)
        raise UsageError(
            f"{there}: got no {' and no '.join(missing)}, expected all three flags; add the rest"
        )
    if arguments.process_id >= arguments.processes:
        raise UsageError(
            f"--process-id: got {arguments.process_id}, expected one from 0 to "
            f"{arguments.processes - 1}, below --processes; count from 0"
        )
    return Rank(arguments.process_id, arguments.processes, arguments.coordinator)


def shared_flags(arguments: argparse.Namespace) -> str:
    """Return the flags without `PER_MACHINE`, which all processes have to be started with."""
    given = {name: value for name, value in vars(arguments).items() if value not in (None, False)}
    return ", ".join(f"{name}: {given[name]}" for name in sorted(given.keys() - PER_MACHINE))


def _rank_in_cluster(environment: Mapping[str, str]) -> Rank:
    for cluster, variables in CLUSTERS.items():
        names = variables.split()
        if all(name in environment for name in names):
            index, count, *_ = [_number(name, environment[name]) for name in names[:-1]]
            return Rank(index, count, cluster=cluster)
    return Rank()


def _number(name: str, text: str) -> int:
    try:
        return int(CLUSTER_NUMBER(text))
    except argparse.ArgumentTypeError as error:
        raise UsageError(f"{name}: {error}; --processes 1 keeps to this process") from None


def _address(text: str) -> tuple[str, int]:
    host, _, port = text.rpartition(":")
    host = host.removeprefix("[").removesuffix("]")
    if not host or any(character.isspace() or character in "/@" for character in host):
        raise argparse.ArgumentTypeError(
            f"got {text!r}, expected HOST:PORT, such as node1:1234; name process 0's machine"
        )
    try:
        return host, int(PORT(port))
    except argparse.ArgumentTypeError as error:
        raise argparse.ArgumentTypeError(f"got {text!r}, its port: {error}") from None
