"""The layouts of folders that people have, and what each of them becomes."""

import shutil
import zipfile
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from experiments.cli.errors import DataError
from experiments.data.dataset import CLASS_NAMES
from experiments.data.load import load_file
from experiments.data.prepare import prepare
from experiments.data_command import main

OTHERS = ("cat", "dog")


def fill(folder: Path, names: tuple[str, ...], n: int, first: int) -> None:
    for label, name in enumerate(names):
        (folder / name).mkdir(parents=True)
        for i in range(n):
            colour = np.random.default_rng(1000 * label + first + i).integers(0, 256, 3)
            Image.new("RGB", (50, 40), tuple(colour.tolist())).save(folder / name / f"{i}.png")


def archive(root: Path, names: tuple[str, ...] = CLASS_NAMES, train: str = "seg_train") -> Path:
    fill(root / train, names, 5, 0)
    fill(root / train.replace("rain", "est"), names, 2, 500)
    return root


def zipped(folder: Path) -> Path:
    return Path(shutil.make_archive(str(folder), "zip", folder))


def zipped_on_a_mac(folder: Path) -> Path:
    """Beside the one folder that was archived stands another of what only macOS reads."""
    path = zipped(folder)
    with zipfile.ZipFile(path, "a") as file:
        file.writestr(f"__MACOSX/{next(folder.iterdir()).name}/seg_train/sea/._1.png", b"x")
    return path


def zipped_from_a_dot(folder: Path) -> Path:
    """As other programs than zip call the files of the current folder."""
    path = folder.with_suffix(".zip")
    with zipfile.ZipFile(path, "w") as file:
        for picture in folder.rglob("*.png"):
            file.writestr(f"./{picture.relative_to(folder)}", picture.read_bytes())
    return path


def arrays(raw: Path) -> list[np.ndarray]:
    return [
        part for split in prepare(raw, 42).splits.values() for part in (split.images, split.labels)
    ]


@pytest.mark.parametrize(
    "variant",
    [
        lambda root: root / "seg_train",
        lambda root: root / "seg_test",
        lambda root: root / "seg_train" / ".." / "seg_train",
        zipped,
        lambda root: zipped(root.parent),
        lambda root: zipped_on_a_mac(root.parent),
        zipped_from_a_dot,
    ],
    ids=[
        "too deep",
        "too deep, the other",
        "a winding path",
        "a zip",
        "a zip of a folder around",
        "a Mac's zip",
        "a zip of a dot",
    ],
)
def test_the_same_pictures_however_they_are_given(variant, tmp_path: Path) -> None:
    root = archive(tmp_path / "around" / "raw")
    expected = arrays(root)
    for ours, theirs in zip(arrays(variant(root)), expected, strict=True):
        np.testing.assert_array_equal(ours, theirs)


def test_other_names_of_folders_and_of_classes(tmp_path: Path, monkeypatch, capsys) -> None:
    monkeypatch.chdir(tmp_path)
    archive(tmp_path / "raw", OTHERS, "train")
    assert main(["prepare", "raw", "-o", "pets.npz"]) == 0
    assert "note" not in capsys.readouterr().out
    data = load_file(Path("pets.npz"))
    assert data.class_names == OTHERS
    assert (len(data.train), len(data.val), len(data.test)) == (8, 2, 4)


def test_a_test_split_is_cut_where_there_is_none(tmp_path: Path, monkeypatch, capsys) -> None:
    monkeypatch.chdir(tmp_path)
    fill(tmp_path / "all", CLASS_NAMES, 17, 0)
    assert main(["prepare", "all", "-o", "all.npz"]) == 0
    assert "note: no test folder: 18 of the pictures become the test split" in (
        capsys.readouterr().out
    )
    data = load_file(Path("all.npz"))
    assert np.bincount(data.test.labels).tolist() == [3] * 6
    seen = [image.tobytes() for split in data.splits.values() for image in split.images]
    assert len(set(seen)) == len(seen) == 17 * 6


def test_folders_that_are_left_out_are_named(tmp_path: Path, monkeypatch, capsys) -> None:
    monkeypatch.chdir(tmp_path)
    archive(tmp_path / "raw", OTHERS, "train")
    fill(tmp_path / "raw" / "test", ("fox",), 1, 0)
    fill(tmp_path / "raw" / "valid", OTHERS, 1, 0)
    for raw in ("raw", str(zipped(tmp_path / "raw"))):
        assert main(["prepare", raw, "-o", "pets.npz", "--force"]) == 0
        out = capsys.readouterr().out
        assert "note: left out: fox, valid, no folders of the 2 classes to train on" in out
        assert "release  none: not the course's images" in out
    assert load_file(Path("pets.npz")).class_names == OTHERS


def nothing(root: Path) -> Path:
    root.mkdir()
    return root


def one_class(root: Path) -> Path:
    fill(root, ("cat",), 3, 0)
    return root


def one_class_to_train_on(root: Path) -> Path:
    return archive(root, ("cat",), "train")


def a_long_name(root: Path) -> Path:
    return archive(root, ("cat" * 30, "dog"), "train")


def a_name_that_steers(root: Path) -> Path:
    return archive(root, ("cat\x1b", "dog"), "train")


def no_class(root: Path) -> Path:
    root.mkdir()
    Image.new("RGB", (9, 9)).save(root / "a.png")
    return root


def a_class_missing(root: Path) -> Path:
    shutil.rmtree(archive(root) / "seg_train" / "sea")
    return root


def no_zip(root: Path) -> Path:
    root.with_suffix(".zip").write_bytes(b"PK\x03\x04 and no more")
    return root.with_suffix(".zip")


def outside(root: Path) -> Path:
    """Names that climb out of the archive are names of nothing."""
    with zipfile.ZipFile(root.with_suffix(".zip"), "w") as file:
        file.writestr("../../seg_train/sea/1.jpg", b"x")
    return root.with_suffix(".zip")


def absolute(root: Path) -> Path:
    with zipfile.ZipFile(root.with_suffix(".zip"), "w") as file:
        file.writestr("//seg_train/sea/1.jpg", b"x")
    return root.with_suffix(".zip")


@pytest.mark.parametrize(
    ("made", "said"),
    [
        (nothing, "an empty folder.*seg_train and seg_test"),
        (one_class, "got cat, expected a folder of pictures for each class"),
        (one_class_to_train_on, "got one folder of pictures, expected one for each of 2"),
        (a_long_name, "got a folder called 'catcat.*at most 64 letters.*rename"),
        (a_name_that_steers, r"got a folder called 'cat\\\\x1b'.*rename"),
        (no_class, r"got a\.png, expected a folder of pictures"),
        (a_class_missing, "sea: got No such file"),
        (no_zip, "expected a whole .zip"),
        (outside, "expected a folder of pictures"),
        (absolute, "got names that begin with /"),
    ],
)
def test_refused(made, said: str, tmp_path: Path) -> None:
    with pytest.raises(DataError, match=said):
        prepare(made(tmp_path / "raw"), 42)
    assert not (tmp_path.parent / "seg_train").exists()
