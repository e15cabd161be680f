"""The homework with one command: every question's runs, their tables, and the report."""

import signal
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from experiments.assignment import PRESETS, QUESTIONS
from experiments.assignment_file import add_assignment, use_assignment
from experiments.cli.commands import check_address_space, command
from experiments.cli.data_source import SOURCE_HELP, default_source, parse_source
from experiments.cli.flags import add_quiet, add_seeds, seeds
from experiments.cli.isolation import JAX_BYTES
from experiments.cli.parser import Parser
from experiments.cli.streams import quiet
from experiments.cli.text import command_line
from experiments.environment.variables import one_blas_thread, set_jax_variables
from experiments.report.students import TEMPLATE, read_students

PROGRAM = "hw1-reproduce"

EPILOG = """\
The command takes over finished runs under --out, its own and those of hw1-q1
and hw1-q2, whose configuration, data and deciding sources are the same."""


@command(PROGRAM)
def main(argv: Sequence[str]) -> None:
    """Do the homework."""
    arguments = _parser().parse_args(argv)
    asked = seeds(arguments)
    source = default_source() if arguments.data is None else arguments.data
    parse_source(source)
    group = Path(arguments.group) if arguments.group is not None else None
    if arguments.assignment is not None:
        use_assignment(Path(arguments.assignment))
    if group is not None:
        read_students(group)  # a mistake in it is said now, not after the training
    if {"2", "3"} & {*arguments.questions}:
        check_address_space(JAX_BYTES)

    one_blas_thread()
    set_jax_variables()
    from experiments.reproduction.session import reproduce  # once the flags are right

    with _saying_how_to_continue(command_line([PROGRAM, *argv])), quiet(arguments.quiet):
        reproduce(
            source=source,
            preset=arguments.preset or ("full" if source else "quick"),
            questions=tuple(arguments.questions),
            seeds=asked,
            out=arguments.out,
            group=group,
            report_only=arguments.report_only,
        )
    if arguments.quiet:
        print(Path(arguments.out) / "report.pdf")


@contextmanager
def _saying_how_to_continue(command: str) -> Iterator[None]:
    """Let SIGTERM end the command as Ctrl-C does, its processes too, and answer both."""
    before = signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        yield
    except KeyboardInterrupt:
        print(f"\nTo continue: {command}", file=sys.stderr)
        raise
    finally:
        signal.signal(signal.SIGTERM, before)


def _parser() -> Parser:
    parser = Parser(
        PROGRAM, "Run the homework's questions, print their numbers, write the report.", EPILOG
    )
    parser.add_argument("--data", metavar="FILE", help=SOURCE_HELP)
    parser.add_argument(
        "--preset",
        choices=PRESETS,
        help="full: the assignment's settings (default with data); quick: fewer epochs",
    )
    parser.add_argument(
        "--questions", nargs="+", choices=QUESTIONS, default=QUESTIONS, help="default: 1 2 3"
    )
    add_seeds(parser, "every run with the seeds")
    parser.add_argument(
        "--group", metavar="FILE.toml", help="the group's members, for the report's front page"
    )
    add_assignment(parser)
    parser.add_argument(
        "--group-template",
        action="version",
        version=TEMPLATE,
        help="print a template of the group's file",
    )
    parser.add_argument("--out", default="runs", metavar="DIR", help="default: runs")
    add_quiet(parser, "print the name of the report alone")
    parser.add_argument(
        "--report-only", action="store_true", help="train nothing: report the runs under --out"
    )
    parser.add_version()
    return parser


if __name__ == "__main__":
    raise SystemExit(main())
