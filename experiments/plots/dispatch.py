"""Which figures a run has, by the command that trained it."""

from collections.abc import Sequence
from pathlib import Path

from matplotlib.figure import Figure

from experiments.cli.commands import UsageError
from experiments.plots import compare as q1_compare
from experiments.plots import q1, q2
from experiments.plots.sweep import loss_curves
from experiments.runs.reader import Run
from experiments.runs.sweep import differing, group_by_configuration, row, table


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
        UsageError: there is nothing to put side by side.
        RunFolderError: a run lacks what is compared.
    """
    commands = {run.config["command"] for run in runs}
    if len(commands) > 1:
        raise UsageError(
            f"compare: got runs of {' and '.join(sorted(commands))}, expected runs of one command"
        )
    if commands == {"hw1-q2"}:
        names = differing(runs)
        groups = group_by_configuration(runs)
        rows = [row(members, names) for members in groups]
        return loss_curves(groups, [entry["label"] for entry in rows]), table(rows)
    return q1_compare.compare(runs), q1_compare.table(runs)
