"""`hw1-predict`: photographs in, probabilities and a picture out."""

import json
import os
import shutil
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from refusal import assert_refused

from experiments.cli.commands import DataError, ExitCode
from experiments.data.dataset import CLASS_NAMES, Dataset
from experiments.data.prepare import read_image
from experiments.evaluation.photograph import read_photograph
from experiments.evaluation.prediction import known_for, predict
from experiments.evaluation.trained_model import trained_model
from experiments.predict import main
from experiments.q1 import train
from experiments.q2 import main as q2
from experiments.runs.reader import Run

pytestmark = pytest.mark.usefixtures("quick_to_compile")


def trained(model: str, data: Path, out: Path) -> Run:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("experiments.plots.run.draw_run", lambda *_: [])
        words = [model, "-epochs", 2, "-hidden_size", 4, "--data", data, "--out", out]
        (folder,) = train([str(word) for word in words])
    return Run(folder)


@pytest.fixture(scope="module")
def runs(tiny_file: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Run]:
    out = tmp_path_factory.mktemp("runs")
    models = ("perceptron", "logistic_regression", "mlp")
    return {model: trained(model, tiny_file, out) for model in models}


@pytest.fixture
def photograph(tiny_data: Dataset, tmp_path: Path) -> Path:
    path = tmp_path / "beach.png"
    Image.fromarray(tiny_data.test.images[0]).save(path)
    return path


def noise(height: int, width: int) -> Image.Image:
    pixels = np.random.default_rng(1).integers(0, 256, (height, width, 3))
    return Image.fromarray(pixels.astype(np.uint8))


@pytest.mark.parametrize("suffix", ["png", "bmp", "gif", "webp", "tiff", "jpg"])
def test_a_square_is_read_as_in_the_data(suffix: str, tmp_path: Path) -> None:
    path = tmp_path / f"square.{suffix}"
    noise(90, 90).save(path)
    found = read_photograph(path)
    assert found.shape == (48, 48, 3)
    if suffix in ("png", "jpg"):
        np.testing.assert_array_equal(found, read_image(path))


def test_the_middle_is_kept(tmp_path: Path) -> None:
    wide, middle = np.asarray(noise(60, 100)), tmp_path / "middle.png"
    Image.fromarray(wide).save(tmp_path / "wide.png")
    Image.fromarray(wide[:, 20:80]).save(middle)
    found = read_photograph(tmp_path / "wide.png")
    np.testing.assert_array_equal(found, read_image(middle))
    assert (found != read_image(tmp_path / "wide.png")).any()  # squeezed it would be another


def test_turned_upright(tmp_path: Path) -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    noise(60, 60).save(tmp_path / "tagged.png", exif=exif)
    noise(60, 60).rotate(-90).save(tmp_path / "turned.png")
    noise(60, 60).save(tmp_path / "plain.png")
    found = read_photograph(tmp_path / "tagged.png")
    np.testing.assert_array_equal(found, read_image(tmp_path / "turned.png"))
    assert (found != read_image(tmp_path / "plain.png")).any()


@pytest.mark.parametrize(("mode", "white"), [("I;16", 65_535), ("I", 65_535), ("I", 255), ("F", 1)])
def test_grey_of_any_depth(mode: str, white: float, tmp_path: Path) -> None:
    grey = np.tile(np.linspace(0, 1, 48), (48, 1))
    depth = {"I;16": np.uint16, "I": np.int32, "F": np.float32}[mode]
    Image.fromarray((white * grey).astype(depth)).save(tmp_path / "grey.tif")
    with Image.open(tmp_path / "grey.tif") as image:
        assert image.mode == mode
    found = read_photograph(tmp_path / "grey.tif").astype(float)
    assert np.abs(found - 255 * grey[:, :, None]).max() <= 1


@pytest.mark.parametrize("content", [b"", b"no image", b"%!PS-Adobe-3.0 EPSF-3.0\n"])
def test_refuses_what_is_no_photograph(content: bytes, tmp_path: Path) -> None:
    (tmp_path / "a.jpg").write_bytes(content)
    with pytest.raises(DataError, match=r"a\.jpg"):
        read_photograph(tmp_path / "a.jpg")


def test_refuses_a_huge_one_and_a_cut_one(tmp_path: Path) -> None:
    Image.new("1", (8000, 8000)).save(tmp_path / "huge.png")
    with pytest.raises(DataError, match="8000x8000"):
        read_photograph(tmp_path / "huge.png")
    noise(90, 90).save(tmp_path / "whole.png")
    (tmp_path / "cut.png").write_bytes((tmp_path / "whole.png").read_bytes()[:3000])
    with pytest.raises(DataError, match=r"cut\.png"):
        read_photograph(tmp_path / "cut.png")


def test_probabilities_and_evidence(runs: dict[str, Run], photograph: Path) -> None:
    run = runs["logistic_regression"]
    _, (found,), _ = predict(run, [photograph])
    x = np.append(read_photograph(photograph).ravel() / 256, 1.0)
    W = run.weights()["W"]
    p = np.exp(W @ x)
    np.testing.assert_allclose(found.shares, p / p.sum(), rtol=1e-10)
    assert found.predicted == int((W @ x).argmax())
    k = found.predicted
    beyond = (W[k] - W.mean(axis=0))[:-1] @ x[:-1]
    assert found.evidence is not None
    assert found.evidence.sum() == pytest.approx(beyond)
    assert found.evidence.sum() != pytest.approx(-beyond)


@pytest.mark.parametrize("model", ["perceptron", "logistic_regression", "mlp"])
def test_the_command(model: str, runs, photograph: Path, tmp_path: Path, capsys) -> None:
    out = tmp_path / "out"
    for number in range(2):
        assert main([str(runs[model].path), str(photograph), "--out", str(out)]) == ExitCode.DONE
        said = capsys.readouterr().out.splitlines()
        assert all(name in "\n".join(said) for name in CLASS_NAMES)
        assert max(len(line) for line in said if os.sep not in line) < 80
        _, (found,), _ = predict(runs[model], [photograph])
        assert found.known_for in " ".join(" ".join(said).split())
        assert said[1].strip() == runs[model].path.name
        assert len(list(out.iterdir())) == number + 1  # nothing is overwritten
    with Image.open(next(out.iterdir())) as picture:
        assert picture.format == "PNG"


def test_question_2(tiny_file: Path, photograph: Path, tmp_path: Path, capsys) -> None:
    words = ["mlp", "-epochs", 1, "-hidden_size", 3, "--data", tiny_file, "--out", tmp_path / "r"]
    assert q2([str(word) for word in words]) == ExitCode.DONE
    folder = Path(capsys.readouterr().out.splitlines()[-1])
    assert main([str(folder), str(photograph), "--out", str(tmp_path), "--json"]) == ExitCode.DONE
    (found,) = json.loads(capsys.readouterr().out)
    assert sum(found["probabilities"].values()) == pytest.approx(1)
    model = trained_model(Run(folder))
    w = Run(folder).weights()
    h = read_photograph(photograph).ravel() / 256
    for i in range(2):
        h = np.maximum(w[f"hidden.{i}.weight"] @ h + w[f"hidden.{i}.bias"], 0)
    expected = w["output.weight"] @ h + w["output.bias"]
    pixels = read_photograph(photograph).reshape(1, -1)
    np.testing.assert_allclose(model.scores(pixels)[0], expected, atol=1e-5)


def test_question_2_linear(tiny_file: Path, photograph: Path, tmp_path: Path, capsys) -> None:
    words = ["logistic_regression", "-epochs", 1, "--data", tiny_file, "--out", tmp_path / "r"]
    assert q2([str(word) for word in words]) == ExitCode.DONE
    folder = Path(capsys.readouterr().out.splitlines()[-1])
    assert main([str(folder), str(photograph), "--out", str(tmp_path)]) == ExitCode.DONE
    assert "logistic regression (JAX), 1 epoch, seed 42" in capsys.readouterr().out
    _, (found,), _ = predict(Run(folder), [photograph])
    assert found.evidence is not None
    W = Run(folder).weights()["output.weight"].astype(float)
    x = read_photograph(photograph).ravel() / 256
    assert found.evidence.sum() == pytest.approx((W[found.predicted] - W.mean(axis=0)) @ x)


def test_a_perceptron_s_scores(runs: dict[str, Run], photograph: Path) -> None:
    _, (found,), _ = predict(runs["perceptron"], [photograph])
    assert np.abs(found.shares).max() == pytest.approx(1)
    assert found.shares.sum() == pytest.approx(0, abs=1e-12)
    assert found.predicted == found.shares.argmax()


def test_known_for() -> None:
    counts = np.array([[6, 1], [2, 1]])
    assert known_for(counts, 0, ("sea", "street")) == (
        "when it says sea it is right 75 % of the time (8 test images); else street 25 %"
    )
    assert "75 %" not in known_for(counts.T, 0, ("sea", "street"))
    assert "never" in known_for(np.array([[0, 1], [0, 1]]), 0, ("sea", "street"))


def test_refuses(runs: dict[str, Run], tmp_path: Path, capsys, monkeypatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "a.jpg").write_bytes(b"no image")
    assert_refused(main, [runs["mlp"].path, "a.jpg"], capsys, ExitCode.BAD_DATA)
    assert_refused(main, [runs["mlp"].path, "missing.jpg"], capsys, ExitCode.BAD_DATA)
    assert_refused(main, [tmp_path / "none", "a.jpg"], capsys, ExitCode.RUN_FOLDER)
    assert_refused(main, [runs["mlp"].path], capsys, ExitCode.USAGE)


def heic(path: Path) -> None:
    path.write_bytes(b"\0\0\0\x18ftypheic\0\0\0\0")


def cut(path: Path) -> None:
    noise(90, 90).save(path.with_suffix(".jpg"))
    path.write_bytes(path.with_suffix(".jpg").read_bytes()[:900])


UNREADABLE = {
    "a folder": (Path.mkdir, "a directory"),
    "empty": (Path.touch, "an empty file"),
    "HEIC": (heic, "a HEIC"),
    "cut": (cut, "an image that ends early"),
    "text": (lambda path: path.write_text("hello"), "a file that is no image"),
    "too large": (lambda path: Image.new("1", (8000, 8000)).save(path, "PNG"), "8000x8000 pixels"),
    "not there": (lambda _path: None, "No such file"),
}


@pytest.mark.parametrize("kind", UNREADABLE)
def test_one_that_cannot_be_read_does_not_end_the_others(
    kind: str, runs, photograph: Path, tmp_path: Path, monkeypatch, capsys
) -> None:
    monkeypatch.chdir(tmp_path)
    make, said = UNREADABLE[kind]
    make(Path("bad"))
    argv = [str(runs["mlp"].path), "bad", str(photograph), "--out", "seen"]
    assert main(argv) == ExitCode.BAD_DATA
    printed = capsys.readouterr()
    assert "beach.png" in printed.out
    assert f"bad: got {said}" in printed.err
    assert printed.err.count("\n") == 1


def test_the_newest_run_is_meant_where_none_is_named(
    runs, photograph: Path, monkeypatch, capsys
) -> None:
    folder = runs["mlp"].path
    monkeypatch.chdir(folder.parent.parent)
    (folder.parent).rename(folder.parent.parent / "runs")
    try:
        os.utime(Path("runs") / folder.name / "summary.json")
        assert main([str(photograph), "--out", "runs"]) == ExitCode.DONE
        assert folder.name in capsys.readouterr().out
    finally:
        Path("runs").rename(folder.parent)


def with_weights(run: Run, folder: Path, W: np.ndarray) -> None:
    """A copy of a run with other weights, without their hash, as earlier versions wrote it."""
    shutil.copytree(run.path, folder)
    np.savez(folder / "weights.npz", W=W)
    summary = json.loads((folder / "summary.json").read_text())
    del summary["weights_sha256"]
    (folder / "summary.json").write_text(json.dumps(summary))


def test_a_diverged_run_says_nothing(runs, photograph: Path, tmp_path: Path, capsys) -> None:
    copy = tmp_path / "diverged"
    with_weights(runs["logistic_regression"], copy, np.full((6, 6913), np.nan))
    assert_refused(main, [copy, photograph], capsys, ExitCode.CHECK_FAILED)


def test_nothing_is_certain(runs, photograph: Path, tmp_path: Path, capsys) -> None:
    sure = tmp_path / "sure"
    weights = np.outer(np.arange(6.0), np.ones(6913))
    with_weights(runs["logistic_regression"], sure, weights)
    assert main([str(sure), str(photograph), "--out", str(tmp_path)]) == ExitCode.DONE
    assert "street       > 99.9 %" in capsys.readouterr().out
