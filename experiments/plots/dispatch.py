"""Which figures a run has, by the command that trained it."""

from collections.abc import Sequence
from pathlib import Path

from matplotlib.figure import Figure

from experiments.cli.commands import UsageError
from experiments.plots import compare as q1_compare
from experiments.plots import q1, q2
from experiments.plots.style import SERIES_COLOURS
from experiments.plots.sweep import LINE_STYLES, loss_curves
from experiments.runs.reader import Run
from experiments.runs.sweep import group_by_configuration, sweep_rows, table
from experiments.runs.titles import configuration, run_labels, shared_heading

MAX_CURVES = len(SERIES_COLOURS) * len(LINE_STYLES)
"""As many curves differ in colour or in line style."""
MAX_PANELS = 24
"""Six rows of panels, which one still scrolls through."""


def draw_run(folder: Path) -> list[Path]:
    """Draw every figure of a finished run into its folder.

    Raises:
        RunFolderError: the folder is not that of a finished run.
    """
    draw = q2.draw_run if Run(folder).config["command"] == "hw1-q2" else q1.draw_run
    return draw(folder)


def compare(runs: Sequence[Run]) -> tuple[Figure, list[str]]:
    """Several runs in one figure and one table: question 1's side by side, question 2's by seeds.

    Raises:
        UsageError: there is nothing to put side by side, too much, or a run twice.
        RunFolderError: a run lacks what is compared.
    """
    if len(runs) < 2:
        raise UsageError(f"compare: got {len(runs)} run, expected two or more; name another")
    _refuse_a_run_twice(runs)
    commands = {run.config["command"] for run in runs}
    if len(commands) > 1:
        raise UsageError(
            f"compare: got runs of {' and '.join(sorted(commands))}, expected runs of one command"
        )
    if commands == {"hw1-q2"}:
        groups = group_by_configuration(runs)
        _check_number(len(groups), "configurations", MAX_CURVES)
        rows = sweep_rows(groups)
        labels = [entry["label"] for entry in rows]
        return loss_curves(groups, labels, shared_heading(runs)), table(rows)
    _check_number(len(runs), "runs", MAX_PANELS)
    labels = run_labels([(configuration(run.path, run.config), run.config) for run in runs])
    return q1_compare.compare(runs, labels, shared_heading(runs)), q1_compare.table(runs, labels)


def _refuse_a_run_twice(runs: Sequence[Run]) -> None:
    """Refuse a folder that is named twice, and two folders with the same numbers."""
    seen: dict[str, Path] = {}
    for run in runs:
        about = run.config
        settings = sorted(about["config"].items())
        numbers = (about["command"], settings, about["data"]["sha256"], about["sources_sha256"])
        for same in (repr(numbers), str(run.path.resolve())):
            if (other := seen.setdefault(same, run.path)) is not run.path:
                raise UsageError(
                    f"compare: got {other} and {run.path}, which are the same run, expected "
                    "different ones; leave one out"
                )


def _check_number(number: int, what: str, most: int) -> None:
    if number > most:
        raise UsageError(
            f"compare: got {number} {what}, expected at most {most}, which one can still read; "
            "name fewer"
        )
