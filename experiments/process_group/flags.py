"""The flags of a command that several processes run together. Standard library only."""

import argparse
from collections.abc import Sequence

from experiments.cli.commands import UsageError
from experiments.cli.ranges import Range
from experiments.process_group.rank import Place

PROCESSES = Range(1, 100_000, whole=True)
PROCESS_ID = Range(0, 99_999, whole=True)
PORTS = Range(1, 65_535, whole=True)

_OWN = "--process-id"


def add_process_flags(parser: argparse.ArgumentParser) -> None:
    """Add `--coordinator`, `--process-id` and `--processes`."""
    group = parser.add_argument_group(
        "several processes",
        "Start the same command once per machine, with all three flags; process 0\n"
        "prints and writes. Under SLURM and on Cloud TPU they are known without flags;\n"
        "--processes 1 alone keeps to this process there.",
    )
    group.add_argument(
        "--coordinator",
        type=_address,
        metavar="HOST:PORT",
        help="a free port of process 0's machine, as the others reach it",
    )
    group.add_argument(_OWN, type=PROCESS_ID, metavar="I", help="this process's, from 0")
    group.add_argument("--processes", type=PROCESSES, metavar="N", help="how many there are")


def asked_place(arguments: argparse.Namespace) -> Place | None:
    """This process's place among others, None if the flags name none.

    Raises:
        UsageError: they name it in part, or a process that is none of them.
    """
    given = {
        "--coordinator": arguments.coordinator,
        _OWN: arguments.process_id,
        "--processes": arguments.processes,
    }
    missing = [name for name, value in given.items() if value is None]
    if len(missing) == len(given):
        return None
    if arguments.processes == 1 and len(missing) == 2:
        return Place("localhost", 0, 0, 1)  # alone, whatever a cluster's manager says
    if missing:
        there = ", ".join(name for name in given if name not in missing)
        raise UsageError(
            f"{there}: got no {' and no '.join(missing)}, expected all three flags; add the rest"
        )
    if arguments.process_id >= arguments.processes:
        raise UsageError(
            f"{_OWN}: got {arguments.process_id}, expected one from 0 to "
            f"{arguments.processes - 1}, below --processes; count from 0"
        )
    host, port = arguments.coordinator
    return Place(host, port, arguments.process_id, arguments.processes)


def same_for_all(argv: Sequence[str]) -> str:
    """The flags without those that are a process's own, so that processes can be compared.

    Where data and runs lie may differ from machine to machine.
    """
    own = (_OWN, "--data", "-data_path", "--data_path", "--data-path", "--out")
    kept, skip = [], False
    for word in argv:
        if skip:
            skip = False
        elif word in own:
            skip = True
        elif not word.startswith(tuple(f"{name}=" for name in own)):
            kept.append(word)
    return " ".join(kept)


def _address(text: str) -> tuple[str, int]:
    host, _, port = text.rpartition(":")
    host = host.removeprefix("[").removesuffix("]")
    if not host or any(character.isspace() or character in "/@" for character in host):
        raise argparse.ArgumentTypeError(
            f"got {text!r}, expected HOST:PORT, such as node1:1234; name process 0's machine"
        )
    try:
        return host, int(PORTS(port))
    except argparse.ArgumentTypeError as error:
        raise argparse.ArgumentTypeError(f"got {text!r}, its port: {error}") from None
