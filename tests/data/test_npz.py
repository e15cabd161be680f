"""The reader of the course's format: every spelling it takes, every bad file it refuses."""

import hashlib
import tracemalloc
import zipfile
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from npz_files import BAD, SIZES, Arrays, file_with, full_disk, small_arrays
from refusal import assert_refused

from experiments.cli.errors import DataError
from experiments.data.dataset import SPLITS, Split
from experiments.data.load import load_file
from experiments.data.save import save_npz
from experiments.data_command import main


@pytest.mark.parametrize(("content", "complaint"), BAD.values(), ids=BAD)
def test_bad_file_is_refused(
    content: Callable[[], bytes],
    complaint: str,
    here: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    (here / "bad.npz").write_bytes(content())
    line = assert_refused(main, ["info", "bad.npz"], capsys)
    assert line.startswith("hw1-data: error: bad.npz: ")
    assert complaint in line
    assert "expected" in line
    assert ";" in line, "no remedy"


@pytest.mark.parametrize(
    "path",
    ["nowhere.npz", ".", "", "/dev/null", "a\0b", "x" * 5000, "file/inside"],
    ids=["missing", "folder", "blank", "device", "null byte", "too long", "file as folder"],
)
def test_bad_path_is_refused(path: str, here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    Path("file").touch()
    if len(path) > 1000:
        with pytest.raises(DataError, match="too long"):
            load_file(Path(path))
    else:
        assert "check the path" in assert_refused(main, ["info", path], capsys)


def test_a_file_of_3_gigabytes_is_not_read(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with Path("huge.npz").open("wb") as file:
        file.truncate(3 * 2**30)  # a hole: it takes no room on the disk
    assert "got 3,221,225,472 bytes" in assert_refused(main, ["info", "huge.npz"], capsys)


def test_a_terminal_is_not_controlled_by_file_names(
    here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    Path("\x1b[2J.npz").write_bytes(b"?")
    assert "\\x1b[2J.npz" in assert_refused(main, ["info", "\x1b[2J.npz"], capsys)


@pytest.mark.parametrize("method", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED])
@pytest.mark.parametrize("shape", [(-1,), (-1, 1)], ids=["n", "n,1"])
@pytest.mark.parametrize("dtype", ["u1", "<i4", "<i8", ">i8", "<u8", ">u2"])
def test_all_spellings_of_labels(
    method: int, shape: tuple[int, ...], dtype: str, tmp_path: Path
) -> None:
    arrays = small_arrays()
    spelled = {
        name: array.astype(dtype).reshape(shape)
        for name, array in arrays.items()
        if name.endswith("labels")
    }
    path = tmp_path / "good.npz"
    path.write_bytes(file_with(method, **spelled))
    contents = load_file(path)
    assert contents.sha256 == hashlib.sha256(path.read_bytes()).hexdigest()
    assert not contents.synthetic
    for split in SPLITS:
        read = contents.splits[split]
        assert read.images.dtype == np.uint8
        assert read.labels.dtype == np.int64
        np.testing.assert_array_equal(read.images, arrays[f"{split}_images"])
        np.testing.assert_array_equal(read.labels, arrays[f"{split}_labels"][:, 0])


@pytest.mark.parametrize("save", [np.savez, np.savez_compressed])
def test_files_that_numpy_wrote(save: Callable[..., None], tmp_path: Path) -> None:
    save(tmp_path / "numpy.npz", **small_arrays())
    data = load_file(tmp_path / "numpy.npz")
    assert [len(split) for split in data.splits.values()] == list(SIZES.values())


def peak_of_loading(path: Path) -> int:
    """The most bytes that Python held at once meanwhile."""
    tracemalloc.start()
    try:
        load_file(path)
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


def test_other_entries_are_never_decompressed(tmp_path: Path) -> None:
    content = file_with(
        zipfile.ZIP_DEFLATED, bomb=np.zeros(2**25, np.uint8), objects=np.array([{}])
    )
    (tmp_path / "more.npz").write_bytes(content)
    assert peak_of_loading(tmp_path / "more.npz") < 2**23


def test_no_second_copy_in_memory(tmp_path: Path) -> None:
    n = 2000
    images = np.random.default_rng(0).integers(0, 256, (n, 48, 48, 3), dtype=np.uint8)
    np.savez(
        tmp_path / "big.npz",
        **small_arrays() | {"test_images": images, "test_labels": np.zeros(n, int)},
    )
    assert images.nbytes < peak_of_loading(tmp_path / "big.npz") < images.nbytes + 2**22


def splits_of(arrays: Arrays) -> dict[str, Split]:
    return {s: Split(arrays[f"{s}_images"], arrays[f"{s}_labels"][:, 0]) for s in SPLITS}


def test_saved_files_are_equal_bytes_and_any_reader_reads_them(tmp_path: Path) -> None:
    arrays = small_arrays()
    splits = splits_of(arrays)
    for name in ("a.npz", "b.npz"):
        save_npz(splits, tmp_path / name, synthetic=True)
    assert (tmp_path / "a.npz").read_bytes() == (tmp_path / "b.npz").read_bytes()
    assert load_file(tmp_path / "a.npz").synthetic
    with np.load(tmp_path / "a.npz", allow_pickle=False) as numpy_reads:
        assert sorted(numpy_reads) == sorted([*arrays, "synthetic"])
        for name, array in arrays.items():
            np.testing.assert_array_equal(numpy_reads[name], array)


def test_a_failed_save_leaves_the_old_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "data.npz"
    path.write_bytes(b"old")
    monkeypatch.setattr(np.lib.format, "write_array", full_disk)
    with pytest.raises(DataError, match="No space left"):
        save_npz(splits_of(small_arrays()), path)
    assert [p.name for p in tmp_path.iterdir()] == ["data.npz"]
    assert path.read_bytes() == b"old"
