"""Figures of a trained model class by class: its weights as pictures, and what it confuses."""

import math

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.image import AxesImage
from matplotlib.ticker import PercentFormatter

from experiments.assignment import CLASSES
from experiments.cli.errors import RunFolderError
from experiments.cli.text import wrap_phrases
from experiments.data.channels import shown
from experiments.data.dataset import COURSE_SHAPE, is_image_shape
from experiments.plots.style import entitle, head, literal, new_figure
from experiments.runs.reader import Run
from experiments.runs.titles import title

MOST_COUNTED = 30
"""Of how many classes a confusion figure of its own shows every name and count."""


def templates(run: Run, heading: str | None = None, a_row: int | None = None) -> Figure:
    """Draw each class's weights as a picture: what it adds for (bright) or against (dark).

    One scale for all classes: zero is mid-grey, three standard deviations are black and white.

    Args:
        run: of a linear model.
        heading: above the pictures; None for the run's own title, "" for none.
        a_row: how many classes at most stand in a row; None for a figure of its own, nearly square.
    """
    names = class_names(run)
    weights = run.weights().get("W", np.empty(0))
    shape = image_shape(run)
    if weights.shape != (len(names), math.prod(shape) + 1):
        raise RunFolderError(
            f"{run.path / 'weights.npz'}: got W {list(weights.shape)}, expected a row per class; "
            "train the run again"
        )
    weights = weights[:, :-1]
    with np.errstate(over="ignore", invalid="ignore"):  # weights of a run that diverged
        spread = 3 * weights.std() or 1.0
        pictures = np.clip(0.5 + 0.5 * weights / spread, 0, 1).reshape(len(weights), *shape)
    if a_row is not None:
        columns = math.ceil(len(names) / math.ceil(len(names) / a_row))
    else:
        columns = 3 if len(names) <= 6 else math.ceil(math.sqrt(1.5 * len(names)))
    rows = -(-len(names) // columns)
    figure, axes = new_figure(
        rows, columns, figsize=(max(5.6, 1.2 * columns), 2.1 * rows), squeeze=False
    )
    for place in axes.flat:
        place.set_axis_off()
    for place, name, picture in zip(axes.flat, names, pictures, strict=False):
        place.imshow(shown(picture), interpolation="nearest")
        place.set_title(literal(name), loc="center")
    heading = title(run) if heading is None else heading
    if heading:
        head(figure, wrap_phrases(heading, 66))
    return figure


def confusion_matrix(run: Run) -> Figure:
    """Test examples by true and predicted class: counts, shaded by the share of the true class."""
    side = 0.3 * min(len(class_names(run)), MOST_COUNTED)
    figure, axes = new_figure(figsize=(max(5.0, side + 2.5), max(4.2, side + 1.5)))
    image = confusion_on(axes, run, MOST_COUNTED)
    axes.set_ylabel("true class")
    entitle(axes, title(run), 46)
    figure.colorbar(image, label="share of the true class", format=PercentFormatter(1.0))
    return figure


def confusion_on(axes: Axes, run: Run, room: int) -> AxesImage:
    """Draw a run's confusion on these axes.

    Args:
        axes: where.
        run: which run's.
        room: how many classes the axes have letters for; of more, the shades are drawn without
            counts, and some of the names.

    Raises:
        RunFolderError: the run has no counts of class by class.
    """
    names, counts = [*map(literal, class_names(run))], confusion_by_class(run)
    share = counts / np.maximum(counts.sum(axis=1, keepdims=True), 1)
    axes.grid(visible=False)
    image = axes.imshow(share, cmap="Blues", vmin=0, vmax=1)
    for (row, column), count in np.ndenumerate(counts) if len(names) <= room else ():
        colour = "white" if share[row, column] > 0.5 else "black"
        axes.text(column, row, str(count), ha="center", va="center", color=colour, fontsize=9)
    ticks = range(0, len(names), math.ceil(len(names) / room))
    labels = [names[tick] for tick in ticks]
    slope = 30 if len(ticks) <= 10 else 90
    axes.set_xticks(ticks, labels, rotation=slope, ha="right", rotation_mode="anchor")
    axes.set_yticks(ticks, labels)
    axes.set_xlabel("predicted class")
    return image


def confusion_counts(run: Run) -> np.ndarray:
    """Return the counts on the test split by true (row) and predicted class, empty if none."""
    rows = run.summary["confusion"].get("test", [])
    return np.array(rows if len({len(row) for row in rows}) == 1 else [])


def confusion_by_class(run: Run) -> np.ndarray:
    """Return the same counts, a row and a column for each class.

    Raises:
        RunFolderError: the run has no such counts.
    """
    counts, classes = confusion_counts(run), len(class_names(run))
    if counts.shape != (classes, classes) or counts.dtype.kind != "i":
        raise RunFolderError(
            f"{run.path / 'summary.json'}: got a confusion matrix of {list(counts.shape)}, "
            "expected counts of class by class; train the run again"
        )
    return counts


def class_names(run: Run) -> list[str]:
    """Return the names of the classes, in label order."""
    names = CLASSES or run.summary["data"].get("class_names")
    if not isinstance(names, list) or not names:
        raise RunFolderError(
            f"{run.path / 'summary.json'}: got no class names, expected some; train the run again"
        )
    return [str(name) for name in names]


def image_shape(run: Run) -> tuple[int, int, int]:
    """Return height, width and channels of the images that a run was trained on.

    Raises:
        RunFolderError: the summary has something else there; old runs have nothing.
    """
    shape = run.summary["data"].get("image_shape", list(COURSE_SHAPE))
    if not is_image_shape(tuple(shape)):
        raise RunFolderError(
            f"{run.path / 'summary.json'}: got images of {shape!s:.40}, expected height, width "
            "and channels; train the run again"
        )
    height, width, channels = shape
    return height, width, channels
