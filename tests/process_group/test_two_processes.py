"""`hw1-q2` in two real processes: the numbers of one, and bitwise resuming after any end."""

import signal
from pathlib import Path

import numpy as np
import pytest
from launched import Ended, Launched, free_port

from experiments.cli.commands import ExitCode
from experiments.configs.q2 import Q2Config
from experiments.data.dataset import Dataset
from experiments.data.shards.cut import cut
from experiments.runs.reader import Run
from experiments.training.q2.programs import Programs
from experiments.training.q2.train import train_group

EPOCHS, SEEDS = 6, (42, 43, 44)  # three runs do not divide by two devices, nor 60 examples by 13
FLAGS = ["logistic_regression", "-epochs", str(EPOCHS), "-batch_size", "13"]
FLAGS += ["-learning_rate", "0.01", "--seeds", str(len(SEEDS)), "--resume"]


@pytest.fixture
def flags(tiny_file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    monkeypatch.setenv("HW1_CACHE", str(tiny_file.parent / "cache-of-processes"))
    return [*FLAGS, "--data", str(tiny_file), "--out"]


@pytest.fixture(scope="module")
def alone(tiny_data: Dataset, tmp_path_factory: pytest.TempPathFactory) -> list[Run]:
    """The same runs by one process."""
    configs = [
        Q2Config("logistic_regression", EPOCHS, 13, learning_rate=0.01, seed=seed) for seed in SEEDS
    ]
    parent = tmp_path_factory.mktemp("alone")
    names = [str(seed) for seed in SEEDS]
    folders = train_group(configs, names, tiny_data, Programs(tiny_data), parent, Silent())
    return [Run(folder) for folder in folders]


class Silent:
    def line(self, text: str) -> None:
        pass

    def advance(self, label: str) -> None:
        pass


def runs_in(out: Path) -> list[Run]:
    return sorted((Run(file.parent) for file in out.glob("*/summary.json")), key=seed_of)


def seed_of(run: Run) -> int:
    return run.summary["seed"]


def bits(run: Run) -> object:
    epochs = [{k: v for k, v in record.items() if k != "seconds"} for record in run.epochs]
    weights = {name: array.tobytes() for name, array in run.weights().items()}
    return epochs, weights, run.summary["final"], run.summary["initial"], run.summary["confusion"]


def largest_difference(runs: list[Run], others: list[Run]) -> float:
    differences = [
        np.abs(run.weights()[name] - array).max()
        for run, other in zip(runs, others, strict=True)
        for name, array in other.weights().items()
    ]
    differences += [
        abs(one["val"]["loss"] - two["val"]["loss"])
        for run, other in zip(runs, others, strict=True)
        for one, two in zip(run.epochs, other.epochs, strict=True)
    ]
    return max(differences)


def assert_done(ended: list[Ended]) -> None:
    assert [process.code for process in ended] == [0] * len(ended), [p.err for p in ended]
    assert [process.err for process in ended] == [[]] * len(ended)
    assert all(
        process.out == [f"process {index} of {len(ended)}: process 0 prints and writes"]
        for index, process in enumerate(ended)
        if index > 0
    )


def test_resuming_after_a_kill_and_a_signal_is_bitwise(
    flags: list[str], tmp_path: Path, alone: list[Run]
) -> None:
    whole, out, port = tmp_path / "whole", tmp_path / "out", free_port()
    assert_done(Launched(2, port, tmp_path / "log", [*flags, str(whole)]).ended())
    runs = runs_in(whole)
    assert [seed_of(run) for run in runs] == list(SEEDS)
    assert largest_difference(runs, alone) < 1e-6
    assert largest_difference(runs[::-1], alone) > 1e-3  # another seed is told apart

    killed = Launched(2, port, tmp_path / "log", [*flags, str(out)])
    killed.wait_for("Training epoch 3")
    killed.processes[0].kill()
    assert killed.ended()[1].code == ExitCode.PROCESS_GONE

    stopped = Launched(2, port, tmp_path / "log", [*flags, str(out)])
    stopped.wait_for("Training epoch 5")
    stopped.processes[1].send_signal(signal.SIGTERM)
    ended = stopped.ended()
    assert [process.code for process in ended] == [ExitCode.INTERRUPTED] * 2
    assert ended[0].err == ["hw1-q2: interrupted"]
    assert "continuing after epoch" in "\n".join(ended[0].out)
    assert any(line.startswith("To continue: hw1-q2 ") for line in ended[1].err)

    assert_done(Launched(2, port, tmp_path / "log", [*flags, str(out)]).ended())
    assert [bits(run) for run in runs_in(out)] == [bits(run) for run in runs]


def test_two_processes_read_a_share_of_each_batch(
    flags: list[str], tiny_file: Path, tmp_path: Path, alone: list[Run]
) -> None:
    cut(tiny_file, tmp_path / "shards", shard_examples=17)
    streamed = [*flags[: flags.index("--data")], "--seeds", "1"]
    streamed += ["--data", str(tmp_path / "shards"), "--out", str(tmp_path / "out")]
    assert_done(Launched(2, free_port(), tmp_path / "log", streamed).ended())
    assert largest_difference(runs_in(tmp_path / "out"), alone[:1]) < 1e-6
