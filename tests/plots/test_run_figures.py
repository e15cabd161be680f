"""The figures of one run come from its folder alone, one a file; damaged folders are named."""

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from matplotlib.axes import Axes
from matplotlib.text import Text
from PIL import Image
from refusal import assert_refused

from experiments.cli.errors import ExitCode
from experiments.plot import main
from experiments.plots.classes import confusion_matrix, confusion_on, templates
from experiments.plots.compare import compare
from experiments.plots.run import accuracies, losses, weight_norm
from experiments.plots.show import show
from experiments.plots.style import mark_synthetic, new_figure
from experiments.q1 import main as q1
from experiments.runs.reader import Run


@pytest.mark.parametrize("name", ["plain", "mlp", "one epoch"])
def test_run_draws_each_figure_into_a_file_of_its_own(
    name: str, runs: dict[str, Path], tmp_path: Path, capsys
) -> None:
    folder = tmp_path / "run"
    shutil.copytree(runs[name], folder)
    assert main(["run", str(folder)]) == ExitCode.DONE
    drawn = {Path(line).name for line in capsys.readouterr().out.splitlines()}
    own = {"loss.png"} if name == "mlp" else {"weight_norm.png", "templates.png"}
    assert drawn == {"accuracy.png", "confusion.png"} | own
    pictures = {}
    for file in drawn:
        with Image.open(folder / file) as image:
            pictures[file] = image.convert("L").resize((32, 32)).tobytes()
            assert min(image.size) > 400
    assert len(set(pictures.values())) == len(pictures)


@pytest.mark.parametrize(("kind", "begins"), [("svg", b"<?xml"), ("pdf", b"%PDF")])
def test_vector_formats_are_drawn_beside_the_pictures(
    kind: str, begins: bytes, runs: dict[str, Path], tmp_path: Path, capsys
) -> None:
    folder = tmp_path / "run"
    shutil.copytree(runs["one epoch"], folder)
    assert main(["run", str(folder), "--format", kind]) == ExitCode.DONE
    drawn = sorted(Path(line) for line in capsys.readouterr().out.splitlines())
    assert drawn == sorted(folder.glob(f"*.{kind}"))
    assert {file.stem for file in drawn} == {"accuracy", "confusion", "weight_norm", "templates"}
    assert all(file.read_bytes().startswith(begins) for file in drawn)
    assert not list(folder.glob("*.png"))
    with pytest.MonkeyPatch.context() as patch:
        opened: list[str] = []
        patch.setenv("DISPLAY", ":0")
        patch.setattr("webbrowser.open", opened.append)
        show(drawn)  # no program for pictures opens all of these
    assert opened == [file.as_uri() for file in drawn]


def test_a_finished_run_gets_the_format_that_is_asked_for_later(
    tiny_file: Path, tmp_path: Path
) -> None:
    argv = ["perceptron", "-epochs", "1", "--data", str(tiny_file), "--out", str(tmp_path)]
    assert q1([*argv, "--format", "svg"]) == ExitCode.DONE
    (folder,) = tmp_path.iterdir()
    svg = {file.stem for file in folder.glob("*.svg")}
    assert "confusion" in svg
    assert q1([*argv, "--format", "pdf", "--resume"]) == ExitCode.DONE
    assert list(tmp_path.iterdir()) == [folder]
    assert {file.stem for file in folder.glob("*.pdf")} == svg
    assert not list(folder.glob("*.png"))


def test_curves_are_the_metrics(runs: dict[str, Path]) -> None:
    run = Run(runs["plain"])
    figure = accuracies(run)
    assert len(figure.axes) == 1
    for line, split in zip(figure.axes[0].lines, ("train", "val"), strict=True):
        assert line.get_label() == split
        assert list(line.get_ydata()) == [epoch[split]["accuracy"] for epoch in run.epochs]
    (norm,) = weight_norm(run).axes[0].lines
    assert list(norm.get_ydata()) == run.series("weight_norm")


def test_templates_are_the_weights_as_pictures(runs: dict[str, Path]) -> None:
    run = Run(runs["penalised"])
    figure = templates(run)
    names = run.summary["data"]["class_names"]
    assert [axes.get_title() for axes in figure.axes] == names
    weights = run.weights()["W"][:, :-1]
    for axes, row in zip(figure.axes, weights, strict=True):
        picture = np.asarray(axes.images[0].get_array()).ravel()
        assert picture.min() >= 0
        assert picture.max() <= 1
        inside = (picture > 0) & (picture < 1)
        slope = (picture[inside] - 0.5) / row[inside]
        np.testing.assert_allclose(slope, slope[0], rtol=1e-9)


def test_a_single_epoch_is_labelled_as_one(runs: dict[str, Path]) -> None:
    figure = accuracies(Run(runs["one epoch"]))
    figure.canvas.draw()
    assert [label.get_text() for label in _shown_ticks(figure.axes[0])] == ["1"]


@pytest.mark.parametrize(("room", "names", "counts"), [(6, 6, 36), (3, 3, 0), (4, 3, 0)])
def test_more_classes_than_letters_fit_are_shades(
    room: int, names: int, counts: int, runs: dict[str, Path]
) -> None:
    _, axes = new_figure()
    confusion_on(axes, Run(runs["plain"]), room)
    assert len(axes.get_xticklabels()) == len(axes.get_yticklabels()) == names
    assert len(axes.texts) == counts


def _shown_ticks(axes: Axes) -> list[Text]:
    """Matplotlib keeps labels of ticks beyond the axis' ends, and of axes that are off."""
    low, high = sorted(axes.get_xlim())
    labels = axes.get_xticklabels() if axes.axison else []
    return [label for label in labels if low <= label.get_position()[0] <= high]


def test_no_two_texts_overlap(runs: dict[str, Path]) -> None:
    """Tick labels, titles and axis labels of every figure keep clear of each other."""
    plain, penalised, mlp = (Run(runs[name]) for name in ("plain", "penalised", "mlp"))
    for figure in (
        accuracies(plain),
        templates(plain),
        confusion_matrix(plain),
        losses(mlp),
        compare([plain, penalised])[0],
    ):
        figure.canvas.draw()
        texts = [
            text.get_window_extent()
            for axes in figure.axes
            for text in [axes.title, axes.xaxis.label, axes.yaxis.label, *_shown_ticks(axes)]
            if text.get_visible() and text.get_text() and not text.get_rotation()
        ]
        for number, box in enumerate(texts):
            assert not any(box.overlaps(other) for other in texts[:number])


@pytest.mark.parametrize(
    ("name", "epochs"), [("one epoch", ["1"]), ("plain", ["1", "2", "3", "4"])]
)
def test_epochs_are_whole(name: str, epochs: list[str], runs: dict[str, Path]) -> None:
    figure = accuracies(Run(runs[name]))
    figure.canvas.draw()
    assert [tick.get_text() for tick in _shown_ticks(figure.axes[0])] == epochs


def test_an_unfinished_run_is_called_so(runs: dict[str, Path], tmp_path: Path, capsys) -> None:
    folder = tmp_path / "run"
    shutil.copytree(runs["plain"], folder)
    (folder / "summary.json").unlink()
    assert "got a run that is not finished" in assert_refused(main, ["run", folder], capsys, code=4)


def _change_json(name: str, change: Callable[[dict], object]) -> Callable[[Path], object]:
    def spoil(folder: Path) -> None:
        content = json.loads((folder / name).read_text())
        change(content)
        (folder / name).write_text(json.dumps(content))

    return spoil


DAMAGE: dict[str, Callable[[Path], object]] = {
    "no folder": shutil.rmtree,
    "unfinished": lambda folder: (folder / "summary.json").unlink(),
    "no metrics": lambda folder: (folder / "metrics.jsonl").unlink(),
    "empty metrics": lambda folder: (folder / "metrics.jsonl").write_text(""),
    "half a line": lambda folder: (folder / "metrics.jsonl").write_text('{"epoch": 1'),
    "a number a line": lambda folder: (folder / "metrics.jsonl").write_text("1\n2\n"),
    "epochs without accuracy": lambda folder: (folder / "metrics.jsonl").write_text("{}\n"),
    "summary no json": lambda folder: (folder / "summary.json").write_bytes(b"\xff\x00"),
    "summary a list": lambda folder: (folder / "summary.json").write_text("[]"),
    "summary deep": lambda folder: (folder / "summary.json").write_text("[" * 100_000),
    "no final": _change_json("summary.json", lambda content: content.pop("final")),
    "final empty": _change_json("summary.json", lambda content: content["final"].clear()),
    "confusion empty": _change_json("summary.json", lambda content: content["confusion"].clear()),
    "confusion of words": _change_json(
        "summary.json", lambda content: content["confusion"].update(test=[["a"]])
    ),
    "no class names": _change_json("summary.json", lambda content: content["data"].clear()),
    "no config": _change_json("config.json", lambda content: content.pop("config")),
    "config of another rate": _change_json(
        "config.json", lambda content: content["config"].update(learning_rate=0.5)
    ),
    "another command": _change_json("config.json", lambda content: content.update(command="x")),
    "config empty": _change_json("config.json", lambda content: content["config"].clear()),
    "no weights": lambda folder: (folder / "weights.npz").unlink(),
}


def test_names_are_no_formulas(runs: dict[str, Path], tmp_path: Path) -> None:
    """What stands between dollars and is no formula would end the drawing."""
    folder = tmp_path / "run"
    shutil.copytree(runs["plain"], folder)
    names = [r"$\frac{$", "5 $", "5 $ to 9 $", "a", "b", "c"]
    _change_json("summary.json", lambda content: content["data"].update(class_names=names))(folder)
    assert main(["run", str(folder), "--format", "svg"]) == ExitCode.DONE
    for figure in ("confusion", "templates"):
        assert "5 $ to 9 $" in (folder / f"{figure}.svg").read_text("utf-8")


@pytest.mark.parametrize("damage", DAMAGE.values(), ids=DAMAGE)
def test_damaged_folders_are_named(
    damage: Callable[[Path], object], runs: dict[str, Path], tmp_path: Path, capsys
) -> None:
    folder = tmp_path / "run"
    shutil.copytree(runs["plain"], folder)
    damage(folder)
    codes = [main(["run", str(folder)])]
    codes.append(main(["compare", str(folder), str(runs["penalised"]), "-o", f"{tmp_path}/c.png"]))
    assert ExitCode.RUN_FOLDER in codes
    assert set(codes) <= {ExitCode.RUN_FOLDER, ExitCode.DONE}
    errors = capsys.readouterr().err.splitlines()
    assert 1 <= len(errors) <= 2
    assert all(str(folder) in line for line in errors)


def test_synthetic_stands_on_the_figure_beside_its_title(runs: dict[str, Path]) -> None:
    run = Run(runs["plain"])
    for figure, heading in ((templates(run), "logistic regression"), (accuracies(run), "")):
        mark_synthetic(figure, True)
        assert "SYNTHETIC" in figure.get_suptitle()
        assert heading in figure.get_suptitle()
