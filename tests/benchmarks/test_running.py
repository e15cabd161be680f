"""Contenders in processes of their own."""

import json
from pathlib import Path

import pytest

from benchmarks import __main__ as bench
from benchmarks import running
from benchmarks.rounds import alternate
from benchmarks.running import Contender, Job, Running
from experiments.cli.errors import CommandError, ExitCode
from experiments.configs.q1 import Q1Config
from experiments.configs.q2 import Q2Config


def test_our_contender_trains_in_a_process_of_its_own(tiny_file: Path) -> None:
    job = Job("ours", (Q2Config("mlp", hidden_size=3, batch_size=16),), str(tiny_file))
    ours = Running(job, {"NPROC": "1"})
    try:
        weights = ours.weights()
        alternate([ours], 2)
    finally:
        ours.close()
    assert ours.ready["threads"] == 1
    assert set(ours.ready["compile_seconds"]) == {"cold", "cached"}
    assert weights["hidden.0.weight"].shape == (3, 6912)
    first, second = ours.found
    assert first["train"] != second["train"]
    assert min(first["seconds"], first["peak_mb"]) > 0


def test_a_turn_of_several_epochs_takes_as_long_as_one_of_them(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    epochs, clock = iter([1.4, 1.3, 1.2]), iter([10.0, 16.0])
    monkeypatch.setattr(running.time, "perf_counter", lambda: next(clock))
    found = running._timed(Contender(lambda: {"train": next(epochs)}, 1), 3)
    assert (found["train"], found["seconds"]) == (1.2, 2.0)


def test_the_engine_and_the_plain_loop_train_alike(tiny_file: Path, tmp_path, capsys) -> None:
    argv = ["--questions", "1", "--models", "logistic_regression, l2", "--data", str(tiny_file)]
    assert bench.main([*argv, "--epochs", "2", "--out", str(tmp_path)]) == ExitCode.DONE
    rows = json.loads((tmp_path / "bench.json").read_text())["question 1"]
    rows = {row["contender"]: row for row in rows}
    assert 0 <= rows["engine"]["agreement"] < 1e-9
    assert rows["engine"]["correct"] == rows["plain loop"]["correct"]
    assert rows["plain loop, 1 thread"]["threads"] == 1


def test_a_contender_that_ends_says_why() -> None:
    with pytest.raises(CommandError, match=r"^engine: .*nowhere\.npz"):
        Running(Job("engine", (Q1Config("mlp"),), "nowhere.npz"))


def test_a_contender_that_is_killed_says_so(tiny_file: Path) -> None:
    engine = Running(Job("engine", (Q1Config("perceptron"),), str(tiny_file)))
    engine._process.kill()
    engine.begin()
    with pytest.raises(CommandError, match=r"^engine: ended with exit code -9$"):
        engine.end()
