"""One's own photographs as the models see them; what is none is named as a person would."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from experiments.cli.errors import DataError
from experiments.data.prepare import read_image
from experiments.evaluation.photograph import read_photograph
from experiments.evaluation.prediction import known_for


def noise(height: int, width: int) -> Image.Image:
    pixels = np.random.default_rng(1).integers(0, 256, (height, width, 3))
    return Image.fromarray(pixels.astype(np.uint8))


@pytest.mark.parametrize("suffix", ["png", "bmp", "gif", "webp", "tiff", "jpg"])
def test_a_square_is_read_as_in_the_data(suffix: str, tmp_path: Path) -> None:
    path = tmp_path / f"square.{suffix}"
    noise(90, 90).save(path)
    found = read_photograph(path)
    assert found.shape == (48, 48, 3)
    if suffix in ("png", "jpg"):
        np.testing.assert_array_equal(found, read_image(path))


def test_the_middle_is_kept(tmp_path: Path) -> None:
    wide, middle = np.asarray(noise(60, 100)), tmp_path / "middle.png"
    Image.fromarray(wide).save(tmp_path / "wide.png")
    Image.fromarray(wide[:, 20:80]).save(middle)
    found = read_photograph(tmp_path / "wide.png")
    np.testing.assert_array_equal(found, read_image(middle))
    assert (found != read_image(tmp_path / "wide.png")).any()  # squeezed it would be another


def test_turned_upright(tmp_path: Path) -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    noise(60, 60).save(tmp_path / "tagged.png", exif=exif)
    noise(60, 60).rotate(-90).save(tmp_path / "turned.png")
    noise(60, 60).save(tmp_path / "plain.png")
    found = read_photograph(tmp_path / "tagged.png")
    np.testing.assert_array_equal(found, read_image(tmp_path / "turned.png"))
    assert (found != read_image(tmp_path / "plain.png")).any()


@pytest.mark.parametrize(("mode", "white"), [("I;16", 65_535), ("I", 65_535), ("I", 255), ("F", 1)])
def test_grey_of_any_depth(mode: str, white: float, tmp_path: Path) -> None:
    grey = np.tile(np.linspace(0, 1, 48), (48, 1))
    depth = {"I;16": np.uint16, "I": np.int32, "F": np.float32}[mode]
    Image.fromarray((white * grey).astype(depth)).save(tmp_path / "grey.tif")
    with Image.open(tmp_path / "grey.tif") as image:
        assert image.mode == mode
    found = read_photograph(tmp_path / "grey.tif").astype(float)
    assert np.abs(found - 255 * grey[:, :, None]).max() <= 1


def heic(path: Path) -> None:
    path.write_bytes(b"\0\0\0\x18ftypheic\0\0\0\0")


def cut(path: Path) -> None:
    noise(90, 90).save(path.with_suffix(".jpg"))
    path.write_bytes(path.with_suffix(".jpg").read_bytes()[:900])


UNREADABLE: dict[str, tuple[Callable[[Path], object], str]] = {
    "a folder": (Path.mkdir, "a directory"),
    "empty": (Path.touch, "an empty file"),
    "HEIC": (heic, "a HEIC"),
    "cut": (cut, "an image that ends early"),
    "text": (lambda path: path.write_text("hello"), "a file that is no image"),
    "EPS": (lambda path: path.write_bytes(b"%!PS-Adobe-3.0 EPSF-3.0\n"), "a file that is no image"),
    "too large": (lambda path: Image.new("1", (8000, 8000)).save(path, "PNG"), "8000x8000 pixels"),
    "not there": (lambda _path: None, "No such file"),
}


@pytest.mark.parametrize(("make", "said"), UNREADABLE.values(), ids=UNREADABLE)
def test_what_is_no_photograph_is_named(
    make: Callable[[Path], object], said: str, tmp_path: Path
) -> None:
    make(tmp_path / "bad")
    with pytest.raises(DataError, match=f"bad: got {said}"):
        read_photograph(tmp_path / "bad")


def test_known_for() -> None:
    counts = np.array([[6, 1], [2, 1]])
    assert known_for(counts, 0, ("sea", "street")) == (
        "when it says sea it is right 75 % of the time (8 test images); else street 25 %"
    )
    assert "75 %" not in known_for(counts.T, 0, ("sea", "street"))
    assert "never" in known_for(np.array([[0, 1], [0, 1]]), 0, ("sea", "street"))
