"""`hw1-q1` with several seeds in processes of their own, and what Ctrl-C does to one and to all."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from called import called, trained

from experiments.cli.console import NullConsole
from experiments.cli.errors import DataError, ExitCode
from experiments.configs.q1 import Q1Config
from experiments.q1 import main
from experiments.runs.reader import Run
from experiments.training.q1.session import train_seed


@pytest.mark.usefixtures("no_figures")
def test_several_seeds_are_the_single_runs(tiny_file: Path, tmp_path: Path, capsys) -> None:
    common = ("mlp", "-epochs", 2, "--data", tiny_file)
    argv = (*common, "--seeds", 2, "--seed", 5, "--out", tmp_path / "both")
    _, out, _ = called(main, capsys, *argv)
    assert any(line.startswith("Over 2 seeds: train ") for line in out)
    both = [Run(Path(line)) for line in out[-2:]]
    assert [run.summary["seed"] for run in both] == [5, 6]
    for run in both:
        (one,) = trained(main, *common, "--seed", run.summary["seed"], "--out", tmp_path / "one")
        assert Run(one).summary["final"] == run.summary["final"]


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
        train_seed(config, str(tiny_file), "0" * 64, tmp_path, False, NullConsole())
    assert list(tmp_path.iterdir()) == []
