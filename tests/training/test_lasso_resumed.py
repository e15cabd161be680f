"""The L1 path killed after any of its points, and resumed: the same bits."""

from pathlib import Path

import pytest
from run_bits import bits
from silent import Silent, StopAt, StoppedError

from experiments.data.dataset import Dataset
from experiments.runs import checkpoint
from experiments.training.lasso_path import run_lasso_path

KEPT = ("path", "final", "confusion", "lambda_max")


@pytest.mark.parametrize("share", [float("inf"), 0.0], ids=["checkpoints", "without"])
def test_bit_for_bit(
    share: float, tiny_data: Dataset, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("experiments.training.lasso_path.draw_path", lambda _folder: None)
    monkeypatch.setattr(checkpoint, "MAX_TIME_SHARE", share)
    for name in ("whole", "killed"):
        (tmp_path / name).mkdir()
    whole = run_lasso_path(tiny_data, tmp_path / "whole", Silent(), "quick")
    done = 0
    for points in (1, 2, 1):
        with pytest.raises(StoppedError):
            run_lasso_path(tiny_data, tmp_path / "killed", StopAt("lambda", points), "quick")
        done += points if share else 0
    output = Silent()
    resumed = run_lasso_path(tiny_data, tmp_path / "killed", output, "quick")
    assert bits(resumed, KEPT) == bits(whole, KEPT)
    assert f"continuing after point {done}" in output.lines[0]
    assert [folder.name for folder in (tmp_path / "killed").iterdir()] == [whole.name]
    assert {file.name for file in resumed.iterdir()} == {
        "config.json", "metrics.jsonl", "summary.json", "weights.npz"
    }  # fmt: skip
