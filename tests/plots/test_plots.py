"""Figures come from run folders alone, one figure a file; damaged folders are named."""

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from made_runs import make_part
from matplotlib.axes import Axes
from matplotlib.text import Text
from PIL import Image

from experiments.assignment import PARTS
from experiments.cli.commands import ExitCode
from experiments.cli.flags import FORMATS
from experiments.plot import main
from experiments.plots.classes import confusion_matrix, templates
from experiments.plots.compare import compare
from experiments.plots.run import accuracies, losses, weight_norm
from experiments.plots.show import show
from experiments.plots.style import mark_synthetic
from experiments.q1 import train
from experiments.runs.reader import Run
from experiments.runs.titles import title


@pytest.fixture(scope="module")
def runs(tiny_file: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Finished runs by name, without their figures."""
    out = tmp_path_factory.mktemp("runs")
    commands = {
        "plain": ["logistic_regression", "-epochs", "4"],
        "penalised": ["logistic_regression", "-epochs", "4", "-l2_penalty", "0.5"],
        "mlp": ["mlp", "-epochs", "3", "-hidden_size", "6"],
        "one epoch": ["perceptron", "-epochs", "1"],
    }
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("experiments.plots.run.draw_run", lambda *_: [])
        return {
            name: train([*command, "--data", str(tiny_file), "--out", str(out)])[0]
            for name, command in commands.items()
        }


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
    (folder,) = train([*argv, "--format", "svg"])
    svg = {file.stem for file in folder.glob("*.svg")}
    assert "confusion" in svg
    assert train([*argv, "--format", "pdf", "--resume"]) == [folder]
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


@pytest.mark.parametrize("suffix", [".png", ".svg", ".pdf"])
def test_compare_writes_figure_and_table(
    suffix: str, runs: dict[str, Path], tmp_path: Path, capsys
) -> None:
    output = tmp_path / f"compare{suffix}"
    argv = ["compare", str(runs["plain"]), str(runs["penalised"]), "-o", str(output)]
    assert main(argv) == ExitCode.DONE
    out = capsys.readouterr().out.splitlines()
    assert out[-1] == str(output)
    assert output.stat().st_size > 5000
    assert max(map(len, out[:-1])) <= 80
    for line, name in zip(out[1:3], ("plain", "penalised"), strict=True):
        final = Run(runs[name]).summary["final"]
        for split in ("train", "val", "test"):
            assert f"{final[split]['accuracy']:.4f}" in line


def test_compare_shares_its_axes(runs: dict[str, Path]) -> None:
    figure, _ = compare([Run(runs["plain"]), Run(runs["penalised"])])
    left, right, left_below, right_below = figure.axes
    assert left.get_ylim() == right.get_ylim()
    assert left_below.get_ylim() == right_below.get_ylim()


def test_compare_takes_a_folder_or_a_pattern_and_overwrites_nothing(
    runs: dict[str, Path], tmp_path: Path, capsys
) -> None:
    for name in ("plain", "penalised"):
        shutil.copytree(runs[name], tmp_path / runs[name].name)
    for named, figure in ((tmp_path, "compare.png"), (tmp_path / "logistic*", "compare-2.png")):
        assert main(["compare", str(named)]) == ExitCode.DONE
        assert capsys.readouterr().out.splitlines()[-1] == str(tmp_path / figure)
    before = (tmp_path / "compare.png").read_bytes()
    assert main(["compare", str(tmp_path), "-o", f"{tmp_path}/compare.png"]) == ExitCode.USAGE
    assert "which exists" in capsys.readouterr().err
    assert (tmp_path / "compare.png").read_bytes() == before


def test_compare_refuses_a_run_twice(runs: dict[str, Path], tmp_path: Path, capsys) -> None:
    again = tmp_path / "again"
    shutil.copytree(runs["plain"], again)
    for other in (runs["plain"], runs["plain"] / "summary.json", again):
        assert main(["compare", str(runs["plain"]), str(other)]) == ExitCode.USAGE
        assert "the same run" in capsys.readouterr().err


@pytest.mark.parametrize("kind", FORMATS)
def test_same_folder_same_bytes(kind: str, runs: dict[str, Path], tmp_path: Path) -> None:
    argv = ["compare", str(runs["plain"]), str(runs["penalised"]), "-o"]
    files = [tmp_path / f"a.{kind}", tmp_path / f"b.{kind}"]
    for file in files:
        main([*argv, str(file)])
    assert files[0].read_bytes() == files[1].read_bytes()
    assert b"CreationDate" not in files[0].read_bytes()


def test_names_are_no_formulas(runs: dict[str, Path], tmp_path: Path, capsys) -> None:
    """What stands between dollars and is no formula would end the drawing."""
    folder = tmp_path / "run"
    shutil.copytree(runs["plain"], folder)
    names = [r"$\frac{$", "5 $", "5 $ to 9 $", "a", "b", "c"]
    _change_json("summary.json", lambda content: content["data"].update(class_names=names))(folder)
    assert main(["run", str(folder), "--format", "svg"]) == ExitCode.DONE
    for figure in ("confusion", "templates"):
        assert "5 $ to 9 $" in (folder / f"{figure}.svg").read_text("utf-8")


@pytest.mark.parametrize(
    "argv",
    [
        ["compare", "{plain}"],
        ["compare", *["{plain}"] * 2],
        ["compare", "{plain}", "{mlp}", "-o", "{tmp}/c.png"],
        ["compare", "{plain}", "{penalised}", "-o", "{tmp}/c.gif"],
        ["compare", "{plain}", "{penalised}", "-o", "{tmp}/none/c.png"],
        ["run", "{plain}", "-o", "{tmp}/c.png"],
        ["run"],
        ["draw", "{plain}"],
        [],
    ],
    ids=lambda argv: " ".join(argv)[:50] or "nothing",
)
def test_bad_usage(argv: list[str], runs: dict[str, Path], tmp_path: Path, capsys) -> None:
    places = {**runs, "tmp": tmp_path}
    assert main([word.format(**places) for word in argv]) == ExitCode.USAGE
    assert len(capsys.readouterr().err.splitlines()) == 1
    assert not list(tmp_path.iterdir())


def _change_json(name: str, change: Callable[[dict], object]) -> Callable[[Path], object]:
    def spoil(folder: Path) -> None:
        content = json.loads((folder / name).read_text())
        change(content)
        (folder / name).write_text(json.dumps(content))

    return spoil


def _save_weights(**arrays: np.ndarray) -> Callable[[Path], object]:
    return lambda folder: np.savez(folder / "weights.npz", **arrays)


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
    "truncated weights": lambda folder: (folder / "weights.npz").write_bytes(b"PK\x03\x04"),
    "other weights": _save_weights(V=np.zeros(3)),
    "weights of another shape": _save_weights(W=np.zeros((6, 5))),
    "pickled weights": _save_weights(W=np.array([{}], dtype=object)),
}


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


def test_titles_tell_the_runs_of_a_sweep_apart(tmp_path: Path) -> None:
    for part, name in (("2.2b", "dropout"), ("2.2c", "momentum")):
        runs = make_part(tmp_path, part, {value: [0.5] for value in PARTS[part].values})
        titles = [title(Run(folder)) for folder in runs]
        assert len(set(titles)) == len(titles)
        assert name in titles[-1]
