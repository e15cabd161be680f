"""Draws the report's figures from run folders: exactly those of `figure_list.py` that have runs."""

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from matplotlib.figure import Figure

from experiments.assignment import PARTS, Value
from experiments.cli.commands import CommandError, RunFolderError, one_line
from experiments.data.dataset import Dataset
from experiments.evaluation.pictures import confusions, mistakes
from experiments.plots import descent, over_seeds, question3
from experiments.plots.lasso import zeros_and_accuracies
from experiments.plots.q1 import templates
from experiments.plots.style import mark_synthetic, save
from experiments.report.figure_list import FIGURES
from experiments.report.parts import Group, Parts, read_record
from experiments.report.words import setting
from experiments.runs.reader import Run


class Drawn(NamedTuple):
    """What became of the figures, by their names in `results.json`.

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
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise RunFolderError(
            f"{folder}: cannot be made ({error.strerror or error}), expected a folder for figures; "
            "move what is in its place, or name another --out"
        ) from None
    parts = Parts(folders, seeds=())
    drawn = Drawn({}, {})
    for name, wanted in FIGURES.items():
        if not all(parts.has(part) for part in wanted.parts):
            continue
        path = out / name
        try:
            drawn.files[name] = save(_DRAW[name](parts, data), path)
        except CommandError as error:
            drawn.failed[name] = type(error)(f"{name}: cannot be drawn: {one_line(error)}")
        except OSError as error:
            drawn.failed[name] = RunFolderError(
                f"{path}: cannot be written ({error.strerror or error}), expected room for a "
                "file; make some, or name another --out"
            )
        except (KeyError, TypeError, ValueError, IndexError) as error:
            drawn.failed[name] = CommandError(
                f"{name}: cannot be drawn ({type(error).__name__}: {one_line(error)}), expected "
                f"complete runs of {' and '.join(wanted.parts)}; look at their folders"
            )
    return drawn


def _one(part: str, draw: Callable[[Group], Figure]) -> "_Draw":
    """A figure of a part that has a single configuration."""
    return lambda parts, _data: draw(_present(parts, part)[0][1])


def _accuracies(part: str) -> "_Draw":
    return _one(part, lambda group: over_seeds.accuracy_panels([("", group.runs)]))


def _losses(part: str) -> "_Draw":
    """A panel per value of the part's hyperparameter."""

    def draw(parts: Parts, _data: Dataset | None) -> Figure:
        name = PARTS[part].varied_words
        groups = [(f"{name} {setting(value)}", g.runs) for value, g in _present(parts, part)]
        return over_seeds.loss_panels(groups, logarithmic=part == "2.1")

    return draw


def _with_and_without(draw: Callable[[over_seeds.Labelled], Figure]) -> "_Draw":
    """1.2a beside 1.2b."""

    def drawn(parts: Parts, _data: Dataset | None) -> Figure:
        pairs = (("1.2a", "without penalty"), ("1.2b", "with penalty"))
        return draw([(label, _present(parts, part)[0][1].runs) for part, label in pairs])

    return drawn


def _theory(draw: Callable[..., Figure], *keys: str) -> "_Draw":
    """A figure of question 3, from the curves that the run has left."""

    def drawn(parts: Parts, _data: Dataset | None) -> Figure:
        curves = read_record(parts.folders["3"][0] / "curves.json", *keys)
        figure = draw(*(curves[key] for key in keys))
        width, height = figure.get_size_inches()
        figure.set_size_inches(width, 0.8 * height)  # a page has less height than a screen
        return figure

    return drawn


def _path(parts: Parts, _data: Dataset | None) -> Figure:
    return zeros_and_accuracies(Run(parts.folders["1.2d"][0]))


def _templates(group: Group) -> Figure:
    figure = templates(group.first)
    figure.set_size_inches(3.6, 2.5)
    figure.suptitle("")  # the caption says which run it is
    mark_synthetic(figure, group.first.summary["synthetic"])
    return figure


def _confusions(parts: Parts, _data: Dataset | None) -> Figure:
    labelled = [("1.2b, logistic regression", _present(parts, "1.2b")[0][1].first)]
    if network := parts.group("2.2b", 0.25):
        labelled.append(("2.2b, dropout 0.25", network.first))
    figure = confusions(labelled)
    figure.set_size_inches(3.2 * len(labelled), 3.1)
    return figure


def _mistakes(parts: Parts, data: Dataset | None) -> Figure:
    figure = mistakes(_present(parts, "1.2b")[0][1].first, data)
    figure.set_size_inches(5.6, 3.0)
    return figure


def _present(parts: Parts, part: str) -> list[tuple[Value, Group]]:
    groups = parts.groups(part)
    if not groups:
        raise CommandError(
            f"part {part}: got runs with none of the assignment's settings, expected one; run it"
        )
    return groups


_Draw = Callable[[Parts, Dataset | None], Figure]
_DRAW: dict[str, _Draw] = {
    "figures/1.1a-accuracy.svg": _accuracies("1.1a"),
    "figures/1.2a-accuracy.svg": _accuracies("1.2a"),
    "figures/1.2b-accuracy.svg": _with_and_without(over_seeds.accuracy_panels),
    "figures/1.2c-norm.svg": _with_and_without(over_seeds.norm_curves),
    "figures/1.2d-path.svg": _path,
    "figures/1.3-loss.svg": _one("1.3", lambda group: over_seeds.train_loss(group.runs)),
    "figures/1.3-accuracy.svg": _accuracies("1.3"),
    "figures/2.1-loss.svg": _losses("2.1"),
    "figures/2.2a-loss.svg": _losses("2.2a"),
    "figures/2.2b-loss.svg": _losses("2.2b"),
    "figures/2.2c-loss.svg": _losses("2.2c"),
    "figures/3.2-same-function.svg": _theory(question3.same_function, "three_functions", "fit"),
    "figures/3.3-error.svg": _theory(question3.error_against_delta, "error_against_delta"),
    "figures/3.3-attainability.svg": _theory(question3.attainability, "attainability"),
    "figures/3.4-descent.svg": _theory(descent.descent_to_the_minimum, "gradient_descent"),
    "figures/3.4-activations.svg": _theory(descent.descent_by_activation, "gradient_descent"),
    "figures/beyond-templates.svg": _one("1.2b", _templates),
    "figures/beyond-confusion.svg": _confusions,
    "figures/beyond-mistakes.svg": _mistakes,
}
