"""`hw1-handout`: the exercise for a class: scripts without their solution, and what to run."""

from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from importlib import resources
from pathlib import Path
from string import Template

from experiments.assignment import NAMES, PARTS, Part, decimal
from experiments.assignment_file import add_assignment, use_assignment
from experiments.cli.commands import command
from experiments.cli.errors import UsageError
from experiments.cli.parser import Parser
from experiments.files.atomic_write import atomic_write

PROGRAM = "hw1-handout"
FILES = ("hw1-q1.py", "hw1-q2.py", "README.md")
TEMPLATES = "handout_files"

EPILOG = """\
Writes hw1-q1.py, hw1-q2.py and README.md: loading, training loop and printing
are there; the classes' bodies are left to the students. hw1-check --script
tests a script, hw1-check --batch checks a whole class."""


@command(PROGRAM)
def main(argv: Sequence[str]) -> None:
    """Write the files."""
    parser = Parser(PROGRAM, "Write the exercise for a class, without its solution.", EPILOG)
    parser.add_argument("folder", metavar="DIR", help="where to; nothing there is overwritten")
    add_assignment(parser)
    parser.add_version()
    arguments = parser.parse_args(argv)
    from experiments.runs.folder import make_parent

    if arguments.assignment is not None:
        use_assignment(Path(arguments.assignment))
    folder = make_parent(arguments.folder)
    if there := [name for name in FILES if (folder / name).exists()]:
        raise UsageError(f"got {folder / there[0]}, which exists; expected a folder without it")
    with ExitStack() as on_error:  # a half would stand in the way of the next try
        for name in FILES:
            with atomic_write(folder / name) as file:
                file.write(_filled(name).encode())
            on_error.callback((folder / name).unlink)
        on_error.pop_all()
    print("\n".join(str(folder / name) for name in FILES))


def _filled(name: str) -> str:
    """Return a file of the hand-out, the assignment's commands filled in."""
    text = (resources.files("experiments") / TEMPLATES / f"{name}.txt").read_text(encoding="utf-8")
    script = f"{Path(name).stem}.py"
    commands = [
        f"    {part}  {command}"
        for part, asked in PARTS.items()
        for command in _commands(asked)
        if command.split()[1] == script
    ]
    rows = [
        f"| {part} | {'<br>'.join(f'`{command}`' for command in _commands(asked))} |"
        for part, asked in PARTS.items()
    ]
    return Template(text).substitute(NAMES, commands="\n".join(commands), table="\n".join(rows))


def _commands(part: Part) -> Iterator[str]:
    """Yield the commands of a part, one for each value that it sweeps over."""
    swept = f"-{part.varied} {' '.join(map(decimal, part.values))}"
    for value in part.values:
        command = part.command().replace(swept, f"-{part.varied} {decimal(value)}")
        yield command.replace(part.program, f"python {part.program}.py", 1)


if __name__ == "__main__":
    raise SystemExit(main())
