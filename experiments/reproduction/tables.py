"""What the runs came to, a table per question in less than 80 columns."""

from collections.abc import Mapping, Sequence
from pathlib import Path

from experiments.configs.q1 import Q1Config
from experiments.configs.q2 import Q2Config
from experiments.data.dataset import Dataset
from experiments.report.question3_results import read_question3
from experiments.reproduction.plan import Config, Task, setting
from experiments.runs.reader import Run
from experiments.runs.statistics import over_seeds
from experiments.runs.sweep import spread_text

WIDTH = 34


def tables(
    tasks: Sequence[Task], folders: Mapping[Config, Path], data: Dataset, seeds: Sequence[int]
) -> list[str]:
    """Return mean and deviation over seeds of every configuration, and the first seed's own value.

    Questions without a finished run get no table.
    """
    lines: list[str] = []
    where = data.name + (" (SYNTHETIC)" if data.synthetic else "")
    head = (
        f"{'part':5s} {'configuration':{WIDTH}s} {'val acc (sd)':>14s} {'test acc (sd)':>14s} "
        f"{f'seed {seeds[0]}':>8s}"
    )
    for question in ("1", "2"):
        rows = _rows([task for task in tasks if task.part.startswith(question)], folders)
        if rows:
            lines += ["", f"Question {question} on {where}", head, *rows]
    for task in tasks:
        if task.part == "3" and task.config in folders:
            lines += ["", _question_3(folders[task.config])]
    return lines


def _rows(tasks: Sequence[Task], folders: Mapping[Config, Path]) -> list[str]:
    groups: dict[tuple[str, str], list[Path | None]] = {}
    for task in tasks:
        if isinstance(task.config, (Q1Config, Q2Config)):
            members = groups.setdefault((task.part, setting(task.config)), [])
            members.append(folders.get(task.config))
    return [_row(*name, found) for name, found in groups.items() if any(found)]


def _row(part: str, name: str, found: Sequence[Path | None]) -> str:
    """Write one configuration; a missing first seed leaves its column empty."""
    runs = [Run(folder) for folder in found if folder]
    spreads = [over_seeds([run.accuracy(split) for run in runs]) for split in ("val", "test")]
    shares = [spread_text(spread, 3) for spread in spreads]
    first = f"{Run(found[0]).accuracy('test'):.4f}" if found[0] else ""
    missing = f" ({len(runs)} of {len(found)})" if len(runs) < len(found) else ""
    line = f"{part:5s} {(name + missing)[:WIDTH]:{WIDTH}s} {shares[0]:>14s} {shares[1]:>14s}"
    return f"{line} {first:>8s}".rstrip()


def _question_3(folder: Path) -> str:
    claims = read_question3(folder).claims.values()
    hold = sum(claim.holds for claim in claims)
    cases = sum(claim.cases for claim in claims)
    return f"Question 3: {hold} of {len(claims)} claims hold, over {cases:,} cases"
