"""Images of every mode, scaled as the course's were."""

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from experiments.data.load import load_file
from experiments.data.prepare import prepare, read_image


def picture(size: tuple[int, int]) -> Image.Image:
    pixels = np.random.default_rng(1).integers(0, 256, (size[1] // 10, size[0] // 10, 3))
    return Image.fromarray(pixels.astype(np.uint8)).resize(size)


GREEN = (40, 160, 90)


def solid(mode: str) -> Image.Image:
    return Image.new("RGB", (70, 40), GREEN).convert(mode)


@pytest.mark.parametrize("suffix", ["jpg", "png"])
def test_scaled_by_lanczos(suffix: str, tmp_path: Path) -> None:
    path = tmp_path / f"image.{suffix}"
    picture((150, 113)).save(path)
    expected = np.asarray(
        Image.open(path).convert("RGB").resize((48, 48), Image.Resampling.LANCZOS)
    )
    np.testing.assert_array_equal(read_image(path), expected)
    for other in (Image.Resampling.BILINEAR, Image.Resampling.BICUBIC, Image.Resampling.BOX):
        wrong = np.asarray(Image.open(path).convert("RGB").resize((48, 48), other))
        assert (wrong != expected).any()


@pytest.mark.parametrize(
    ("mode", "suffix", "tolerance"),
    [
        ("RGB", "jpg", 2),
        ("CMYK", "jpg", 3),
        ("YCbCr", "jpg", 3),
        ("RGB", "png", 0),
        ("RGBA", "png", 0),
        ("P", "png", 40),
    ],
)
def test_colour_modes(mode: str, suffix: str, tolerance: int, tmp_path: Path) -> None:
    path = tmp_path / f"image.{suffix}"
    solid(mode).save(path)
    difference = read_image(path).astype(int) - GREEN
    assert np.abs(difference).max() <= tolerance


@pytest.mark.parametrize("mode", ["L", "LA", "1", "I;16"])
def test_grey_modes(mode: str, tmp_path: Path) -> None:
    if mode == "I;16":
        image = Image.fromarray(np.full((40, 70), 128 * 257, np.uint16))
    else:
        image = Image.new(mode, (70, 40), 1 if mode == "1" else (128, 7)[: len(mode)])
    image.save(tmp_path / "grey.png")
    grey = read_image(tmp_path / "grey.png")
    assert (grey == (255 if mode == "1" else 128)).all()


def test_transparency_in_a_palette(tmp_path: Path) -> None:
    solid("P").save(tmp_path / "image.png", transparency=b"\x00\x80")
    assert read_image(tmp_path / "image.png").shape == (48, 48, 3)


def test_orientation_and_colour_profile_are_ignored(tmp_path: Path) -> None:
    image, exif = picture((60, 50)), Image.Exif()
    exif[0x0112] = 6  # to be shown rotated
    image.save(tmp_path / "plain.png")
    image.save(tmp_path / "tagged.png", exif=exif, icc_profile=b"\x00" * 200)
    np.testing.assert_array_equal(
        read_image(tmp_path / "plain.png"), read_image(tmp_path / "tagged.png")
    )


def test_the_archives_own_files(photographs: Path) -> None:
    """Each of the original files gives the very pixels of one of the prepared photographs."""
    sample = photographs.parent / "raw_sample"
    if not sample.is_dir():
        pytest.skip("there are no original files beside the photographs' file")
    known = {i.tobytes() for split in load_file(photographs).splits.values() for i in split.images}
    prepared = prepare(sample, 42).splits
    assert all(image.tobytes() in known for split in prepared.values() for image in split.images)
