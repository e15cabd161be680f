"""Draws the report's figures from run folders: those of `FIGURES` whose parts have runs.

They are drawn in the size in which they stand on the page, in the text's typeface at 8 points.
"""

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple

from matplotlib.figure import Figure
from matplotlib.text import Text

from experiments.assignment import LASSO_PART, PARTS, PICTURED_PARTS, THEORY_PART
from experiments.cli.errors import CommandError, as_run_folder_error, not_writable
from experiments.cli.text import one_line
from experiments.data.dataset import Dataset
from experiments.evaluation.pictures import confusions, mistakes
from experiments.plots import descent, over_seeds, question3
from experiments.plots.classes import templates
from experiments.plots.lasso import zeros_and_accuracies
from experiments.plots.style import save
from experiments.report.configurations import label
from experiments.report.runs_by_part import RunsByPart
from experiments.runs.json_files import read_record
from experiments.runs.reader import Run

TYPEFACE = ["cmr10", "STIXGeneral"]
"""Computer Modern, as the text; the second has the signs that the first lacks, such as a minus."""
POINTS = 8
WIDTH = 6.4
"""Inches between the margins of the page."""
Draw = Callable[[RunsByPart, Dataset | None], Figure]


class Wanted(NamedTuple):
    """A figure of the report.

    Attributes:
        parts: the parts whose runs it is drawn from; it is left out if one of them has none.
        draw: draws it.
        size: its width and height in inches.
    """

    parts: tuple[str, ...]
    draw: Draw
    size: tuple[float, float]


class Drawn(NamedTuple):
    """What became of the figures, by name.

    Attributes:
        files: those that are drawn.
        failed: why the others are not, each a line that names the figure.
    """

    files: dict[str, Path]
    failed: dict[str, CommandError]


def draw_all(
    folders: Mapping[str, Sequence[Path]], out: Path, data: Dataset | None = None
) -> Drawn:
    """Draw every figure whose parts have runs, as SVG; one that fails leaves the others alone.

    Args:
        folders: the folders of the finished runs of each part, such as "2.2a".
        out: the report's folder; the figures go into `figures/` in it.
        data: what the runs were trained on, for pictures of examples; None to load it.

    Raises:
        RunFolderError: there is no folder for figures, and none can be made.
    """
    folder = out / "figures"
    with as_run_folder_error(folder):
        folder.mkdir(parents=True, exist_ok=True)
    runs = RunsByPart(folders)
    drawn = Drawn({}, {})
    for name, wanted in FIGURES.items():
        if not all(runs.has(part) for part in wanted.parts):
            continue
        path = folder / f"{name}.svg"
        try:
            drawn.files[name] = save(in_the_text(wanted.draw(runs, data), wanted.size), path)
        except CommandError as error:
            drawn.failed[name] = type(error)(f"{path.name}: cannot be drawn: {one_line(error)}")
        except OSError as error:
            drawn.failed[name] = not_writable(path, error)
        except (KeyError, TypeError, ValueError, IndexError) as error:
            drawn.failed[name] = CommandError(
                f"{path.name}: cannot be drawn ({type(error).__name__}: {one_line(error)}), "
                f"expected complete runs of {' and '.join(wanted.parts)}; look at their folders"
            )
    return drawn


def in_the_text(figure: Figure, size: tuple[float, float]) -> Figure:
    """Give a figure its size on the page and the text's letters; the caption is its heading."""
    figure.set_size_inches(*size)
    figure.draw_without_rendering()  # makes the labels of the axes, which are then found
    for text in figure.findobj(Text):
        text.set(fontsize=POINTS, fontfamily=TYPEFACE, math_fontfamily="cm")
    for axis in (axis for axes in figure.axes for axis in (axes.xaxis, axes.yaxis)):
        # Smaller letters leave room for more ticks, whose labels are made when it is saved.
        axis.set_tick_params(which="both", labelsize=POINTS, labelfontfamily=TYPEFACE)
    return figure


def _panels(draw: Callable[[over_seeds.Labelled], Figure], part: str) -> Draw:
    """Draw a panel, or a curve, for each configuration of a part and of the one beside it."""

    def drawn(runs: RunsByPart, _data: Dataset | None) -> Figure:
        asked = PARTS[part]
        if asked.beside:
            pairs = zip(("without penalty", "with penalty"), (asked.beside, part), strict=True)
            return draw([(name, _runs(runs, which)) for name, which in pairs])
        groups = [
            (label(part, value) if asked.varied else "", found)
            for value in asked.values
            if (found := runs.runs(part, value))
        ]
        if not groups:
            _runs(runs, part)  # refuses them
        return draw(groups)

    return drawn


def _runs(runs: RunsByPart, part: str) -> list[Run]:
    found = runs.runs(part, PARTS[part].usual)
    if not found:
        raise CommandError(
            f"part {part}: got runs with none of the assignment's settings, expected one; run it"
        )
    return found


def _of_kind(part: str, kind: str) -> Wanted:
    asked = PARTS[part]
    apart = 1 if asked.varied == "learning_rate" else 0  # the largest rate's losses are huge
    losses = partial(over_seeds.loss_panels, apart=apart)
    draw: Callable[[over_seeds.Labelled], Figure] = {
        "accuracy": over_seeds.accuracy_panels,
        "norm": over_seeds.norm_curves,
        "loss": losses if asked.varied else over_seeds.train_loss_panels,
    }[kind]
    several = bool(asked.varied) or (bool(asked.beside) and kind == "accuracy")
    parts = (asked.beside, part) if asked.beside else (part,)
    return Wanted(parts, _panels(draw, part), (WIDTH if several else 0.65 * WIDTH, 1.7))


def _theory(draw: Callable[..., Figure], height: float, *keys: str) -> Wanted:
    """Draw a figure of question 3 from the curves that the run has left."""

    def drawn(runs: RunsByPart, _data: Dataset | None) -> Figure:
        curves = read_record(runs.folders[THEORY_PART][0] / "curves.json", dict[str, Any])
        return draw(*(curves[key] for key in keys))

    return Wanted((THEORY_PART,), drawn, (WIDTH, height))


def _first(runs: RunsByPart) -> Run:
    """Return the run whose weights and mistakes are shown as pictures."""
    return _runs(runs, PICTURED_PARTS[0])[0]


def _confusions(runs: RunsByPart, _data: Dataset | None) -> Figure:
    names = {part: f"{part}, {label(part, PARTS[part].usual)}" for part in PICTURED_PARTS}
    return confusions([(name, _runs(runs, part)[0]) for part, name in names.items()])


FIGURES: dict[str, Wanted] = {
    **{
        f"{part}-{kind}": _of_kind(part, kind)
        for part, asked in PARTS.items()
        for kind in asked.figures
    },
    f"{LASSO_PART}-path": Wanted(
        (LASSO_PART,),
        lambda runs, _: zeros_and_accuracies(Run(runs.folders[LASSO_PART][0])),
        (WIDTH, 1.9),
    ),
    "3.2-same-function": _theory(question3.same_function, 2.5, "three_functions", "fit"),
    "3.3-error": _theory(question3.error_against_delta, 2.1, "error_against_delta"),
    "3.3-attainability": _theory(question3.attainability, 2.6, "attainability"),
    "3.4-descent": _theory(descent.descent_to_the_minimum, 2.4, "gradient_descent"),
    "3.4-activations": _theory(descent.descent_by_activation, 2.0, "gradient_descent"),
    "beyond-templates": Wanted(
        PICTURED_PARTS[:1], lambda runs, _: templates(_first(runs), "", a_row=13), (WIDTH, 1.3)
    ),
    "beyond-confusion": Wanted(PICTURED_PARTS, _confusions, (WIDTH, 2.7)),
    "beyond-mistakes": Wanted(
        PICTURED_PARTS[:1], lambda runs, data: mistakes(_first(runs), data), (WIDTH, 2.7)
    ),
}
