"""The report's words and numbers as Markdown, for reading without a PDF and for keeping in git.

`python -m experiments.report.markdown RESULTS.json README.md` renews the README's table of
questions 1 and 2 from a report's `results.json`, between the two comments that mark its place.
"""

import json
from collections.abc import Sequence
from pathlib import Path

from experiments.cli.commands import Parser, RunFolderError, UsageError, run_command
from experiments.files.atomic_write import atomic_write
from experiments.report.latex import display, with_latex
from experiments.report.results import Comparison, Results, Section

PROGRAM = "python -m experiments.report.markdown"
BEGIN, END = "<!-- results: begin -->", "<!-- results: end -->"


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


def read_results(path: Path) -> Results:
    """A report's `results.json`.

    Raises:
        RunFolderError: it cannot be read.
    """
    try:
        results: Results = json.loads(path.read_bytes())
        results["sections"]
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise RunFolderError(
            f"{path}: got no report's results ({error}), expected results.json; make the report"
        ) from None
    return results


def renewed(text: str, results: Results) -> str:
    """`text` with the table between the two comments made anew.

    Raises:
        UsageError: the comments are not there.
    """
    before, begin, rest = text.partition(BEGIN)
    _, end, after = rest.partition(END)
    if not begin or not end:
        raise UsageError(f"got a file without {BEGIN} and {END}, expected both; add them")
    return "\n".join([before + begin, "", *accuracy_table(results), "", end + after])


def accuracy_table(results: Results) -> list[str]:
    """Each configuration's accuracies over seeds, beside what was published and expected."""
    rows = [
        "| question | configuration | published val / test | expected val / test | ours, val | "
        "ours, test | seeds | agrees |",
        "|---|---|---:|---:|---:|---:|---:|---|",
    ]
    compared = {section["id"]: section["comparisons"] for section in results["sections"]}
    for section in results["beyond"]:
        if section["id"] == "seeds":
            (table,) = section["tables"]
            rows += [_accuracy_row(row, compared.get(row[0], [])) for row in table["rows"]]
    return rows


def _accuracy_row(row: Sequence[str], compared: Sequence[Comparison]) -> str:
    """A row of the table over seeds (part, setting, train, val, test, seeds), compared."""
    part, setting, _, val, test, seeds = row
    about = {
        entry["quantity"].removesuffix(f", {setting}"): entry
        for entry in compared
        if ", " not in entry["quantity"]
        or entry["quantity"].endswith((f", {setting}", ", seed 42"))
    }
    accuracies = [about.get(f"{split} accuracy") for split in ("validation", "test")]
    counts = [about.get(f"correct {split} examples, seed 42") for split in ("validation", "test")]
    loss = about.get("validation loss")

    def pair(entries: Sequence[Comparison | None], key: str) -> str:
        values = [str(dict(entry)[key]) if entry else "" for entry in entries]
        return " / ".join(value or "-" for value in values) if any(values) else ""

    published, expected = pair(accuracies, "published"), pair(accuracies, "expected")
    if not expected and any(counts):
        expected = f"{pair(counts, 'expected')} right, seed 42"
    if loss is not None:
        published, expected = loss["published"], f"val loss {loss['expected']}"
    verdicts = {entry["verdict"] for entry in (*accuracies, loss) if entry}
    agrees = "no" if "differs" in verdicts else "yes" if "agrees" in verdicts else "-"
    if any(counts):
        exact = {entry["verdict"] for entry in counts if entry} == {"agrees"}
        agrees = f"{'' if exact else 'not '}to the digit; mean over seeds: {agrees}"
    if loss is not None:
        agrees += f" (val loss {loss['text'].partition(' (')[0]})"
    return f"| {' | '.join([part, setting, published, expected, val, test, seeds, agrees])} |"


def markdown(results: Results) -> str:
    """The whole report but its figures, formulas in LaTeX."""
    results = with_latex(results)
    front = results["front"]
    lines = [f"# {front['title']}", "", front["subtitle"], ""]
    lines += [f"**{warning}**\n" for warning in front["warnings"]]
    lines += [*_table(["what", "value"], front["facts"]), ""]
    for section in results["sections"]:
        lines += _section(section)
    lines += ["## Errata of the assignment", ""]
    for erratum in results["errata"]:
        lines += [f"### {erratum['where']}", ""]
        for name in ("printed", "right", "evidence"):
            lines += [f"{name.capitalize()}: {erratum[name]}", ""]
    lines += ["## Beyond the assignment", ""]
    for section in results["beyond"]:
        lines += _section(section, section["title"].removeprefix(f"{section['id']} "))
    return "\n".join(lines).rstrip() + "\n"


def _section(section: Section, title: str = "") -> list[str]:
    lines = [f"## {title or section['title']}", "", section["asked"], ""]
    for paragraph in section["how"]:
        lines += [paragraph, ""]
    if formula := section.get("formula"):
        lines += [*display(formula), ""]
    if code := section.get("code"):
        lines += ["```python", code, "```", ""]
    for table in section["tables"]:
        lines += [f"*{table['caption']}*", "", *_table(table["columns"], table["rows"]), ""]
    if section["comparisons"]:
        keys = ("quantity", "published", "expected", "tolerance", "text", "verdict", "why")
        rows = [[str(dict(entry)[key]) for key in keys] for entry in section["comparisons"]]
        columns = ["quantity", "published", "expected", "tolerance", "ours", "verdict", "why"]
        lines += [*_table(columns, rows), ""]
    for paragraph in section["answer"]:
        lines += [paragraph, ""]
    return lines


def _table(columns: Sequence[str], rows: Sequence[Sequence[str]]) -> list[str]:
    def line(cells: Sequence[str]) -> str:
        return "| " + " | ".join(cell.replace("|", r"\|") for cell in cells) + " |"

    return [line(columns), "|" + "---|" * len(columns), *map(line, rows)]


if __name__ == "__main__":
    raise SystemExit(main())
