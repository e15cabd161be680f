"""`python -m benchmarks.markdown runs/bench.json`: the pages' tables, to be pasted into them.

Prints machine, date and versions, and then, each under the name of its page, the measured tables of
docs/engine.md, docs/speed.md and the README.
"""

from collections.abc import Iterator, Sequence
from itertools import groupby
from pathlib import Path
from typing import Any

from benchmarks import whole
from benchmarks.machine import machine_line
from benchmarks.rounds import Row
from benchmarks.tables import OURS, cells, columns, markdown_table, not_clean, ratio_text, title
from experiments.cli.commands import command
from experiments.cli.errors import UsageError
from experiments.cli.parser import Parser
from experiments.files.safe_read import read_object

PROGRAM = "python -m benchmarks.markdown"


@command(PROGRAM)
def main(argv: Sequence[str]) -> None:
    """Print the tables."""
    parser = Parser(PROGRAM, "Print a measurement's tables in Markdown.")
    parser.add_argument("file", metavar="FILE", type=Path, help="such as runs/bench.json")
    file = parser.parse_args(argv).file
    try:
        found = read_object(file)
    except (OSError, ValueError) as error:
        raise UsageError(
            f"FILE: got {str(file)!r} ({error}), expected what `python -m benchmarks` wrote"
        ) from None
    print("\n".join(pages(found)))


def pages(found: dict[str, Any]) -> Iterator[str]:
    """Yield what was measured on, then every table that was measured.

    Args:
        found: what `python -m benchmarks` wrote.
    """
    versions = ", ".join(f"{name} {number}" for name, number in found["versions"].items())
    data = f"{found['data']['name']} (SHA-256 `{found['data']['sha256'][:8]}...`)"
    yield f"{found['date']}, {machine_line(found['machine'])}; {data}; {versions}."
    rows = [*found["question 1"], *found["question 2"]]
    yield from not_clean(rows)
    for page, table in {
        "docs/engine.md": _contenders(found["question 1"]),
        "docs/speed.md": _contenders(found["question 2"]),
        "docs/speed.md, more": markdown_table(("", ""), _more(found["question 2, more"])),
        "docs/speed.md, the whole homework": _whole(found["whole"]),
        "README.md": markdown_table(
            ("", "times faster"),
            [
                [row["configuration"], ratio_text(row)]
                for row in rows
                if row["contender"] in OURS and row["ratio"]
            ],
        ),
    }.items():
        if table:
            yield f"\n{page}:\n\n{table}"


def _contenders(rows: Sequence[Row]) -> str:
    """Write the rows of a question, under each configuration's name those of its contenders."""
    if not rows:
        return ""
    lines: list[list[str]] = []
    for name, of_configuration in groupby(rows, key=title):
        lines += [[f"**{name}**"], *map(cells, of_configuration)]
    return markdown_table(("", *columns(rows[0])), lines)


def _more(rows: Sequence[Row]) -> list[list[str]]:
    lines = []
    for row in rows:
        if row["what"] == "start":
            first = "`hw1-q2 mlp`, program on disk: to the end of the first epoch"
            lines.append([first, f"{row['first_epoch']:.1f} s"])
            lines.append(["its peak memory", f"{row['peak_mb']} MB"])
        else:
            rate = f"{row['epochs_per_second']:.2f} epochs per second"
            lines.append([f"{row['what']}: {row['contender']}", rate])
    return lines


def _whole(found: Row) -> str:
    if not found:
        return ""
    ours = f"`hw1-reproduce`, {ratio_text(found)} times as fast"
    last = [ours, "", "", f"{found['reproduce_seconds']:.0f}"]
    return markdown_table(whole.HEADERS, [*whole.cells(found), last])


if __name__ == "__main__":
    raise SystemExit(main())
