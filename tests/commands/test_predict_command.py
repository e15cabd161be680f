"""`hw1-predict`: photographs in, probabilities and a picture out."""

import json
import os
import shutil
from pathlib import Path

import numpy as np
import pytest
from called import trained
from PIL import Image
from refusal import assert_refused

from experiments.cli.errors import ExitCode
from experiments.data.dataset import CLASS_NAMES, Dataset
from experiments.evaluation.photograph import read_photograph
from experiments.evaluation.prediction import predict
from experiments.evaluation.trained_model import trained_model
from experiments.predict import main
from experiments.q1 import main as q1
from experiments.q2 import main as q2
from experiments.runs.reader import Run

pytestmark = pytest.mark.usefixtures("quick_to_compile")


@pytest.fixture(scope="module")
def runs(tiny_file: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Run]:
    argv = ("-epochs", 2, "-hidden_size", 4, "--data", tiny_file)
    argv = (*argv, "--out", tmp_path_factory.mktemp("runs"))
    models = ("perceptron", "logistic_regression", "mlp")
    return {model: Run(trained(q1, model, *argv)[0]) for model in models}


@pytest.fixture
def photograph(tiny_data: Dataset, tmp_path: Path) -> Path:
    path = tmp_path / "beach.png"
    Image.fromarray(tiny_data.test.images[0]).save(path)
    return path


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
    argv = ("-epochs", 1, "-hidden_size", 3, "--data", tiny_file, "--out", tmp_path / "r")
    (folder,) = trained(q2, "mlp", *argv)
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
    argv = ("-epochs", 1, "--data", tiny_file, "--out", tmp_path / "r")
    (folder,) = trained(q2, "logistic_regression", *argv)
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


def test_refuses(runs: dict[str, Run], here: Path, capsys) -> None:
    (here / "a.jpg").write_bytes(b"no image")
    assert_refused(main, [runs["mlp"].path, "a.jpg"], capsys, ExitCode.BAD_DATA)
    assert_refused(main, [runs["mlp"].path, "missing.jpg"], capsys, ExitCode.BAD_DATA)
    assert_refused(main, [here / "none", "a.jpg"], capsys, ExitCode.RUN_FOLDER)
    assert_refused(main, [runs["mlp"].path], capsys, ExitCode.USAGE)


def test_one_that_cannot_be_read_does_not_end_the_others(
    runs, photograph: Path, here: Path, capsys
) -> None:
    Path("bad").write_text("no image")
    argv = [str(runs["mlp"].path), "bad", str(photograph), "--out", "seen"]
    assert main(argv) == ExitCode.BAD_DATA
    printed = capsys.readouterr()
    assert "beach.png" in printed.out
    assert "bad: got a file that is no image" in printed.err
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
