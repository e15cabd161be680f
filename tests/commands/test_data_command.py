"""`hw1-data` from the command line's side: what it prints, what it refuses, what it writes."""

import hashlib
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from npz_files import file_with
from PIL import Image
from refusal import assert_refused

from experiments.cli.text import command_line
from experiments.data.contact_sheet import contact_sheet
from experiments.data.dataset import Dataset
from experiments.data.load import load_file
from experiments.data.release import V2_COUNTS
from experiments.data_command import main


@pytest.fixture(autouse=True)
def _a_small_file(here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HW1_CACHE", str(here / "cache"))
    Path("small.npz").write_bytes(file_with())


SMALL_INFO = """\
data     small
from     small.npz
sha256   {sha256}
images   48 x 48 x 3
release  unknown, taken to have the class numbers of the assignment
twice    {twice}

class          train    val    test    all
0 buildings        1      1       1      3
1 forest           1      0       1      2
2 glacier          1      0       0      1
3 mountain         1      0       0      1
4 sea              1      0       0      1
5 street           1      0       0      1
all                6      1       2      9
"""


def test_info(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["info", "small.npz"]) == 0
    printed = capsys.readouterr()
    sha256 = hashlib.sha256(Path("small.npz").read_bytes()).hexdigest()
    sheet = "\nContact sheet: runs/small-classes.png\n"
    assert printed.out == SMALL_INFO.format(sha256=sha256, twice="no image is there twice") + sheet
    assert printed.err == ""
    with Image.open("runs/small-classes.png") as image:
        assert image.format == "PNG"
        assert image.mode == "RGB"


def test_info_without_and_with_another_sheet(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["info", "small.npz", "--no-sheet"]) == 0
    assert "sheet" not in capsys.readouterr().out
    assert not list(Path().glob("*.png"))
    assert main(["info", "small.npz", "--sheet", "pictures.PNG"]) == 0
    assert [path.name for path in Path().glob("*.[pP][nN][gG]")] == ["pictures.PNG"]


def test_info_on_the_builtin_data(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["info", "builtin:60"]) == 0
    out = capsys.readouterr().out
    assert "data     synthetic landscapes: drawn, not photographed\n" in out
    assert "release  none, since it is synthetic\n" in out
    assert "runs/builtin-60-classes.png" in out
    assert max(map(len, out.splitlines())) <= 80
    assert Path("runs/builtin-60-classes.png").exists()


def release_file(order: tuple[int, ...]) -> bytes:
    labels = np.repeat(np.arange(6), [V2_COUNTS[k] for k in order])
    images = np.zeros((len(labels) - 1, 48, 48, 3), np.uint8)
    return file_with(
        train_images=images,
        train_labels=labels[1:],
        val_images=images[:1],
        val_labels=labels[:1],
    )


def test_info_names_the_classes_of_the_first_release(capsys: pytest.CaptureFixture[str]) -> None:
    Path("first.npz").write_bytes(release_file((5, 4, 3, 2, 1, 0)))
    assert main(["info", "first.npz", "--no-sheet"]) == 0
    out = capsys.readouterr().out
    assert "release  looks like v1" in out
    named = [line.split()[:3] for line in out.splitlines()]
    assert ["0", "street", "2,381"] in named
    assert ["5", "buildings", "2,191"] in named
    assert max(map(len, out.splitlines())) <= 80


def test_info_checks_the_hash(capsys: pytest.CaptureFixture[str]) -> None:
    sha256 = hashlib.sha256(Path("small.npz").read_bytes()).hexdigest()
    assert main(["info", "small.npz", "--no-sheet", "--sha256", sha256.upper()]) == 0
    wrong = "0" * 64
    line = assert_refused(main, ["info", "small.npz", "--sha256", wrong], capsys)
    assert sha256 in line
    assert f"expected {wrong}" in line


def test_draw_writes_synthetic_landscapes(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["draw", "-o", "a.npz", "--images", "60", "--seed", "3"]) == 0
    assert "synthetic landscapes" in capsys.readouterr().out
    assert main(["draw", "-o", "b.npz", "--images", "60", "--seed", "3"]) == 0
    assert Path("a.npz").read_bytes() == Path("b.npz").read_bytes()
    assert load_file(Path("a.npz")).synthetic
    assert main(["draw", "-o", "b.npz", "--images", "60", "--force"]) == 0
    assert Path("a.npz").read_bytes() != Path("b.npz").read_bytes()
    assert not Path("cache").exists()


def test_how_to_use_what_was_written(capsys: pytest.CaptureFixture[str]) -> None:
    """A shell takes the line apart again."""
    assert main(["draw", "-o", "my data.npz", "--images", "60"]) == 0
    assert f"Use it with {command_line(['--data', 'my data.npz'])}\n" in capsys.readouterr().out
    assert main(["shard", "my data.npz", "my shards"]) == 0
    assert f"{command_line(['--data', 'my shards'])}\n" in capsys.readouterr().out


BAD_USAGE = {  # beside what tests/bad_flags.py makes of the parsers
    "info: two minds": (["info", "small.npz", "--sheet", "a.png", "--no-sheet"], "drop one"),
    "info: a sheet over another picture": (["info", "small.npz", "--sheet", "p.png"], "exists"),
    "info: a sheet over a folder": (["info", "small.npz", "--sheet", "folder.png"], "exists"),
    "info: too few images": (["info", "builtin:59"], "from 60 to 100000"),
    "info: no number": (["info", "builtin:"], "from 60 to 100000"),
    "draw: no output": (["draw"], "--out"),
    "draw: existing file": (["draw", "-o", "small.npz"], "--force"),
    "draw: a folder": (["draw", "-o", "."], "a file in a folder that exists"),
    "draw: a folder by force": (["draw", "-o", ".", "--force"], "a file in a folder"),
    "draw: a device by force": (["draw", "-o", os.devnull, "--force"], "a file in a folder"),
    "draw: into no folder": (["draw", "-o", "no/a.npz"], "a file in a folder that exists"),
    "draw: into a file": (["draw", "-o", "small.npz/a.npz"], "a file in a folder that exists"),
    "draw: null character": (["draw", "-o", "a\0b"], "a file in a folder that exists"),
    "draw: too long a name": (["draw", "-o", "a" * 300], "a file in a folder that exists"),
    "download: into no folder": (["download", "-o", "no/a.npz"], "a file in a folder"),
}


@pytest.mark.parametrize(("argv", "complaint"), BAD_USAGE.values(), ids=BAD_USAGE)
def test_bad_usage(argv: list[str], complaint: str, capsys: pytest.CaptureFixture[str]) -> None:
    Path("p.png").write_bytes(b"somebody's")
    Path("folder.png").mkdir()
    assert complaint in assert_refused(main, argv, capsys, code=2)


@pytest.mark.parametrize("path", ["no/sheet.png", "a\0.png"])
def test_a_sheet_that_cannot_be_written(path: str, capsys: pytest.CaptureFixture[str]) -> None:
    line = assert_refused(main, ["info", "small.npz", "--sheet", path], capsys)
    assert "--no-sheet" in line


def test_the_builtin_data_have_a_hash(capsys: pytest.CaptureFixture[str]) -> None:
    argv = ["info", "builtin:60", "--no-sheet", "--sha256"]
    assert main([*argv, "0" * 64]) == 3
    sha256 = capsys.readouterr().err.split("got SHA-256 ")[1][:64]
    assert main([*argv, sha256]) == 0


def test_as_a_process() -> None:
    command = [sys.executable, "-m", "experiments.data_command", "info", "nowhere.npz"]
    environment = os.environ | {"PYTHONWARNINGS": "error"}
    done = subprocess.run(command, capture_output=True, text=True, env=environment, timeout=30)
    assert done.returncode == 3
    assert done.stdout == ""
    assert done.stderr.startswith("hw1-data: error: nowhere.npz: got no such file")
    assert done.stderr.count("\n") == 1


def test_the_sheet_shows_each_class_in_its_row(tiny_data: Dataset) -> None:
    sheet = np.asarray(contact_sheet(tiny_data))
    for label in range(6):
        first = tiny_data.train.images[np.flatnonzero(tiny_data.train.labels == label)[0]]
        top = 28 + 84 + label * 102
        tile = sheet[top : top + 96, 180 : 180 + 96]
        np.testing.assert_array_equal(tile, first.repeat(2, 0).repeat(2, 1))
