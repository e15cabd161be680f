"""A lecturer's list: a row for each student, and a CSV of verdicts.

Columns, in any order: `id`; `question`; any of `train`, `val`, `test`, `norm`, `loss`, `val_loss`;
`log` or `script`, a path beside the CSV file. A row without a header's column leaves it empty.
"""

import argparse
import csv
import sys
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import NamedTuple

from experiments.assignment import PARTS, Measure
from experiments.checking.given_numbers import ACCURACIES, MEASURES, Given, positive, share
from experiments.checking.reading.decode import read_text
from experiments.checking.script.run_script import check_script
from experiments.checking.session import Asked, answer
from experiments.cli.errors import CommandError, DataError, ExitCode, UsageError
from experiments.cli.text import one_line, printable

COLUMNS = ("id", "question", *MEASURES, "log", "script")
SCRIPT_SECONDS = 60.0
FAILED = "error"


class Row(NamedTuple):
    """What is answered for one student.

    Attributes:
        id: the student's.
        question: the assignment's part.
        verdict: the kind, or "error".
        mistake: the key of what was done wrong, "" for none.
        says: the verdict in a line.
    """

    id: str
    question: str
    verdict: str
    mistake: str
    says: str


def check_batch(path: str, source: str | None, minutes: float) -> ExitCode:
    """Answer every row of a CSV file on stdout; a row that cannot be answered says why.

    Args:
        path: the CSV file.
        source: the data, None for known digits alone.
        minutes: how long each row may take.

    Returns:
        `DONE` if every row is right, else `CHECK_FAILED`.

    Raises:
        DataError: the file cannot be read, or has no column that is known.
    """
    rows = list(_rows(path))
    writer = csv.writer(sys.stdout, lineterminator="\n")
    writer.writerow(Row._fields)
    good = True
    for number, row in enumerate(rows, 1):
        found = check_row(row, str(number), Path(path).parent, source, minutes)
        writer.writerow(found)
        sys.stdout.flush()
        good &= found.verdict in ("right", "equal", "seed", "noise")
    return ExitCode.DONE if good else ExitCode.CHECK_FAILED


def check_row(
    row: Mapping[str, str], number: str, folder: Path, source: str | None, minutes: float
) -> Row:
    """Answer one row, from cells by column; a number stands for an id, an error is an answer."""
    student, question = row.get("id") or number, row.get("question") or ""
    try:
        if question and question not in PARTS:
            raise UsageError(f"question: got {question[:40]!r}, expected one of {', '.join(PARTS)}")
        if script := row.get("script"):
            found = check_script(folder / script, SCRIPT_SECONDS)
            mistakes = [part["mistake"] for part in found.content["parts"]]
        else:
            log = row.get("log")
            given = {} if log else _numbers(row)
            file = str(folder / log) if log else None
            asked = Asked(question or None, given, file, source=source, minutes=minutes)
            found = answer(asked, lambda _line: None)
            question, mistakes = found.content["question"], [found.content["mistake"]]
        mistake = "; ".join(filter(None, mistakes))
        return Row(student, question, found.content["verdict"], mistake, found.first)
    except (CommandError, argparse.ArgumentTypeError) as error:
        return Row(student, question, FAILED, "", one_line(error))
    except Exception as error:  # one student's file must not end the others' list
        return Row(student, question, FAILED, "", one_line(f"{type(error).__name__}: {error}"))


def _numbers(row: Mapping[str, str]) -> dict[Measure, Given]:
    given: dict[Measure, Given] = {
        name: share(row[name]) if name in ACCURACIES else positive(row[name])
        for name in MEASURES
        if row.get(name)
    }
    if not given:
        raise UsageError(f"got no numbers, expected some of {', '.join(MEASURES)}, log or script")
    return given


def _rows(path: str) -> Iterable[dict[str, str]]:
    text = read_text(Path(path), "a CSV list with a row per student")
    first = text.partition("\n")[0]
    delimiter = ";" if first.count(";") > first.count(",") else ","
    rows = csv.reader(text.splitlines(), delimiter=delimiter)
    try:
        header = [cell.strip().lower() for cell in next(rows, [])]
        if not set(header) & set(COLUMNS[2:]):
            raise DataError(
                f"{printable(path)}: got the columns {', '.join(header)[:80]!r}, expected some of "
                f"{', '.join(COLUMNS)}; name them in the first line"
            )
        for row in rows:
            if any(cell.strip() for cell in row):
                yield dict(zip(header, (cell.strip() for cell in row), strict=False))
    except csv.Error as error:
        raise DataError(f"{printable(path)}: got no CSV ({error}); save it as CSV") from None
