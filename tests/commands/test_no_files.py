"""Where a file is expected: a pipe, an endless device, a folder, a link to itself, 30 empty GB.

A reader that opens first and asks later waits for ever on the pipe, and fills the memory from the
device.
"""

import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from importlib import import_module
from pathlib import Path

import pytest
from called import trained
from refusal import assert_refused

from experiments.cli.errors import DataError, ExitCode
from experiments.data.shards.cut import cut
from experiments.evaluation.photograph import read_photograph
from experiments.files.safe_read import read_file
from experiments.q1 import main as q1

SECONDS = 30


def a_pipe(path: Path) -> None:
    os.mkfifo(path)


def an_endless_device(path: Path) -> None:
    path.symlink_to("/dev/zero")


def a_folder(path: Path) -> None:
    path.mkdir()


def a_link_to_itself(path: Path) -> None:
    path.symlink_to(path.name)


def thirty_gigabytes(path: Path) -> None:
    with path.open("wb") as file:
        file.truncate(30 * 2**30)


Make = Callable[[Path], None]
NO_FILES = (a_pipe, an_endless_device, a_folder, a_link_to_itself, thirty_gigabytes)
FILES = ("config.json", "metrics.jsonl", "summary.json", "weights.npz")


@pytest.fixture(autouse=True)
def _no_waiting() -> Iterator[None]:
    """A reader that waits is woken, so that the test fails and does not hang."""

    def ring(*_: object) -> None:
        raise AssertionError(f"nothing has happened for {SECONDS} seconds")

    before = signal.signal(signal.SIGALRM, ring)
    signal.alarm(SECONDS)
    yield
    signal.alarm(0)
    signal.signal(signal.SIGALRM, before)


@pytest.fixture(scope="module")
def finished(tiny_file: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("runs")
    return trained(q1, "perceptron", "-epochs", 2, "--data", tiny_file, "--out", out)[0]


@pytest.mark.parametrize("make", NO_FILES)
@pytest.mark.parametrize("name", FILES)
def test_in_a_run_folder(
    name: str,
    make: Make,
    finished: Path,
    tiny_file: Path,
    here: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    run = Path(shutil.copytree(finished, "run"))
    (run / name).unlink()
    make(run / name)
    for module, argv in {
        "experiments.plot": ["run", "run"],
        "experiments.evaluate": ["run", "--data", str(tiny_file)],
    }.items():
        said = assert_refused(import_module(module).main, argv, capsys, ExitCode.RUN_FOLDER)
        unfinished = (name, make) not in UNREADABLE
        assert ("run: got a run that is not finished" if unfinished else f"run/{name}") in said


# A link to itself in the summary's place is no summary at all: that run is continued.
UNREADABLE = [
    (name, make)
    for name in FILES
    for make in NO_FILES
    if name != "summary.json" or make is not a_link_to_itself
]


@pytest.mark.parametrize(("name", "make"), UNREADABLE)
def test_resume_leaves_such_a_run_alone_and_trains_another(
    name: str, make: Make, finished: Path, tiny_file: Path, tmp_path: Path
) -> None:
    run = Path(shutil.copytree(finished, tmp_path / finished.name))
    (run / name).unlink()
    make(run / name)
    argv = ["perceptron", "-epochs", 2, "--data", tiny_file, "--out", tmp_path, "--resume"]
    assert trained(q1, *argv) == [tmp_path / f"{finished.name}-2"]


@pytest.mark.parametrize("make", NO_FILES[:-1])
@pytest.mark.parametrize("name", ["index.json", "train-00000.bin"])
def test_in_a_folder_of_shards(name: str, make: Make, tiny_file: Path, here: Path, capsys) -> None:
    cut(tiny_file, Path("shards"))
    Path("shards", name).unlink()
    make(Path("shards", name))
    argv = ["logistic_regression", "-epochs", "1", "--data", "shards"]
    said = assert_refused(import_module("experiments.q2").main, argv, capsys, ExitCode.BAD_DATA)
    assert "shards" in said


def test_what_is_a_file_is_read(tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.write_bytes(b"12345")
    assert read_file(file) == read_file(file, most=5) == b"12345"
    with pytest.raises(ValueError, match="5 bytes, at most 4"):
        read_file(file, most=4)


@pytest.mark.parametrize("make", NO_FILES)
def test_a_group_a_log_a_photograph(make: Make, here: Path, capsys) -> None:
    make(Path("thing"))
    for module, argv, code in (
        ("experiments.reproduce", ["--group", "thing"], ExitCode.USAGE),
        ("experiments.check", ["1.1a", "--fast", "thing"], ExitCode.BAD_DATA),
    ):
        assert "thing" in assert_refused(import_module(module).main, argv, capsys, code)
    with pytest.raises(DataError, match="thing"):
        read_photograph(Path("thing"))


def test_a_full_disk_behind_stdout(tmp_path: Path) -> None:
    with Path("/dev/full").open("w") as full:
        done = subprocess.run(
            [sys.executable, "-m", "experiments.data_command", "draw", "-o", "new.npz",
             "--images", "60"],
            stdout=full, stderr=subprocess.PIPE, text=True, cwd=tmp_path, check=False,
        )  # fmt: skip
    assert (done.returncode, done.stderr) == (ExitCode.DONE, "")
    assert (tmp_path / "new.npz").exists()
