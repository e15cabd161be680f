"""`hw1`: every command of this project as one, `hw1 q1 perceptron` for `hw1-q1 perceptron`."""

import os
import sys
from collections.abc import Sequence
from importlib import import_module

from experiments.cli.commands import run_command
from experiments.cli.parser import Parser

PROGRAM = "hw1"
COMMANDS = {
    "q1": ("q1", "question 1: models from scratch in NumPy"),
    "q2": ("q2", "question 2: the same landscapes in JAX"),
    "q3": ("q3", "question 3: every claim tried"),
    "data": ("data_command", "look at, prepare, download or draw a data set"),
    "runs": ("list_runs", "list runs, a row each"),
    "plot": ("plot", "figures of runs, alone or side by side"),
    "predict": ("predict", "what a run says of one's own photographs"),
    "eval": ("evaluate", "a run evaluated on other data"),
    "check": ("check", "are my own program's numbers right?"),
    "reproduce": ("reproduce", "the whole homework and its report"),
    "handout": ("handout", "the exercise for a class, without its solution"),
}
"""By name: the module in `experiments`, and what it does."""


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command that the first word names, and return its exit code."""
    given = list(sys.argv[1:] if argv is None else argv) or _completed()
    if given and given[0] in COMMANDS:
        command = import_module(f"experiments.{COMMANDS[given[0]][0]}")
        return int(command.main(given[1:]))
    return run_command(PROGRAM, _refuse, given)


def _refuse(argv: Sequence[str]) -> None:
    """Answer `--help` and `--version`, and a first word that is no command."""
    table = "\n".join(f"  {name:10} {purpose}" for name, (_, purpose) in COMMANDS.items())
    parser = Parser(
        PROGRAM, "The homework's commands; each has --help.", f"{table}\n\nhw1 q1 is hw1-q1."
    )
    parser.add_argument("command", choices=tuple(COMMANDS), metavar="COMMAND", help="see below")
    parser.add_version()
    parser.parse_args(argv)


def _completed() -> list[str]:
    """Return the command whose flags the shell wants to complete, if it is typed already."""
    if "_ARGCOMPLETE" not in os.environ:
        return []
    before = os.environ.get("COMP_LINE", "")[: int(os.environ.get("COMP_POINT") or 0)].split(" ")
    if len(before) < 3:
        return []
    os.environ["_ARGCOMPLETE"] = "2"  # the words begin behind the first one
    return before[1:2]


if __name__ == "__main__":
    raise SystemExit(main())
