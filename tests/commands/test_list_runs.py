"""`hw1-runs` has a row for every run under a folder, and says how far each is."""

import inspect
import json
import os
import sys
from pathlib import Path

import pytest
from made_runs import make_run
from refusal import assert_refused

from experiments.cli.errors import ExitCode
from experiments.list_runs import main
from experiments.runs.listing import list_runs


@pytest.fixture
def runs(tmp_path: Path) -> Path:
    """Four runs, the last of them two epochs along, a damaged one, and what is no run."""
    made = [
        make_run(tmp_path / "runs", "1.2a", None, 42, 0.46),
        make_run(tmp_path / "runs", "1.2b", None, 43, 0.5, test=0.52),
        make_run(tmp_path / "deeper" / "runs", "2.2b", 0.25, 42, 0.61),
        make_run(tmp_path / "runs", "2.2b", 0.5, 42, 0.6, losses=[1.0, 0.9]),
    ]
    (made[3] / "summary.json").unlink()
    for age, run in enumerate(made):
        for file in run.iterdir():
            os.utime(file, (1.7e9 - 60 * age,) * 2)
    (tmp_path / "damaged").mkdir()
    (tmp_path / "damaged" / "config.json").write_text("[")
    other = {"command": "hw1-lasso", "config": {}, "data": {"sha256": ""}, "sources_sha256": ""}
    (tmp_path / "runs" / "config.json").write_text(json.dumps(other))
    (tmp_path / "q3").mkdir()
    question3 = {"command": "hw1-q3", "config": {}, "sources_sha256": ""}  # it has no data
    (tmp_path / "q3" / "config.json").write_text(json.dumps(question3))
    return tmp_path


def test_a_row_each(runs: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([str(runs)]) == ExitCode.DONE
    out, err = capsys.readouterr()
    assert [line.partition(": got")[0] for line in err.splitlines()] == [
        str(runs / "damaged" / "config.json")
    ]
    lines = out.splitlines()
    assert len([line for line in lines if line.startswith(f"  {runs}")]) == 4
    assert max(len(line) for line in lines if str(runs) not in line) < 80
    for words in ("l2 0.01", "dropout 0.25", "2/200", "0.5200", "0.6100"):
        assert words in out


@pytest.mark.parametrize(
    ("order", "first"),
    [("date", 0.46), ("val", 0.61), ("test", 0.61), ("epochs", 0.61), ("name", 0.61)],
)
def test_json_and_order(
    order: str, first: float, runs: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([str(runs), "--json", "--sort", order]) == ExitCode.DONE
    found = json.loads(capsys.readouterr().out)
    assert found[0]["val"] == pytest.approx(first, abs=1e-3)
    assert [entry["finished"] for entry in found].count(True) == 3
    if order in ("val", "test"):
        assert found[-1]["val"] is None
        assert found[-1]["epochs"] == 2
    assert len({entry["label"] for entry in found}) == 4


def test_a_run_that_cannot_be_read_does_not_hide_the_others(
    runs: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    odd = make_run(runs / "odd", "1.2a", None, 44, 0.4)
    (odd / "metrics.jsonl").unlink()
    (odd / "metrics.jsonl").mkdir()
    assert main([str(runs)]) == ExitCode.DONE
    out, err = capsys.readouterr()
    assert f"{odd / 'metrics.jsonl'}: got a damaged file (a directory)" in err
    assert out.count(f"  {runs}") == 4


def test_a_clock_that_is_far_off(runs: Path) -> None:
    (found, *_) = list_runs(runs, "date", print)
    assert found.date == "2023-11-14 22:13"
    assert found._replace(changed=2.0**40).date == "unknown"


def test_no_folder_and_no_runs(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([str(tmp_path / "none")]) == ExitCode.USAGE
    assert main([str(tmp_path)]) == ExitCode.DONE
    assert capsys.readouterr().out == f"{tmp_path}: no runs\n"


def test_a_folder_that_goes_meanwhile(runs: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """As the checkpoints do when a run is finished."""
    going, scan = runs / "runs" / "checkpoints", os.scandir
    going.mkdir()

    def gone(path: Path) -> object:
        if Path(path) == going and going.exists():
            going.rmdir()
        return scan(path)

    monkeypatch.setattr(os, "scandir", gone)
    assert len(list_runs(runs, "date", print)) == 4
    assert not going.exists()


def test_folders_too_deep_inside_each_other(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    deep, limit = tmp_path, sys.getrecursionlimit()
    for _ in range(300):
        deep /= "d"
        deep.mkdir()
    sys.setrecursionlimit(len(inspect.stack()) + 200)
    try:
        if sys.version_info >= (3, 12):  # its glob goes down without recursion
            assert main([str(tmp_path)]) == ExitCode.DONE
        else:
            line = assert_refused(main, [tmp_path], capsys, code=ExitCode.RUN_FOLDER)
            assert "too deep inside each other" in line
    finally:
        sys.setrecursionlimit(limit)
