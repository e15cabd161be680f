"""The README's table of questions 1 and 2, from a report's numbers.

`python -m experiments.report.readme_table RESULTS.json README.md` renews it between the two
comments that mark its place.
"""

from collections.abc import Sequence
from pathlib import Path

from experiments.assignment import PARTS, Published
from experiments.cli.commands import Parser, UsageError, run_command
from experiments.files.atomic_write import atomic_write
from experiments.report.results import Comparison, Configuration, Results, SeedValues, read_results

PROGRAM = "python -m experiments.report.readme_table"
BEGIN, END = "<!-- results: begin -->", "<!-- results: end -->"
_HEAD = (
    "| question | configuration | published val / test | expected val / test | ours, val | "
    "ours, test | seeds | agrees |",
    "|---|---|---:|---:|---:|---:|---:|---|",
)


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command; see `experiments.cli.commands.ExitCode` for what is returned."""
    return run_command(PROGRAM, _run, argv)


def _run(argv: Sequence[str]) -> None:
    parser = Parser(PROGRAM, "Renew a file's table of results.")
    parser.add_argument("results", metavar="RESULTS.json", help="of a report")
    parser.add_argument("file", metavar="README.md", help="holds the two comments")
    arguments = parser.parse_args(argv)
    file = Path(arguments.file)
    text = renewed(file.read_text(encoding="utf-8"), read_results(Path(arguments.results)))
    with atomic_write(file) as target:
        target.write(text.encode())


def renewed(text: str, results: Results) -> str:
    """Return `text` with the table between the two comments made anew.

    Raises:
        UsageError: the comments are not there.
    """
    before, begin, rest = text.partition(BEGIN)
    _, end, after = rest.partition(END)
    if not begin or not end:
        raise UsageError(f"got a file without {BEGIN} and {END}, expected both; add them")
    return "\n".join([before + begin, "", *table(results), "", end + after])


def table(results: Results) -> list[str]:
    """Return each configuration's accuracies over seeds, beside what was published and expected."""
    rows = [
        _row(part, entry, found.comparisons)
        for part, found in results.parts.items()
        for entry in found.configurations
    ]
    return [*_HEAD, *(f"| {' | '.join(row)} |" for row in rows)]


def _row(part: str, entry: Configuration, compared: Sequence[Comparison]) -> list[str]:
    own = [it for it in compared if it.runs and it.runs[0] in entry.runs and not it.minus]
    about = {tuple(it.keys): it for it in own}
    accuracies = [about.get(("final", split, "accuracy")) for split in ("val", "test")]
    counts = [about.get(("final", split, "correct")) for split in ("val", "test")]
    loss = about.get(("final", "val", "loss"))
    printed = PARTS[part].published.get(entry.value, Published())
    published = [printed.val, printed.test]
    expected = [f"{it.expected[0]:.4f}" if it and it.expected else "" for it in accuracies]
    agrees = _agreement([it for it in (*accuracies, loss) if it])
    columns = [_pair(published), _pair(expected)]
    if not columns[1] and any(counts):
        right = [f"{it.expected[0]:.0f}" if it else "" for it in counts]
        columns[1] = f"{_pair(right)} right, seed 42"
    if any(counts):
        exact = all(it.verdict == "agrees" for it in counts if it)
        agrees = f"{'' if exact else 'not '}to the digit; over seeds: {agrees}"
    if loss:
        columns = [str(loss.published), f"val loss {loss.expected}"]
        agrees += f" (val loss {_spread(entry.loss['val'])})"
    ours = [_spread(entry.accuracy[split]) for split in ("val", "test")]
    return [part, entry.label, *columns, *ours, str(len(entry.seeds)), agrees]


def _agreement(compared: Sequence[Comparison]) -> str:
    verdicts = {it.verdict for it in compared}
    return "no" if "differs" in verdicts else "yes" if "agrees" in verdicts else "-"


def _pair(values: Sequence[str]) -> str:
    return " / ".join(value or "-" for value in values) if any(values) else ""


def _spread(value: SeedValues) -> str:
    if value.mean is None:
        return "not finite"
    deviation = "" if value.sd is None else f" ± {value.sd:.{value.decimals}f}"
    return f"{value.mean:.{value.decimals}f}{deviation}"


if __name__ == "__main__":
    raise SystemExit(main())
