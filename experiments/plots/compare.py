"""Several runs in one figure and one table: question 1's side by side, question 2's by seeds."""

from collections.abc import Sequence
from pathlib import Path

from matplotlib.figure import Figure

from experiments.cli.errors import UsageError
from experiments.cli.tables import text_table
from experiments.cli.text import wrap_phrases
from experiments.data.dataset import SPLITS
from experiments.plots.over_seeds import LINE_STYLES, loss_curves
from experiments.plots.style import (
    SERIES_COLOURS,
    SPLIT_STYLES,
    entitle,
    head,
    new_figure,
    percentages,
    plot_by_epoch,
    whole_epochs,
)
from experiments.runs.reader import Run
from experiments.runs.sweep import group_by_configuration, sweep_rows
from experiments.runs.sweep import table as sweep_table
from experiments.runs.titles import configuration, run_labels, shared_heading

COLUMNS = 4
LABEL_WIDTH = 42
MAX_CURVES = len(SERIES_COLOURS) * len(LINE_STYLES)
"""As many curves differ in colour or in line style."""
MAX_PANELS = 24
"""Six rows of panels, which one still scrolls through."""


def compare(runs: Sequence[Run]) -> tuple[Figure, list[str]]:
    """Return the figure and the table of several runs of one command.

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
        return loss_curves(groups, labels, shared_heading(runs)), sweep_table(rows)
    _check_number(len(runs), "runs", MAX_PANELS)
    labels = run_labels([(configuration(run.path, run.config), run.config) for run in runs])
    return _side_by_side(runs, labels, shared_heading(runs)), _table(runs, labels)


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


def _side_by_side(runs: Sequence[Run], labels: Sequence[str], heading: str) -> Figure:
    """Draw accuracies above, weight norms or losses below, a column per run, on shared axes.

    From the fifth run on there are more such rows of panels below.
    """
    measure, measured = _common_measure(runs)
    columns, bands = min(len(runs), COLUMNS), -(-len(runs) // COLUMNS)
    figure, axes = new_figure(
        2 * bands, columns, figsize=(1.2 + 3.0 * columns, 5.2 * bands), squeeze=False
    )
    for place in range(len(runs), bands * columns):
        for row in (-2, -1):
            axes[row, place % columns].remove()
    for place, (run, label) in enumerate(zip(runs, labels, strict=True)):
        band, column = divmod(place, columns)
        above, below = axes[2 * band, column], axes[2 * band + 1, column]
        if place:
            above.sharey(axes[0, 0])
            below.sharey(axes[1, 0])
        below.sharex(above)
        for split in ("train", "val"):
            plot_by_epoch(above, run.accuracies(split), label=split, **SPLIT_STYLES[split])
        plot_by_epoch(below, run.series(measure), color=SERIES_COLOURS[-1])
        entitle(above, label, 34, synthetic=run.summary["synthetic"])
        whole_epochs(below)
        above.tick_params(labelbottom=False, labelleft=not column)
        below.tick_params(labelleft=not column)
        if not column:
            percentages(above.yaxis)
            above.set_ylabel("accuracy")
            below.set_ylabel(measured)
    axes[0, 0].legend()
    head(figure, heading)
    return figure


def _table(runs: Sequence[Run], labels: Sequence[str]) -> list[str]:
    """Return final accuracies and weight norms, a row per run, in less than 80 columns."""
    rows = []
    for run, label in zip(runs, labels, strict=True):
        norm = run.summary["final"].get("weight_norm")
        shares = [f"{run.accuracy(split):.4f}" for split in SPLITS]
        rows.append([wrap_phrases(label, LABEL_WIDTH), *shares, f"{norm:.4f}" if norm else ""])
    return text_table(["run", "train", "val", "test", "W norm"], rows)


def _common_measure(runs: Sequence[Run]) -> tuple[str, str]:
    mlps = [run.summary["model"] == "mlp" for run in runs]
    if all(mlps):
        return "loss", "mean training loss"
    if not any(mlps):
        return "weight_norm", r"weight norm $\|W\|_F$"
    raise UsageError(
        "compare: got an mlp beside a linear model, expected one kind; compare like with like"
    )
