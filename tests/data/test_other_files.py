"""What people give as data that is none: the first words say what it is and what to do."""

import io
import zipfile
from pathlib import Path

import numpy as np
import pytest
from npz_files import file_with
from PIL import Image

from experiments.cli.errors import DataError
from experiments.data.dataset import Dataset, Split
from experiments.data.describe import Duplicates, find_duplicates
from experiments.data.load import load_file
from experiments.data.shards.cut import cut


def a_page(path: Path) -> None:
    path.write_bytes(b"\n<!DOCTYPE html><html><title>Google Drive</title></html>")


def a_picture(path: Path) -> None:
    Image.new("RGB", (9, 9)).save(path, "JPEG")


def a_table(path: Path) -> None:
    path.write_text("label,pixel0,pixel1\n1,0,255\n", encoding="ascii")


def one_array(path: Path) -> None:
    with path.open("wb") as file:
        np.save(file, np.zeros((4, 8, 8, 3), np.uint8))


def an_archive(path: Path) -> None:
    path.write_bytes(b"\x1f\x8b\x08\0 seg_train")


def an_archive_of_pictures(path: Path) -> None:
    with zipfile.ZipFile(path, "w") as file:
        file.writestr("seg_train/seg_train/sea/1.jpg", b"\xff\xd8\xff")


def other_names(path: Path) -> None:
    content = io.BytesIO()
    np.savez(content, X_train=np.zeros((4, 8, 8, 3), np.uint8), y_train=np.arange(4))
    path.write_bytes(content.getvalue())


def float_pixels(path: Path) -> None:
    content = io.BytesIO()
    arrays = {f"{split}_images": np.zeros((4, 8, 8, 3)) for split in ("train", "val", "test")}
    labels = {f"{split}_labels": np.arange(4) for split in ("train", "val", "test")}
    np.savez(content, **arrays, **labels)
    path.write_bytes(content.getvalue())


def an_archive_of_a_file(path: Path) -> None:
    with zipfile.ZipFile(path, "w") as file:
        file.writestr("data/intel_landscapes.npz", b"PK")


def a_folder_of_pictures(path: Path) -> None:
    (path / "sea").mkdir(parents=True)
    Image.new("RGB", (9, 9)).save(path / "sea" / "1.jpg")


def the_unpacked_archive(path: Path) -> None:
    (path / "raw" / "seg_train").mkdir(parents=True)


def a_folder_of_runs(path: Path) -> None:
    (path / "mlp").mkdir(parents=True)
    (path / "mlp" / "config.json").touch()
    (path / "mlp" / "loss.png").touch()


def a_folder_of_shards(path: Path) -> None:
    tiny = path.with_name("tiny.npz")
    tiny.write_bytes(file_with())
    cut(tiny, path)


KINDS = {
    a_page: "got a web page, which Google Drive sends .*save the file itself",
    a_picture: "got a picture, .*hw1-predict",
    a_table: r"got text such as a \.csv",
    one_array: r"got a single array \(\.npy\), .*np\.savez",
    an_archive: "got an archive, .*unpack it, then .*hw1-data prepare",
    an_archive_of_pictures: r"got an archive of pictures, .*hw1-data prepare FILE\.zip",
    an_archive_of_a_file: "got an archive with data/intel_landscapes.npz in it.*unpack it",
    other_names: "got arrays called X_train, y_train, expected train_images",
    float_pixels: r"got pixels as float64, expected uint8.*astype\(np\.uint8\)",
    a_folder_of_pictures: "got a folder of pictures, .*hw1-data prepare .*data.? -o FILE.npz",
    the_unpacked_archive: "got a folder of pictures, .*hw1-data prepare .*data.? -o FILE.npz",
    a_folder_of_runs: "got a folder of runs, .*trained on",
    a_folder_of_shards: "got a folder of shards, .*cut from",
}


BEGINNINGS = {
    "a .mat file": (b"MATLAB 5.0 MAT-file, Platform: GLNXA64", r"got a \.mat file, .*np\.savez"),
    "HDF5": (b"\x89HDF\r\n\x1a\n", r"got an HDF5 file \(\.h5, \.mat\), .*np\.savez"),
    "a pickle": (b"\x80\x04\x95\xa8", "got a pickle .*which may run anything"),
    "an idx file": (b"\0\0\x08\x03\0\0\xea\x60", "got an idx file, as MNIST's are"),
    "Parquet": (b"PAR1", "got a Parquet file"),
    "a pointer": (b"version https://git-lfs.github.com/spec/v1\n", "Git LFS keeps.*git lfs pull"),
    "tar": (b"seg_train/".ljust(257, b"\0") + b"ustar", "got an archive, .*unpack it"),
}


@pytest.mark.parametrize("kind", BEGINNINGS)
def test_what_other_programs_write(kind: str, tmp_path: Path) -> None:
    start, said = BEGINNINGS[kind]
    (tmp_path / "data").write_bytes(start.ljust(600, b"\0"))
    with pytest.raises(DataError, match=said):
        load_file(tmp_path / "data")


@pytest.mark.parametrize("made", KINDS, ids=lambda made: made.__name__.replace("_", " "))
def test_the_remedy_is_that_of_the_kind(made, tmp_path: Path) -> None:
    path = tmp_path / "data"
    made(path)
    with pytest.raises(DataError, match=KINDS[made]):
        load_file(path)


def test_other_bytes_are_shown(tmp_path: Path) -> None:
    (tmp_path / "x").write_bytes(b"\0\1\2\3 nothing known")
    with pytest.raises(DataError, match=r"begins with b'\\x00"):
        load_file(tmp_path / "x")
    (tmp_path / "good").write_bytes(file_with())
    load_file(tmp_path / "good")


def test_duplicates_are_counted(tiny_data: Dataset) -> None:
    assert find_duplicates(tiny_data) == Duplicates(0, 0, 0, 0)
    images, labels = tiny_data.train.images.copy(), tiny_data.train.labels
    first, second, other_class = *np.flatnonzero(labels == 0)[:2], np.flatnonzero(labels == 1)[0]
    images[[second, other_class]] = images[first]
    other = tiny_data.test.images.copy()
    label = tiny_data.test.labels[0]
    other[0] = tiny_data.val.images[np.flatnonzero(tiny_data.val.labels == label)[0]]
    twice = Dataset(
        Split(images, labels),
        tiny_data.val,
        Split(other, tiny_data.test.labels),
        tiny_data.class_names,
        "twice",
        "made",
        "0" * 64,
        synthetic=True,
    )
    assert find_duplicates(twice) == Duplicates(2, 5, 1, 1)


def test_of_the_photographs_as_published(photographs: Path) -> None:
    assert find_duplicates(load_file(photographs)) == Duplicates(18, 36, 7, 13)
