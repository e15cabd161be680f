"""The L1 path killed after any of its points, and resumed: the same bits."""

from pathlib import Path

import pytest

from experiments.data.dataset import Dataset
from experiments.runs import checkpoint
from experiments.runs.reader import Run
from experiments.training.lasso_path import run_lasso_path


class KilledError(Exception):
    """The path ends here."""


class KilledAfter:
    """An output that ends the path after so many points."""

    def __init__(self, points: int) -> None:
        self.left = points
        self.lines: list[str] = []

    def line(self, text: str) -> None:
        self.lines.append(text)
        self.left -= text.startswith("lambda")
        if self.left == 0:
            raise KilledError

    def advance(self, label: str) -> None:
        assert label


def result(folder: Path) -> object:
    run = Run(folder)
    kept = {name: run.summary[name] for name in ("path", "final", "confusion", "lambda_max")}
    return kept, {name: array.tobytes() for name, array in run.weights().items()}


@pytest.mark.parametrize("share", [float("inf"), 0.0], ids=["checkpoints", "without"])
def test_bit_for_bit(
    share: float, tiny_data: Dataset, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("experiments.training.lasso_path.draw_path", lambda _folder: None)
    monkeypatch.setattr(checkpoint, "MAX_TIME_SHARE", share)
    for name in ("whole", "killed"):
        (tmp_path / name).mkdir()
    whole = run_lasso_path(tiny_data, tmp_path / "whole", KilledAfter(100), "quick")
    done = 0
    for points in (1, 2, 1):
        with pytest.raises(KilledError):
            run_lasso_path(tiny_data, tmp_path / "killed", KilledAfter(points), "quick")
        done += points if share else 0
    output = KilledAfter(100)
    resumed = run_lasso_path(tiny_data, tmp_path / "killed", output, "quick")
    assert result(resumed) == result(whole)
    assert f"continuing after point {done}" in output.lines[0]
    assert [folder.name for folder in (tmp_path / "killed").iterdir()] == [whole.name]
    assert {file.name for file in resumed.iterdir()} == {
        "config.json", "metrics.jsonl", "summary.json", "weights.npz"
    }  # fmt: skip
