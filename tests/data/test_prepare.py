"""From folders of JPEGs to the course's format."""

import io
import struct
import zlib
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image
from refusal import assert_refused

from experiments.data.dataset import CLASS_NAMES
from experiments.data.load import load_file
from experiments.data.prepare import VAL_SHARE, list_examples, prepare, read_image, split_counts
from experiments.data_command import main


def picture(seed: int, size: tuple[int, int] = (60, 50)) -> Image.Image:
    pixels = np.random.default_rng(seed).integers(0, 256, (size[1] // 10, size[0] // 10, 3))
    return Image.fromarray(pixels.astype(np.uint8)).resize(size)


def archive(root: Path, per_class: int = 5, *, doubled: bool = False) -> Path:
    """Folders like the public archive's, of `per_class` training and 2 test images per class."""
    for name, n in (("seg_train", per_class), ("seg_test", 2)):
        for label, class_name in enumerate(CLASS_NAMES):
            folder = root / name / (name if doubled else "") / class_name
            folder.mkdir(parents=True)
            for i in range(n):
                picture(100 * label + i + 50 * (name == "seg_test")).save(folder / f"{i}.jpg")
    return root


@pytest.fixture
def raw(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return archive(tmp_path / "raw")


def test_one_file_from_many(raw: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["prepare", "raw", "-o", "small.npz"]) == 0
    printed = capsys.readouterr()
    assert ["all", "24", "6", "12", "42"] in map(str.split, printed.out.splitlines())
    assert printed.err == ""
    data = load_file(Path("small.npz"))
    assert not data.synthetic
    for name, n in (("train", 4), ("val", 1), ("test", 2)):
        assert np.bincount(data.splits[name].labels).tolist() == [n] * 6
    # Every image is where its label says, and none is in two splits.
    originals = {
        read_image(example.path).tobytes(): example.label
        for folder in ("seg_train", "seg_test")
        for example in list_examples(raw / folder, CLASS_NAMES)
    }
    stored = {
        image.tobytes(): label
        for split in data.splits.values()
        for image, label in zip(split.images, split.labels, strict=True)
    }
    assert stored == originals


def test_doubled_folders_and_odd_files(raw: Path, tmp_path: Path) -> None:
    doubled = archive(tmp_path / "doubled", doubled=True)
    sea = doubled / "seg_train" / "seg_train" / "sea"
    (sea / "0.jpg").rename(sea / "0.JPEG")
    (sea / "1.jpg").rename(sea / "1.Jpg")
    for ignored in ("Thumbs.db", "._2.jpg", "notes.txt"):
        (sea / ignored).write_bytes(b"no image")
    (sea / "folder.jpg").mkdir()
    (doubled / "seg_train" / "seg_train" / "desert").mkdir()
    plain, odd = prepare(raw, 42).splits, prepare(doubled, 42).splits
    for name in plain:
        np.testing.assert_array_equal(plain[name].images, odd[name].images)


def test_the_seed_decides_the_split(raw: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for name, seed in (("a", "1"), ("b", "1"), ("c", "2")):
        assert main(["prepare", "raw", "-o", f"{name}.npz", "--seed", seed]) == 0
    assert Path("a.npz").read_bytes() == Path("b.npz").read_bytes()
    assert Path("a.npz").read_bytes() != Path("c.npz").read_bytes()


def test_files_are_read_in_the_order_of_their_names(raw: Path, tmp_path: Path) -> None:
    folder = raw / "seg_train" / "sea"
    content = {path.name: path.read_bytes() for path in folder.iterdir()}
    before = [path for path, _ in list_examples(raw / "seg_train", CLASS_NAMES)]
    for path in list(folder.iterdir()):
        path.unlink()
    for name in sorted(content, reverse=True):
        (folder / name).write_bytes(content[name])
    assert [path for path, _ in list_examples(raw / "seg_train", CLASS_NAMES)] == before


def test_an_existing_file_is_kept_unless_forced(
    raw: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    Path("old.npz").write_bytes(b"precious")
    line = assert_refused(main, ["prepare", "raw", "-o", "old.npz"], capsys, code=2)
    assert "--force" in line
    assert Path("old.npz").read_bytes() == b"precious"
    assert main(["prepare", "raw", "-o", "old.npz", "--force"]) == 0
    assert len(load_file(Path("old.npz")).train) == 24


# What cannot be prepared.


def jpeg() -> bytes:
    stream = io.BytesIO()
    picture(1).save(stream, "JPEG")
    return stream.getvalue()


def png_claiming(width: int, height: int) -> bytes:
    header = b"IHDR" + struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    chunk = struct.pack(">I", 13) + header + struct.pack(">I", zlib.crc32(header))
    return b"\x89PNG\r\n\x1a\n" + chunk + struct.pack(">I", 5) + b"IDATx\x9c\x03\x00\x00"


def gif() -> bytes:
    stream = io.BytesIO()
    picture(1).save(stream, "GIF")
    return stream.getvalue()


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"no image",
        jpeg()[: len(jpeg()) // 2],
        jpeg()[:20],
        b"\x89PNG\r\n\x1a\n",
        gif(),
        png_claiming(8000, 7000),
        png_claiming(60000, 60000),
    ],
    ids=[
        "empty",
        "text",
        "half a JPEG",
        "start of a JPEG",
        "start of a PNG",
        "another format",
        "56 million pixels",
        "3.6 billion pixels",
    ],
)
def test_undecodable_file_is_named(
    content: bytes, raw: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (raw / "seg_train" / "sea" / "3.jpg").write_bytes(content)
    line = assert_refused(main, ["prepare", "raw", "-o", "new.npz"], capsys)
    assert "raw/seg_train/sea/3.jpg: " in line
    assert "<_io" not in line
    assert "expected a JPEG or PNG image; replace or delete the file" in line


def remove(path: str) -> Callable[[Path], None]:
    def change(raw: Path) -> None:
        for file in sorted((raw / path).rglob("*"), reverse=True):
            file.rmdir() if file.is_dir() else file.unlink()
        (raw / path).rmdir()

    return change


def empty_sea(raw: Path) -> None:
    for file in (raw / "seg_test" / "sea").iterdir():
        file.unlink()


def sea_is_a_file(raw: Path) -> None:
    remove("seg_train/sea")(raw)
    (raw / "seg_train" / "sea").touch()


@pytest.mark.parametrize(
    ("change", "complaint"),
    [
        (remove("."), "raw: got No such file or directory"),
        (remove("seg_test"), "raw/seg_test/buildings: got No such file or directory"),
        (remove("seg_train/sea"), "raw/seg_train/sea: got No such file or directory"),
        (sea_is_a_file, "raw/seg_train/sea: got Not a directory"),
        (empty_sea, "raw/seg_test/sea: got no .jpg, .jpeg or .png file"),
    ],
    ids=["nothing", "no test folder", "no sea", "sea is a file", "empty sea"],
)
def test_incomplete_archive_is_refused(
    change: Callable[[Path], None],
    complaint: str,
    raw: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    change(raw)
    assert complaint in assert_refused(main, ["prepare", "raw", "-o", "new.npz"], capsys)


def test_single_images_cannot_be_split(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    archive(tmp_path / "raw", per_class=1)
    line = assert_refused(main, ["prepare", "raw", "-o", "new.npz"], capsys)
    assert "no image for the val split" in line


@pytest.mark.parametrize(
    ("counts", "expected"),
    [
        ((2191, 2271, 2404, 2512, 2274, 2382), (219, 227, 241, 251, 228, 238)),
        ((10, 10, 10, 10, 10, 10), (1, 1, 1, 1, 1, 1)),
        ((1, 2, 3, 10, 20, 100), (0, 1, 1, 1, 2, 10)),
        ((5, 5, 5, 5, 5, 5), (1, 1, 1, 1, 1, 1)),
        ((1, 1, 1, 1, 1, 1), (0, 0, 0, 0, 0, 0)),
    ],
)
def test_split_counts(counts: tuple[int, ...], expected: tuple[int, ...]) -> None:
    assert tuple(split_counts(np.array(counts))) == expected


@given(st.lists(st.integers(0, 4000), min_size=6, max_size=6))
def test_val_counts_are_proportional(counts: list[int]) -> None:
    shares = split_counts(np.array(counts))
    for n, share in zip(counts, shares, strict=True):
        assert abs(share - n * VAL_SHARE) <= 1
        assert share >= (n > 1)
        assert share < max(n, 1)
    if min(counts) >= 20:
        assert sum(shares) == round(sum(counts) * VAL_SHARE)
