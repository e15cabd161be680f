"""The README's tables of questions 1 and 2, from a report's numbers.

`python -m experiments.report.readme_table RESULTS.json README.md` renews the accuracies between the
comments `<!-- results: begin -->` and `<!-- results: end -->`, and what is above what between
`<!-- orders: begin -->` and `<!-- orders: end -->`.
"""

from collections.abc import Iterator, Sequence
from pathlib import Path

from experiments.assignment import PARTS, Published, decimal
from experiments.cli.commands import command
from experiments.cli.errors import UsageError
from experiments.cli.parser import Parser
from experiments.files.atomic_write import atomic_write
from experiments.report.configurations import Configuration, SeedValues
from experiments.report.differences import Difference, accuracy, interval
from experiments.report.results import Comparison, Results, read_results
from experiments.runs import statistics
from experiments.runs.statistics import Interval

PROGRAM = "python -m experiments.report.readme_table"
_HEAD = (
    "| question | configuration | published val / test | expected val / test | ours, val | "
    "ours, test | seeds | agrees |",
    "|---|---|---:|---:|---:|---:|---:|---|",
)


@command(PROGRAM)
def main(argv: Sequence[str]) -> None:
    """Renew the tables."""
    parser = Parser(PROGRAM, "Renew a file's tables of results.")
    parser.add_argument("results", metavar="RESULTS.json", help="of a report")
    parser.add_argument("file", metavar="README.md", help="holds the comments that mark them")
    arguments = parser.parse_args(argv)
    file = Path(arguments.file)
    text = renewed(file.read_text(encoding="utf-8"), read_results(Path(arguments.results)))
    with atomic_write(file) as target:
        target.write(text.encode())


def renewed(text: str, results: Results) -> str:
    """Return `text` with the tables between their comments made anew.

    Raises:
        UsageError: there is no place for any of them.
    """
    marked = False
    for name, make in {"results": table, "orders": orders}.items():
        before, begin, rest = text.partition(f"<!-- {name}: begin -->")
        _, end, after = rest.partition(f"<!-- {name}: end -->")
        if begin and end:
            text = "\n".join([before + begin, "", *make(results), "", end + after])
            marked = True
    if not marked:
        raise UsageError(
            "got a file without <!-- results: begin --> and <!-- results: end -->, expected both; "
            "add them"
        )
    return text


def table(results: Results) -> list[str]:
    """Return each configuration's accuracies over seeds, beside what was published and expected."""
    rows = [
        _row(part, entry, found.comparisons)
        for part, found in results.parts.items()
        for entry in found.configurations
    ]
    return [*_HEAD, *(f"| {' | '.join(row)} |" for row in rows)]


def orders(results: Results) -> list[str]:
    """Return which configurations are above which on test, as the assignment finds them.

    The intervals of the differences hold for all of them together (Bonferroni).
    """
    pairs = [pair for part in results.parts for pair in _compared(results, part)]
    found = [
        (pair, between)
        for pair in pairs
        if (between := interval(*pair[1:], accuracy("test"))) is not None
    ]
    corrected = statistics.simultaneous([between for _, between in found])
    rows = [
        f"| {words} | {between.estimate:+.3f} ± {between.half_width:.3f} | "
        f"{_verdict(between, interval(best, other, accuracy('val')))} |"
        for ((words, best, other), _), between in zip(found, corrected, strict=True)
    ]
    seeds = len(results.seeds)
    head = f"| conclusion | difference | with {seeds} seed{'s' * (seeds > 1)} |"
    return [head, "|---|---|---|", *sorted(rows, key=lambda row: "| found" not in row)]


def _compared(results: Results, part: str) -> Iterator[tuple[str, Configuration, Configuration]]:
    """Give the part's best configuration with each that the assignment puts below it."""
    asked, own = PARTS[part], results.parts[part].configurations
    best = next((entry for entry in own if entry.value == asked.usual), None)
    if best is None:
        return
    if asked.beside in results.parts:
        for other in results.parts[asked.beside].configurations:
            yield f"L2 penalty {asked.settings()['l2_penalty']} above none", best, other
    elif asked.varied:
        for other in own:
            if other is not best:
                yield f"{best.label} above {decimal(other.value)}", best, other


def _verdict(test: Interval, val: Interval | None) -> str:
    verdict = Difference.of(test).verdict
    turned = verdict != "not found" and val is not None and val.estimate <= 0
    return f"{verdict}; not on validation" if turned else verdict


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
