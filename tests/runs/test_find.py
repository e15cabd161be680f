"""Which run a path means."""

import json
import os
from pathlib import Path

import pytest

from experiments.cli.errors import RunFolderError
from experiments.runs.find import find_run, find_runs


@pytest.fixture
def runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Two finished runs, an unfinished one, the sweep of the first two, and a newer L1 path."""
    monkeypatch.chdir(tmp_path)
    for age, name in enumerate(["new", "old"]):
        folder = Path("runs") / name
        folder.mkdir(parents=True)
        (folder / "config.json").touch()
        (folder / "summary.json").touch()
        (folder / "loss.png").touch()
        os.utime(folder / "summary.json", (1e9 - age, 1e9 - age))
    (Path("runs") / "lasso").mkdir()
    (Path("runs") / "lasso" / "summary.json").touch()
    (Path("runs") / "lasso" / "config.json").write_text('{"command": "hw1-q1 lasso path"}')
    Path("runs/unfinished").mkdir()
    Path("runs/unfinished/config.json").touch()
    sweep = Path("runs/sweep")
    sweep.mkdir()
    rows = [{"runs": ["new"]}, {"runs": ["old", "new"]}]
    (sweep / "sweep.json").write_text(json.dumps({"rows": rows, "best": 1}))
    return Path("runs")


@pytest.mark.parametrize(
    ("named", "meant"),
    [
        (None, "new"),
        ("runs/old", "old"),
        ("runs/old/loss.png", "old"),
        ("runs/old/summary.json", "old"),
        ("runs/sweep", "old"),
        ("runs/sweep/losses.png", "old"),
        ("runs", "new"),
        ("runs/unfinished", "unfinished"),  # whoever reads it says what it lacks
        ("runs/lasso", "lasso"),
        ("runs/none", "none"),
    ],
)
def test_what_is_meant(named: str | None, meant: str, runs: Path) -> None:
    assert find_run(named) == runs / meant


@pytest.mark.parametrize(
    ("named", "meant"),
    [
        (["runs/old", "runs/new/loss.png"], ["old", "new"]),
        (["runs"], ["new", "old"]),
        (["runs/sweep"], ["new", "old"]),
        (["runs/*"], ["new", "old"]),
        (["runs/o*"], ["old"]),
        (["runs/old", "runs/*"], ["old", "new"]),
        (["runs/sweep", "runs/old"], ["old", "new"]),
        (["runs/old", "runs/old"], ["old", "old"]),  # whoever compares them refuses
        (["runs/unfinished"], ["unfinished"]),
        (["runs/lasso"], ["lasso"]),
    ],
)
def test_all_that_are_meant(named: list[str], meant: list[str], runs: Path) -> None:
    assert find_runs(named) == [runs / name for name in meant]


@pytest.mark.parametrize("pattern", ["runs/*none*", "runs/unfin*"])
def test_a_pattern_without_a_run(pattern: str, runs: Path) -> None:
    with pytest.raises(RunFolderError, match="got a pattern that no finished run matches"):
        find_runs(["runs/old", pattern])


@pytest.mark.parametrize("content", ["", "[]", "{}", '{"rows": [], "best": 0}', "[" * 10_000])
def test_a_damaged_sweep(content: str, runs: Path) -> None:
    (runs / "sweep" / "sweep.json").write_text(content)
    with pytest.raises(RunFolderError, match=r"sweep\.json: got no best run"):
        find_run("runs/sweep")


def test_none_is_finished(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(RunFolderError, match="runs: got no finished run"):
        find_run(None)


def test_a_sweep_cannot_name_a_folder_elsewhere(runs: Path) -> None:
    rows = [{"runs": ["../../etc"]}]
    (runs / "sweep" / "sweep.json").write_text(json.dumps({"rows": rows, "best": 0}))
    assert find_run("runs/sweep") == runs / "etc"
