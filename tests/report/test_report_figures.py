"""The report's figures: those that have runs, drawn from them alone, the same each time."""

import json
import re
import shutil
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
from called import trained
from made_runs import INFO, make_part
from matplotlib.image import AxesImage
from matplotlib.text import Text

from experiments.cli.errors import CommandError, RunFolderError
from experiments.data.dataset import CLASS_NAMES, Dataset, Split
from experiments.evaluation import pictures
from experiments.evaluation.pictures import mistakes, surest_mistakes
from experiments.evaluation.trained_model import TrainedModel
from experiments.plots.over_seeds import accuracy_panels, loss_panels, norm_curves
from experiments.plots.style import SPLIT_STYLES, new_figure, percentages
from experiments.q1 import main as q1
from experiments.report.figures import POINTS, TYPEFACE, draw_all, in_the_text
from experiments.report.make import make_report
from experiments.runs.reader import Run

DRAWN = {
    "1.2a-accuracy",
    "1.2b-accuracy",
    "1.2b-norm",
    "beyond-templates",
    "beyond-mistakes",
}


@pytest.fixture(scope="module")
def parts(tiny_file: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[Path]]:
    """Two seeds of 1.2a and one of 1.2b; 2.2b, which another figure wants too, is not there."""
    out = tmp_path_factory.mktemp("runs")
    common = ["logistic_regression", "-epochs", 3, "--data", tiny_file, "--out", out]
    return {
        "1.2a": trained(q1, *common, "--seeds", 2),
        "1.2b": trained(q1, *common, "-l2_penalty", 0.01),
    }


def test_exactly_the_figures_with_runs_are_drawn_alike_each_time(
    parts: dict[str, list[Path]], tmp_path: Path
) -> None:
    first = {name: path.read_bytes() for name, path in draw_all(parts, tmp_path).files.items()}
    assert set(first) == DRAWN
    assert all(content.startswith(b"<?xml") for content in first.values())
    assert {
        name: path.read_bytes() for name, path in draw_all(parts, tmp_path).files.items()
    } == first
    fewer = draw_all({"1.2a": parts["1.2a"]}, tmp_path).files
    assert set(fewer) == {"1.2a-accuracy"}


def test_lines_are_the_first_seed_and_bands_all_of_them(parts: dict[str, list[Path]]) -> None:
    runs = [Run(folder) for folder in parts["1.2a"]]
    (axes,) = accuracy_panels([("", runs)]).axes
    for line, split, filled in zip(axes.lines, ("train", "val"), axes.collections, strict=True):
        assert line.get_color() == SPLIT_STYLES[split]["color"]
        np.testing.assert_array_equal(line.get_ydata(), runs[0].series(split, "accuracy"))
        both = np.array([run.series(split, "accuracy") for run in runs])
        top = both.mean(axis=0) + both.std(axis=0, ddof=1)
        heights = filled.get_paths()[0].vertices[:, 1]
        np.testing.assert_allclose(heights.max(), top.max())
    (one,) = accuracy_panels([("", runs[:1])]).axes
    assert not one.collections
    norm = norm_curves([("a", runs)]).axes[0].lines[0]
    np.testing.assert_array_equal(norm.get_ydata(), runs[0].series("weight_norm"))


def test_surest_mistakes_come_first(tiny_data: Dataset) -> None:
    """Scores that are wrong for every third example, and surer of it the later it comes."""
    labels = tiny_data.test.labels
    scores = np.eye(6)[labels] * 50.0
    wrong = np.arange(0, len(labels), 3)
    scores[wrong] = np.eye(6)[(labels[wrong] + 1) % 6] * (1 + wrong[:, None] / 10)
    model = TrainedModel(list(tiny_data.class_names), lambda _pixels: scores, None, True)
    found = surest_mistakes(model, tiny_data.test, 4)
    assert [mistake.number for mistake in found] == wrong[::-1][:4].tolist()
    assert [mistake.predicted for mistake in found] == [(labels[m.number] + 1) % 6 for m in found]
    assert found[0].probability > found[1].probability


@pytest.mark.parametrize("channels", [1, 2, 3, 4])
def test_mistakes_are_shown_in_their_colours(
    channels: int, parts: dict[str, list[Path]], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Grey is grey, and a fourth channel hides nothing."""
    pixels = np.arange(2 * 4 * 4 * channels, dtype=np.uint8).reshape(2, 4, 4, channels)
    split = Split(pixels, np.array([1, 0]))
    for scores, drawn in ((np.eye(6)[:2], 2), (np.eye(6)[[1, 0]], 0)):
        model = TrainedModel(list(CLASS_NAMES), lambda _, found=scores: found, None, True)
        monkeypatch.setattr(pictures, "trained_model", lambda _, found=model: found)
        monkeypatch.setattr(pictures, "_data_of", lambda *_: SimpleNamespace(test=split))
        figure = mistakes(Run(parts["1.2b"][0]))
        images = [np.asarray(image.get_array()) for image in figure.findobj(AxesImage)]
        assert [image.shape for image in images] == [(4, 4, 3)] * drawn
        assert ("every test image right" in str(figure.texts)) == (not drawn)


def test_other_data_are_refused(parts: dict[str, list[Path]], tiny_data: Dataset) -> None:
    with pytest.raises(CommandError, match="got no data or other data"):
        mistakes(Run(parts["1.2b"][0]), tiny_data)


@pytest.fixture
def broken(parts: dict[str, list[Path]], tmp_path: Path) -> dict[str, list[Path]]:
    """The same, but for the weights of 1.2b."""
    copy = tmp_path / "run"
    shutil.copytree(parts["1.2b"][0], copy)
    (copy / "weights.npz").write_bytes(b"no weights")
    return parts | {"1.2b": [copy]}


def test_a_figure_that_cannot_be_drawn_is_named(broken, tmp_path: Path) -> None:
    drawn = draw_all(broken, tmp_path)
    assert set(drawn.failed) == {"beyond-templates", "beyond-mistakes"}
    assert set(drawn.files) == DRAWN - set(drawn.failed)
    told = str(drawn.failed["beyond-templates"])
    assert re.search(r"beyond-templates\.svg: cannot be drawn: .*weights", told)
    theory = tmp_path / "q3"
    theory.mkdir()
    (theory / "curves.json").write_text(json.dumps({"three_functions": {}, "fit": {}}))
    error = draw_all({"3": [theory]}, tmp_path).failed["3.2-same-function"]
    assert "3.2-same-function.svg: cannot be drawn (KeyError" in str(error)


def test_a_report_without_the_figures_that_cannot_be_drawn(broken, tmp_path: Path) -> None:
    report = make_report(broken, tmp_path, INFO)
    assert [path.name for path in report.files] == [
        "results.json",
        "report.typ",
        "report.pdf",
        "report.html",
    ]
    assert len(report.failed) == 2
    page = (tmp_path / "report.html").read_text()
    assert "Figures are missing: beyond-templates and beyond-mistakes." in page
    assert page.count("run/weights.npz") == 2


def test_figures_that_cannot_be_written_are_named(parts, tmp_path: Path) -> None:
    (tmp_path / "figures" / "1.2b-norm.svg").mkdir(parents=True)
    drawn = draw_all(parts, tmp_path)
    (error,) = drawn.failed.values()
    assert f"{tmp_path / 'figures' / '1.2b-norm.svg'}: cannot be written" in str(error)
    assert set(drawn.files) == DRAWN - {"1.2b-norm"}
    other = tmp_path / "other"
    other.mkdir()
    (other / "figures").write_text("in the way")
    with pytest.raises(RunFolderError, match="move what is in its place"):
        draw_all(parts, other)


def test_letters_are_the_texts_at_eight_points(parts: dict[str, list[Path]]) -> None:
    figure = accuracy_panels([("a title", [Run(parts["1.2a"][0])])])
    assert {text.get_fontsize() for text in figure.findobj(Text)} != {POINTS}
    in_the_text(figure, (4, 2))
    assert {text.get_fontsize() for text in figure.findobj(Text)} == {POINTS}
    assert {tuple(text.get_fontfamily()) for text in figure.findobj(Text)} == {tuple(TYPEFACE)}
    assert tuple(figure.get_size_inches()) == (4, 2)
    figure.axes[0].set_ylim(0, 1000)  # other ticks, whose labels are made when it is drawn
    figure.draw_without_rendering()
    assert {text.get_fontsize() for text in figure.findobj(Text)} == {POINTS}


def test_a_single_line_needs_no_legend(parts: dict[str, list[Path]]) -> None:
    runs = [Run(folder) for folder in parts["1.2a"]]
    assert accuracy_panels([("", runs)]).legends
    assert not norm_curves([("a", runs)]).legends


def test_the_last_panels_may_have_an_axis_of_their_own(tmp_path: Path) -> None:
    losses = {0.00001: [1.5, 1.4], 0.001: [1.3, 1.1], 0.1: [20.0, 30.0]}
    groups = [
        (str(rate), [Run(f) for f in make_part(tmp_path, "2.1", {rate: [0.5]}, losses=values)])
        for rate, values in losses.items()
    ]
    for apart, same in ((0, True), (1, False)):
        first, second, last = loss_panels(groups, apart).axes
        assert first.get_ylim() == second.get_ylim()
        assert (first.get_ylim() == last.get_ylim()) == same


@pytest.mark.parametrize(
    ("share", "label"), [(0.9, "90%"), (0.925, "92.5%"), (0.1 + 0.2, "30%")], ids=str
)
def test_percentages_are_those_of_the_ticks(share: float, label: str) -> None:
    _, axes = new_figure()
    percentages(axes.yaxis)
    assert axes.yaxis.get_major_formatter()(share, 0) == label
