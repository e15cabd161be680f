"""`hw1-q1` as a user meets it: flags, what is printed, what is left behind."""

import json
import os
import re
import signal
import subprocess
import sys
from functools import partial
from pathlib import Path

import numpy as np
import pytest
from called import called

from experiments.cli.commands import DataError, ExitCode
from experiments.cli.console import NullConsole
from experiments.configs.q1 import Q1Config
from experiments.data.dataset import Dataset
from experiments.q1 import main
from experiments.runs.reader import Run
from experiments.training.q1.session import _train_seed

MODELS = ("perceptron", "logistic_regression", "mlp")


@pytest.fixture
def no_figures(monkeypatch: pytest.MonkeyPatch) -> None:
    """For tests that are not about figures, which take longer than the training."""
    monkeypatch.setattr("experiments.plots.run.draw_run", lambda *_: [])


run_q1 = partial(called, main)


@pytest.mark.usefixtures("no_figures")
@pytest.mark.parametrize("model", MODELS)
def test_prints_what_the_assignments_script_prints(
    model: str, tiny_file: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code, out, err = run_q1(capsys, model, "-epochs", 2, "--data", tiny_file, "--out", tmp_path)
    assert code == ExitCode.DONE
    assert not err
    share = r"[01]\.\d{4}"
    accuracies = rf"train acc: {share} \| val acc: {share}"
    line = {
        "perceptron": rf"{accuracies} \| W norm: \d+\.\d{{4}}",
        "logistic_regression": rf"{accuracies} \| W norm: \d+\.\d{{4}}",
        "mlp": rf"loss: \d+\.\d{{4}} \| {accuracies}",
    }[model]
    patterns = [
        r"SYNTHETIC data: .*|data: .*",
        rf"initial train acc: {share} \| initial val acc: {share}",
        "Training epoch 1",
        line,
        "Training epoch 2",
        line,
        r"Training took 0 minutes and \d seconds",
        rf"Final test acc: {share}",
        re.escape(str(tmp_path)) + ".*",
    ]
    assert len(out) == len(patterns)
    for text, pattern in zip(out, patterns, strict=True):
        assert re.fullmatch(pattern, text), text
    assert Path(out[-1]).is_dir()


@pytest.mark.parametrize("model", MODELS)
def test_leaves_a_run_folder(
    model: str, tiny_file: Path, tiny_data: Dataset, tmp_path: Path, capsys
) -> None:
    _, out, _ = run_q1(capsys, model, "-epochs", 3, "--data", tiny_file, "--out", tmp_path)
    run = Run(Path(out[-1]))
    summary = run.summary
    figures = {"accuracy.png", "confusion.png"}
    figures |= {"loss.png"} if model == "mlp" else {"weight_norm.png", "templates.png"}
    files = {"config.json", "metrics.jsonl", "summary.json", "weights.npz"}
    assert {file.name for file in run.path.iterdir()} == files | figures

    assert summary["model"] == model
    assert summary["seed"] == 42
    assert [epoch["epoch"] for epoch in run.epochs] == [1, 2, 3]
    for split in ("train", "val", "test"):
        final = summary["final"][split]
        assert final["total"] == len(tiny_data.splits[split])
        assert final["accuracy"] == final["correct"] / final["total"]
        if split != "test":
            assert final == run.epochs[-1][split]
    assert np.sum(summary["confusion"]["test"]) == 30
    assert np.trace(summary["confusion"]["test"]) == summary["final"]["test"]["correct"]
    assert summary["final"]["loss" if model == "mlp" else "weight_norm"] > 0
    assert summary["seconds"] >= summary["seconds_per_epoch"] > 0
    assert summary["data"]["sha256"] == run.config["data"]["sha256"]
    assert summary["versions"]["numpy"] == np.__version__
    assert run.config["config"] == summary["config"]
    norm = np.sqrt(sum((w**2).sum() for w in run.weights().values()))
    if model != "mlp":
        assert norm == pytest.approx(summary["final"]["weight_norm"], rel=1e-14)


@pytest.mark.usefixtures("no_figures")
def test_learns_the_easy_pictures(tiny_file: Path, tmp_path: Path, capsys) -> None:
    _, out, _ = run_q1(capsys, "perceptron", "--data", tiny_file, "--out", tmp_path)
    assert Run(Path(out[-1])).summary["final"]["test"]["accuracy"] > 0.8


def test_quiet_names_the_folders_alone(tiny_file: Path, tmp_path: Path, capsys) -> None:
    argv = ["perceptron", "-epochs", 1, "--seeds", 2, "--data", tiny_file, "--out", tmp_path]
    code, out, err = run_q1(capsys, *argv, "--quiet")
    assert (code, err) == (ExitCode.DONE, [])
    assert [Run(Path(line)).summary["seed"] for line in out] == [42, 43]


def test_synthetic_is_said_everywhere(tmp_path: Path, capsys) -> None:
    code, out, _ = run_q1(
        capsys, "perceptron", "-epochs", 1, "--data", "builtin:120", "--out", tmp_path
    )
    assert code == ExitCode.DONE
    assert out[0].startswith("SYNTHETIC data: synthetic landscapes")
    run = Run(Path(out[-1]))
    assert run.summary["synthetic"] is True
    assert run.summary["data"]["synthetic"] is True


@pytest.mark.usefixtures("no_figures")
def test_same_command_twice_gives_two_equal_runs(tiny_file: Path, tmp_path: Path, capsys) -> None:
    """Nothing is overwritten, nothing depends on what ran before in the same process."""
    runs = []
    for _ in range(2):
        _, out, _ = run_q1(capsys, "mlp", "-epochs", 2, "--data", tiny_file, "--out", tmp_path)
        runs.append(Run(Path(out[-1])))
    first, second = runs
    assert second.path.name == f"{first.path.name}-2"
    for name, weights in first.weights().items():
        assert np.array_equal(weights, second.weights()[name])


@pytest.mark.usefixtures("no_figures")
def test_penalised_run_does_not_overwrite_the_plain_one(
    tiny_file: Path, tmp_path: Path, capsys
) -> None:
    common = ("logistic_regression", "-epochs", 2, "--data", tiny_file, "--out", tmp_path)
    _, plain, _ = run_q1(capsys, *common)
    _, penalised, _ = run_q1(capsys, *common, "-l2_penalty", 0.5)
    assert plain[-1] != penalised[-1]
    norms = [Run(Path(out[-1])).summary["final"]["weight_norm"] for out in (plain, penalised)]
    assert norms[0] > norms[1]


@pytest.mark.usefixtures("no_figures")
def test_several_seeds_are_the_single_runs(tiny_file: Path, tmp_path: Path, capsys) -> None:
    common = ("mlp", "-epochs", 2, "--data", tiny_file)
    _, out, _ = run_q1(capsys, *common, "--seeds", 2, "--seed", 5, "--out", tmp_path / "both")
    both = [Run(Path(line)) for line in out[-2:]]
    assert [run.summary["seed"] for run in both] == [5, 6]
    assert any(line.startswith("Over 2 seeds: train ") for line in out)
    for run in both:
        seed = run.summary["seed"]
        _, out, _ = run_q1(capsys, *common, "--seed", seed, "--out", tmp_path / "one")
        assert Run(Path(out[-1])).summary["final"] == run.summary["final"]


@pytest.mark.usefixtures("no_figures")
@pytest.mark.parametrize("model", MODELS)
def test_both_engines_count_the_same(model: str, tiny_file: Path, tmp_path: Path, capsys) -> None:
    finals = []
    for engine in ("block", "definition"):
        _, out, _ = run_q1(
            capsys, model, "-epochs", 2, "--data", tiny_file, "--out", tmp_path, "--engine", engine
        )
        assert engine in out[-1] or engine == "block"
        finals.append(Run(Path(out[-1])).summary["final"])
    for split in ("train", "val", "test"):
        assert finals[0][split] == finals[1][split]


@pytest.mark.usefixtures("no_figures")
@pytest.mark.parametrize(
    ("model", "flag", "noted"),
    [
        ("perceptron", "-learning_rate", True),
        ("perceptron", "-l2_penalty", True),
        ("perceptron", "-hidden_size", True),
        ("logistic_regression", "-hidden_size", True),
        ("logistic_regression", "-l2_penalty", False),
        ("mlp", "-l2_penalty", True),
        ("mlp", "-hidden_size", False),
    ],
)
def test_flags_without_effect_are_accepted_and_said(
    model: str, flag: str, noted: bool, tiny_file: Path, tmp_path: Path, capsys
) -> None:
    code, out, _ = run_q1(
        capsys, model, "-epochs", 1, flag, 3, "--data", tiny_file, "--out", tmp_path
    )
    assert code == ExitCode.DONE
    assert (f"note: {flag} has no effect on {model}" in out) == noted


@pytest.mark.usefixtures("no_figures")
@pytest.mark.parametrize("spelling", ["-l2_penalty", "--l2_penalty", "--l2-penalty"])
@pytest.mark.parametrize("data", ["-data_path", "--data", "--data-path"])
def test_spellings(spelling: str, data: str, tiny_file: Path, tmp_path: Path, capsys) -> None:
    code, out, _ = run_q1(
        capsys, "logistic_regression", "-epochs", 1, spelling, "0.25", data, tiny_file,
        "--out", tmp_path,
    )  # fmt: skip
    assert code == ExitCode.DONE
    assert Run(Path(out[-1])).config["config"]["l2_penalty"] == 0.25


BAD_FLAGS = [
    ["perceptron", "-epochs", "0"],
    ["perceptron", "-epochs", "-3"],
    ["perceptron", "-epochs", "2.5"],
    ["perceptron", "-epochs", "nan"],
    ["perceptron", "-epochs", "1" + "0" * 30],
    ["perceptron", "-epochs", "9" * 5000],
    ["perceptron", "-epochs", "ten"],
    ["perceptron", "-epochs"],
    ["mlp", "-hidden_size", "0"],
    ["mlp", "-hidden_size", "100001"],
    ["mlp", "-learning_rate", "0"],
    ["mlp", "-learning_rate", "-0.1"],
    ["mlp", "-learning_rate", "nan"],
    ["mlp", "-learning_rate", "inf"],
    ["mlp", "-learning_rate", "1e400"],
    ["logistic_regression", "-l2_penalty", "-0.01"],
    ["logistic_regression", "-l2_penalty", "-1e-3"],
    ["logistic_regression", "-l2_penalty", "inf"],
    ["logistic_regression", "-l2_penalty", ""],
    ["perceptron", "--seed", "-1"],
    ["perceptron", "--seed", str(2**32)],
    ["perceptron", "--seed", "1.0"],
    ["perceptron", "--seeds", "0"],
    ["perceptron", "--seed", str(2**32 - 1), "--seeds", "2"],
    ["perceptron", "--engine", "warp"],
    ["perceptron", "--data", "a.npz", "-data_path", "b.npz"],
    ["perceptron", "--data", "builtin:0"],
    ["perceptron", "--data", "builtin:many"],
    ["perceptron", "-epoch", "3"],
    ["perceptron", "--l2"],
    ["perceptron", "mlp"],
    ["svm"],
    [],
]


@pytest.mark.parametrize("argv", BAD_FLAGS, ids=lambda argv: " ".join(argv)[:40] or "nothing")
def test_bad_flags_get_one_line(
    argv: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys
) -> None:
    monkeypatch.chdir(tmp_path)
    code, out, err = run_q1(capsys, *argv)
    assert code == ExitCode.USAGE
    assert not out
    assert len(err) == 1
    assert err[0].startswith("hw1-q1: error: ")
    assert len(err[0]) < 300
    assert not list(tmp_path.iterdir())


def test_out_that_is_a_file(tiny_file: Path, tmp_path: Path, capsys) -> None:
    (tmp_path / "file").write_text("mine")
    for out in (tmp_path / "file", tmp_path / "file" / "below", "bad\0name"):
        code, _, err = run_q1(capsys, "perceptron", "--data", tiny_file, "--out", out)
        assert code == ExitCode.USAGE
        assert len(err) == 1
    assert (tmp_path / "file").read_text() == "mine"


def test_missing_data_leaves_nothing(tmp_path: Path, capsys) -> None:
    code, _, err = run_q1(
        capsys, "mlp", "--data", tmp_path / "none.npz", "--out", tmp_path / "runs"
    )
    assert code == ExitCode.BAD_DATA
    assert len(err) == 1
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("engine", ["block", "definition"])
@pytest.mark.parametrize(("penalty", "rate"), [("1e9", "1e3"), ("1e30", ".001"), ("1e300", "1e9")])
def test_a_step_size_that_overflows_is_named(
    penalty: str, rate: str, engine: str, tiny_file: Path, tmp_path: Path, capsys
) -> None:
    code, out, err = run_q1(
        capsys, "logistic_regression", "-l2_penalty", penalty, "-learning_rate", rate,
        "--engine", engine, "--data", tiny_file, "--out", tmp_path,
    )  # fmt: skip
    assert code == ExitCode.CHECK_FAILED
    assert err == ["hw1-q1: error: seed 42 diverged at epoch 1; take a smaller -learning_rate"]
    run = Run(next(tmp_path.iterdir()))
    assert run.summary["diverged_at_epoch"] == 1
    assert run.summary["final"]["weight_norm"] is None
    assert out[-1] == str(run.path)


def test_help_and_version_in_process(capsys) -> None:
    code, out, _ = run_q1(capsys, "--help")
    assert code == ExitCode.DONE
    assert max(map(len, out)) <= 80
    assert not any("130" in line for line in out)  # exit codes are in the README and in docs/
    code, out, _ = run_q1(capsys, "--version")
    assert code == ExitCode.DONE
    assert re.fullmatch(r"hw1-q1 \d+\.\d+\.\d+", out[0])


def test_flags_are_checked_before_numpy_is_imported() -> None:
    program = (
        "import sys; from experiments.q1 import main; code = main(['mlp', '-epochs', '0']); "
        "sys.exit(code if not {'numpy', 'matplotlib'} & set(sys.modules) else 99)"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, timeout=30)
    assert done.returncode == ExitCode.USAGE


def test_runs_as_a_module_and_never_touches_pyplot(tiny_file: Path, tmp_path: Path) -> None:
    program = (
        "import runpy, sys\n"
        f"sys.argv = ['q1', 'perceptron', '-epochs', '1', '--data', {str(tiny_file)!r}, "
        f"'--out', {str(tmp_path)!r}]\n"
        "try: runpy.run_module('experiments.q1', run_name='__main__')\n"
        "finally: print('matplotlib.pyplot' in sys.modules)"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, timeout=60
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines()[-1] == "False"


@pytest.mark.usefixtures("no_figures")
def test_metrics_are_strict_json(tiny_file: Path, tmp_path: Path, capsys) -> None:
    _, out, _ = run_q1(capsys, "mlp", "-epochs", 1, "--data", tiny_file, "--out", tmp_path)

    def refuse(word: str) -> None:
        raise AssertionError(word)

    for line in (Path(out[-1]) / "metrics.jsonl").read_text().splitlines():
        json.loads(line, parse_constant=refuse)


@pytest.mark.parametrize("extra", [[], ["--seeds", "2"]], ids=["one run", "side by side"])
def test_ctrl_c_ends_with_130_and_says_how_to_go_on(
    extra: list[str], tiny_file: Path, tmp_path: Path
) -> None:
    command = [sys.executable, "-m", "experiments.q1", "perceptron", "-epochs", "1000000"]
    process = subprocess.Popen(
        [*command, "--data", tiny_file, "--out", tmp_path, *extra],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    assert process.stdout is not None
    runs = 1 + ("--seeds" in extra)
    while True:
        line = process.stdout.readline()
        assert process.poll() is None
        begun = sum(bool(file.read_bytes()) for file in tmp_path.glob("*/metrics.jsonl"))
        if line.startswith("Training epoch") and begun == runs:
            break
    os.killpg(process.pid, signal.SIGINT)  # what a terminal does: to every process of the command
    _, err = process.communicate(timeout=30)
    assert process.returncode == ExitCode.INTERRUPTED
    said = err.strip().splitlines()
    assert len(said) == 3
    assert said[0] == "Interrupted: ending after this epoch; once more ends at once."
    assert said[1].startswith("To continue: hw1-q1 perceptron -epochs 1000000 --data ")
    assert said[1].endswith(" --resume")
    assert said[2] == "hw1-q1: interrupted"
    folders = list(tmp_path.iterdir())
    assert len(folders) == runs
    for folder in folders:
        (checkpoint,) = (folder / "checkpoints").iterdir()
        epochs = len((folder / "metrics.jsonl").read_text().splitlines())
        assert checkpoint.stem == str(epochs)


def test_a_seed_is_not_trained_on_other_data(tiny_file: Path, tmp_path: Path) -> None:
    """Which a file holds that was replaced after the command began."""
    config = Q1Config("perceptron", epochs=1)
    with pytest.raises(DataError, match="other data than when the command began"):
        _train_seed(config, str(tiny_file), "0" * 64, tmp_path, False, NullConsole())
    assert list(tmp_path.iterdir()) == []
