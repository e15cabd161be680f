"""Pictures of trained models: confusions, the surest mistakes, predictions of photographs."""

from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np
from matplotlib.figure import Figure
from matplotlib.ticker import PercentFormatter

from experiments.cli.errors import DataError
from experiments.cli.text import wrap_phrases
from experiments.data.channels import shown
from experiments.data.dataset import SPLITS, Dataset, Split
from experiments.data.load import load_builtin, load_file
from experiments.evaluation.prediction import Prediction
from experiments.evaluation.trained_model import TrainedModel, probabilities, trained_model
from experiments.plots.classes import class_names, confusion_on
from experiments.plots.style import SPLIT_STYLES, head, literal, mark_synthetic, new_figure
from experiments.runs.reader import Run

ROWS, COLUMNS = 2, 6
_FOR, _OTHERS = SPLIT_STYLES["train"]["color"], "#BBBBBB"


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
        image = confusion_on(axes, run, room=12)
        axes.set_title(label)
    panels[0][0].set_ylabel("true class")
    figure.colorbar(
        image,
        ax=list(panels[0]),
        label="share of the true class",
        format=PercentFormatter(1.0),
        shrink=0.8,
    )
    mark_synthetic(figure, *(run.summary["synthetic"] for _, run in labelled))
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
        place.imshow(shown(split.images[mistake.number]), interpolation="nearest")
        true, taken = names[split.labels[mistake.number]], names[mistake.predicted]
        place.set_title(
            f"is {true}\nnot {taken}\n({mistake.probability:.3f})", loc="center", fontsize=9
        )
    if not found:
        figure.text(0.5, 0.5, "It gets every test image right.", ha="center")
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


def prediction(p: Prediction, model: TrainedModel, heading: str, synthetic: bool) -> Figure:
    """Draw the image as the model sees it, its probabilities, and a linear model's evidence."""
    panels = 2 if p.evidence is None else 3
    figure, axes = new_figure(1, panels, figsize=(3.1 * panels, 3.2))
    names = [*map(literal, model.class_names)]
    name = names[p.predicted]
    axes[0].imshow(shown(p.image), interpolation="nearest")
    axes[0].set_title(f"as the model sees it, {p.image.shape[1]}x{p.image.shape[0]}")
    axes[0].set_axis_off()

    places = np.arange(len(p.shares))
    colours = [_FOR if k == p.predicted else _OTHERS for k in places]
    axes[1].set_axisbelow(True)
    axes[1].barh(places, p.shares, color=colours)
    axes[1].set_yticks(places, names)
    axes[1].invert_yaxis()
    axes[1].set_title(name)
    axes[1].set_xlabel("probability" if model.probabilistic else "centred score")
    if model.probabilistic:
        axes[1].set_xlim(0, 1)

    if p.evidence is not None:
        limit = float(np.abs(p.evidence).max()) or 1.0
        drawn = axes[2].imshow(
            p.evidence, cmap="RdBu", vmin=-limit, vmax=limit, interpolation="nearest"
        )
        axes[2].set_title(f"for (blue), against {name} (red)")
        axes[2].set_axis_off()
        figure.colorbar(drawn, ax=axes[2], label="share in the score")
    head(figure, wrap_phrases(heading, 74))
    mark_synthetic(figure, synthetic)
    return figure
