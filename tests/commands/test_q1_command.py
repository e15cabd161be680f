"""`hw1-q1` as a user meets it: flags, what is printed, what is left behind."""

import json
import re
import subprocess
import sys
from functools import partial
from pathlib import Path

import numpy as np
import pytest
from called import assert_lines, called

from experiments.cli.errors import ExitCode
from experiments.data.dataset import SPLITS, Dataset
from experiments.q1 import main
from experiments.runs.reader import Run

MODELS = ("perceptron", "logistic_regression", "mlp")


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
    assert_lines(out, patterns)
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
    for split in SPLITS:
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


@pytest.mark.usefixtures("no_figures")
def test_quiet_names_the_folders_alone(tiny_file: Path, tmp_path: Path, capsys) -> None:
    argv = ["perceptron", "-epochs", 1, "--seeds", 2, "--data", tiny_file, "--out", tmp_path]
    code, out, err = run_q1(capsys, *argv, "--quiet")
    assert (code, err) == (ExitCode.DONE, [])
    assert [Run(Path(line)).summary["seed"] for line in out] == [42, 43]


@pytest.mark.usefixtures("no_figures")
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
@pytest.mark.parametrize("model", MODELS)
def test_both_engines_count_the_same(model: str, tiny_file: Path, tmp_path: Path, capsys) -> None:
    finals = []
    for engine in ("block", "definition"):
        _, out, _ = run_q1(
            capsys, model, "-epochs", 2, "--data", tiny_file, "--out", tmp_path, "--engine", engine
        )
        assert engine in out[-1] or engine == "block"
        finals.append(Run(Path(out[-1])).summary["final"])
    for split in SPLITS:
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
