"""A full disk, a folder in use, a run begun otherwise, figures that were not all drawn."""

import errno
import json
import os
from pathlib import Path

import pytest

from experiments.cli.errors import ExitCode, RunFolderError
from experiments.environment.lock import FolderLock
from experiments.q1 import main
from experiments.runs.figures import LAST_FIGURE, figures_of, tidy
from experiments.runs.json_files import json_line
from experiments.runs.reader import Run
from experiments.runs.records import EpochRecord

FLAGS = ["perceptron", "-epochs", "3"]


def start_and_fail(
    patch: pytest.MonkeyPatch, argv: list[str], at: int, capsys: pytest.CaptureFixture[str]
) -> str:
    """Run until the disk is full as epoch `at` is written."""

    def full(record: EpochRecord) -> bytes:
        if record["epoch"] == at:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        return json_line(record)

    with patch.context() as inner:
        inner.setattr("experiments.runs.folder.json_line", full)
        assert main(argv) == ExitCode.RUN_FOLDER
    return capsys.readouterr().err


@pytest.fixture
def argv(tiny_file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    monkeypatch.setattr("experiments.plots.run.draw_run", lambda *_: [])
    monkeypatch.setattr("experiments.runs.checkpoint.MAX_TIME_SHARE", float("inf"))
    return [*FLAGS, "--data", str(tiny_file), "--out", str(tmp_path / "out")]


@pytest.mark.parametrize("at", [1, 2, 3])
def test_a_full_disk_ends_in_one_line_and_can_be_resumed(
    at: int, argv: list[str], monkeypatch: pytest.MonkeyPatch, capsys
) -> None:
    said = start_and_fail(monkeypatch, argv, at, capsys)
    assert said.count("\n") == 1
    assert "No space left" in said
    assert "--resume" in said
    assert main([*argv, "--resume"]) == ExitCode.DONE
    folder = Path(capsys.readouterr().out.splitlines()[-1])
    assert [e["epoch"] for e in Run(folder).epochs] == [1, 2, 3]
    before = {file: file.read_bytes() for file in folder.iterdir()}
    assert main([*argv, "--resume"]) == ExitCode.DONE
    out = capsys.readouterr().out
    assert out.splitlines()[-1] == str(folder)
    assert "finished, nothing to do" in out
    assert {file: file.read_bytes() for file in folder.iterdir()} == before


@pytest.mark.parametrize(
    ("key", "value", "said"),
    [
        ("sources_sha256", "0" * 64, "the hash of the sources"),
        ("config", {"epochs": 3}, "learning_rate"),
        ("data", {"sha256": "1" * 64, "source": "x"}, "the data's hash"),
    ],
)
def test_a_run_begun_otherwise_is_refused(
    key: str, value: object, said: str, argv: list[str], monkeypatch: pytest.MonkeyPatch, capsys
) -> None:
    start_and_fail(monkeypatch, argv, 2, capsys)
    (config,) = Path(argv[-1]).glob("*/config.json")
    config.write_text(json.dumps({**json.loads(config.read_text()), key: value}))
    assert main([*argv, "--resume"]) == ExitCode.RUN_FOLDER
    printed = capsys.readouterr().err
    assert said in printed
    assert printed.count("\n") == 1
    assert main(argv) == ExitCode.DONE  # the remedy it names


def test_a_folder_in_use_is_refused_and_nothing_to_continue_is_said(
    argv: list[str], monkeypatch: pytest.MonkeyPatch, capsys
) -> None:
    start_and_fail(monkeypatch, argv, 2, capsys)
    (folder,) = Path(argv[-1]).iterdir()
    lock = FolderLock(folder)
    lock.acquire()
    assert main([*argv, "--resume"]) == ExitCode.RUN_FOLDER
    assert f"process {os.getpid()}" in capsys.readouterr().err
    lock.release()
    assert main([*argv, "--seed", "7", "--resume"]) == ExitCode.DONE
    assert "nothing to continue under" in capsys.readouterr().out


def test_a_full_disk_while_figures_are_drawn(
    argv: list[str], monkeypatch: pytest.MonkeyPatch, capsys
) -> None:
    """The run is finished by then: it is told in one line, and `--resume` draws alone."""

    def full(folder: Path, _kind: str) -> list[Path]:
        (folder / ".accuracy.png.0123456789abcdef.part").write_bytes(b"half of a fig")
        (folder / "checkpoints").mkdir()  # as a kill between two removals leaves it
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    def drawn(folder: Path, _kind: str) -> list[Path]:
        (folder / LAST_FIGURE).touch()
        return [folder / LAST_FIGURE]

    monkeypatch.setattr("experiments.plots.run.draw_run", full)
    assert main(argv) == ExitCode.RUN_FOLDER
    said = capsys.readouterr().err
    assert said.count("\n") == 1
    assert "No space left" in said
    monkeypatch.setattr("experiments.plots.run.draw_run", drawn)
    assert main([*argv, "--resume"]) == ExitCode.DONE
    folder = Path(capsys.readouterr().out.splitlines()[-1])
    files = {file.name for file in folder.iterdir()}
    held = {"config.json", "metrics.jsonl", "summary.json", "weights.npz"}
    assert files == {*held, LAST_FIGURE}  # the half-drawn one is gone


def test_figures_wait_for_a_process_that_draws_them(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = FolderLock(tmp_path)
    other.acquire()

    def slept(_seconds: float) -> None:
        (tmp_path / LAST_FIGURE).touch()
        other.release()

    def never(_folder: Path, _kind: str) -> list[Path]:
        raise AssertionError("drawn twice")

    monkeypatch.setattr("experiments.environment.lock.time.sleep", slept)
    assert figures_of(tmp_path, never) == [tmp_path / LAST_FIGURE]
    assert not (tmp_path / "lock").exists()
    other.acquire()
    (tmp_path / LAST_FIGURE).unlink()
    monkeypatch.setattr("experiments.environment.lock.time.sleep", lambda _seconds: None)
    monkeypatch.setattr("experiments.runs.figures.MAX_WAIT_S", 0.01)
    with pytest.raises(RunFolderError, match="is writing to"):
        figures_of(tmp_path, never)
    other.release()


def test_what_a_killed_drawing_has_left_is_tidied_up(tmp_path: Path) -> None:
    (tmp_path / ".loss.png.0123456789abcdef.part").write_bytes(b"half")
    (tmp_path / "loss.png").write_bytes(b"whole")
    (tmp_path / "checkpoints").mkdir()  # it may have been killed as it removed them
    (tmp_path / "checkpoints" / "7.checkpoint").touch()
    lock = FolderLock(tmp_path)
    lock.acquire()
    tidy(tmp_path)  # another process is at it
    assert len(list(tmp_path.iterdir())) == 4
    lock.release()
    (tmp_path / "lock").write_text("999999\n")
    tidy(tmp_path)
    assert [file.name for file in tmp_path.iterdir()] == ["loss.png"]
