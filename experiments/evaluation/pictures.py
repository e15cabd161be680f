"""Pictures beyond the assignment: confusion matrices side by side, and the surest mistakes."""

from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np
from matplotlib.figure import Figure
from matplotlib.ticker import PercentFormatter

from experiments.cli.errors import DataError
from experiments.data.dataset import SPLITS, Dataset, Split
from experiments.data.load import load_builtin, load_file
from experiments.evaluation.trained_model import TrainedModel, probabilities, trained_model
from experiments.plots.classes import class_names, confusion_on
from experiments.plots.style import literal, mark_synthetic, new_figure
from experiments.runs.reader import Run

ROWS, COLUMNS = 2, 6


class Mistake(NamedTuple):
    """A test example, by its number, and the class it is taken for, with its probability."""

    number: int
    predicted: int
    probability: float


def confusions(labelled: Sequence[tuple[str, Run]]) -> Figure:
    """Confusion on the test split, a panel per run, one scale of shades."""
    figure, panels = new_figure(
        1, len(labelled), figsize=(3.6 * len(labelled), 3.7), sharey=True, squeeze=False
    )
    for axes, (label, run) in zip(panels[0], labelled, strict=True):
        image = confusion_on(axes, run)
        axes.set_title(label)
    panels[0][0].set_ylabel("true class")
    figure.colorbar(
        image,
        ax=list(panels[0]),
        label="share of the true class",
        format=PercentFormatter(1.0),
        shrink=0.8,
    )
    mark_synthetic(figure, any(run.summary["synthetic"] for _, run in labelled))
    return figure


def surest_mistakes(model: TrainedModel, split: Split, most: int) -> list[Mistake]:
    """Find the wrong predictions of largest probability, that first; ties by their number."""
    shares = probabilities(model.scores(split.pixels))
    predicted = shares.argmax(axis=1)
    wrong = np.flatnonzero(predicted != split.labels)
    order = wrong[np.argsort(-shares[wrong, predicted[wrong]], kind="stable")][:most]
    return [Mistake(int(n), int(predicted[n]), float(shares[n, predicted[n]])) for n in order]


def mistakes(run: Run, data: Dataset | None = None) -> Figure:
    """Draw the surest mistakes on the test split of a run that gives probabilities.

    Where its data are not given, they are loaded from where the run found them.

    Raises:
        DataError: the images are not there any more, or are others.
        RunFolderError: the run's weights are damaged.
    """
    split = _data_of(run, data).test
    names = [*map(literal, class_names(run))]
    found = surest_mistakes(trained_model(run), split, ROWS * COLUMNS)
    figure, axes = new_figure(ROWS, COLUMNS, figsize=(6.4, 3.4), squeeze=False)
    for place in axes.flat:
        place.set_axis_off()
    for place, mistake in zip(axes.flat, found, strict=False):
        place.imshow(split.images[mistake.number], interpolation="nearest")
        true, taken = names[split.labels[mistake.number]], names[mistake.predicted]
        place.set_title(
            f"is {true}\nnot {taken}\n({mistake.probability:.3f})", loc="center", fontsize=9
        )
    mark_synthetic(figure, run.summary["synthetic"])
    return figure


def _data_of(run: Run, data: Dataset | None) -> Dataset:
    """Return the data of a run, by hash."""
    known = run.summary["data"]
    if data is None:
        path = Path(str(known.get("source")))
        if path.is_file():
            data = load_file(path)
        elif run.summary["synthetic"]:
            data = load_builtin(sum(run.summary["final"][s]["total"] for s in SPLITS))
    if data is None or data.sha256 != known.get("sha256"):
        raise DataError(
            f"{known.get('source')}: got no data or other data, expected what {run.path.name} was "
            f"trained on (SHA-256 {str(known.get('sha256'))[:8]}...); put it back there"
        )
    return data
