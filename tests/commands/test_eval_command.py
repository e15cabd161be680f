"""`hw1-eval`: a saved run on any data."""

import json
import re
from pathlib import Path

import numpy as np
import pytest
from called import trained
from refusal import assert_refused

from experiments.cli.errors import DataError, ExitCode
from experiments.data.dataset import SPLITS, Dataset, Split
from experiments.data.save import save_npz
from experiments.data.shards.cut import cut
from experiments.evaluate import main
from experiments.evaluation.evaluate import own_source
from experiments.q1 import main as q1
from experiments.runs.reader import Run


@pytest.fixture(scope="module")
def run(tiny_file: Path, tmp_path_factory: pytest.TempPathFactory) -> Run:
    out = tmp_path_factory.mktemp("runs")
    (folder,) = trained(q1, "logistic_regression", "-epochs", 3, "--data", tiny_file, "--out", out)
    return Run(folder)


def written(data: Dataset, path: Path, numbers: list[int]) -> Path:
    """The data with class k numbered `numbers[k]`, in the course's format."""
    splits = data.splits.items()
    save_npz({name: Split(s.images, np.array(numbers)[s.labels]) for name, s in splits}, path)
    return path


def evaluated(run: Run, file: Path, capsys: pytest.CaptureFixture[str]) -> dict:
    capsys.readouterr()
    assert main([str(run.path), "--data", str(file), "--json"]) == ExitCode.DONE
    return json.loads(capsys.readouterr().out)


def test_finds_what_the_run_found(run: Run, tiny_file: Path, capsys) -> None:
    found = evaluated(run, tiny_file, capsys)
    assert found["trained_on_these_data"] is True
    for split in SPLITS:
        final = run.summary["final"][split]
        assert found["splits"][split]["correct"] == final["correct"]
        assert found["splits"][split]["total"] == final["total"]
    assert found["splits"]["test"]["confusion"] == run.summary["confusion"]["test"]


def test_the_loss_is_the_cross_entropy(run: Run, tiny_file: Path, tiny_data: Dataset, capsys):
    x = np.hstack([tiny_data.val.pixels / 256, np.ones((len(tiny_data.val), 1))])
    p = np.exp(x @ run.weights()["W"].T)
    p /= p.sum(axis=1, keepdims=True)
    expected = -np.log(p[np.arange(len(p)), tiny_data.val.labels]).mean()
    assert evaluated(run, tiny_file, capsys)["splits"]["val"]["loss"] == pytest.approx(expected)
    assert abs(expected - np.log(6)) > 0.01  # the loss of knowing nothing would not do


def test_says_that_the_data_are_others(run: Run, tiny_data: Dataset, tmp_path: Path, capsys):
    other = written(tiny_data, tmp_path / "other.npz", [1, 0, 2, 3, 4, 5])
    found = evaluated(run, other, capsys)
    assert found["trained_on_these_data"] is False
    assert found["splits"]["test"]["correct"] != run.summary["final"]["test"]["correct"]


def test_shards_give_what_their_file_gives(
    run: Run, tiny_file: Path, tmp_path: Path, capsys, monkeypatch
) -> None:
    monkeypatch.chdir(tmp_path)
    cut(tiny_file, tmp_path / "shards", 7)
    found, expected = (evaluated(run, path, capsys) for path in (tmp_path / "shards", tiny_file))
    assert found["trained_on_these_data"] is True
    assert found["splits"] == expected["splits"]

    shard = tmp_path / "shards" / "val-00000.bin"
    content = bytearray(shard.read_bytes())
    content[100] ^= 1
    shard.write_bytes(content)
    assert_refused(main, [run.path, "--data", tmp_path / "shards"], capsys, ExitCode.BAD_DATA)


def test_fits_80_columns(run: Run, tiny_file: Path, capsys, monkeypatch) -> None:
    monkeypatch.chdir(tiny_file.parent)
    assert main([str(run.path), "--data", tiny_file.name]) == ExitCode.DONE
    out = capsys.readouterr().out.splitlines()
    assert max(map(len, out)) < 80
    assert "These are the data that the run was trained on." in out


@pytest.mark.parametrize(
    ("damage", "said"),
    [
        ("no folder", "no such file"),
        ("no weights", "got no weights"),
        ("other weights", "got weights of SHA-256"),
        ("an L1 path", "got a run of hw1-q1 lasso path"),
    ],
)
def test_refuses_a_damaged_run(
    damage: str, said: str, run: Run, tiny_file: Path, tmp_path, capsys
) -> None:
    folder = tmp_path / "run"
    if damage != "no folder":
        folder.mkdir()
        for name in ("config.json", "summary.json", "metrics.jsonl"):
            content = (run.path / name).read_bytes()
            if damage == "an L1 path":
                content = content.replace(b'"hw1-q1"', b'"hw1-q1 lasso path"')
            (folder / name).write_bytes(content)
    if damage == "other weights":
        np.savez(folder / "weights.npz", W=np.zeros((6, 10)))
    line = assert_refused(main, [folder, "--data", tiny_file], capsys, ExitCode.RUN_FOLDER)
    assert re.search(said, line)


def test_the_runs_own_data_where_none_are_named(run: Run, capsys) -> None:
    assert main([str(run.path), "--json"]) == ExitCode.DONE
    assert json.loads(capsys.readouterr().out)["trained_on_these_data"] is True


@pytest.mark.parametrize(
    ("source", "named"),
    [("built-in, 17,034 images drawn with seed 0", "builtin:17034"), ("/", "/")],
)
def test_what_the_runs_own_data_are_called(source: str, named: str, run: Run, monkeypatch) -> None:
    monkeypatch.setitem(run.summary["data"], "source", source)
    assert own_source(run) == named


@pytest.mark.parametrize(
    ("source", "said"), [("gone.npz", r"gone\.npz"), ("", "data: got no such")]
)
def test_the_runs_own_data_are_gone(source: str, said: str, run: Run, monkeypatch) -> None:
    monkeypatch.setitem(run.summary["data"], "source", source)
    with pytest.raises(DataError, match=f"{said}.*--data"):
        own_source(run)
