"""`hw1-runs`: every run under a folder, a row each."""

import json
import sys
from collections.abc import Sequence
from pathlib import Path

from experiments.cli.commands import command
from experiments.cli.errors import UsageError
from experiments.cli.parser import Parser
from experiments.cli.text import printable
from experiments.files.safe_read import is_folder

PROGRAM = "hw1-runs"
ORDERS = ("date", "val", "test", "train", "epochs", "name")

EPILOG = """\
A row has what tells the run from the others, its epochs (3/20 where it is not
finished), accuracies and date; below the row stands the run's folder. Best and
newest come first, runs without that number last."""


@command(PROGRAM)
def main(argv: Sequence[str]) -> None:
    """Print the runs."""
    parser = Parser(PROGRAM, "List the runs of hw1-q1 and hw1-q2 under a folder.", EPILOG)
    parser.add_argument("folder", metavar="DIR", nargs="?", default="runs", help="default: runs")
    parser.add_argument("--sort", choices=ORDERS, default="date", help="default: date")
    parser.add_argument("--json", action="store_true", help="print JSON")
    parser.add_version()
    arguments = parser.parse_args(argv)
    folder = Path(arguments.folder)
    if not is_folder(folder):
        raise UsageError(
            f"got {printable(folder)[:200]}, which is no folder, expected one with runs; train "
            "with hw1-q1 or hw1-q2 first, or name another"
        )
    from experiments.runs.listing import as_dict, lines, list_runs

    found = list_runs(folder, arguments.sort, lambda line: print(line, file=sys.stderr))
    if arguments.json:
        print(json.dumps([as_dict(entry) for entry in found], indent=2))
    else:
        print("\n".join(lines(found)) or f"{printable(folder)}: no runs")


if __name__ == "__main__":
    raise SystemExit(main())
