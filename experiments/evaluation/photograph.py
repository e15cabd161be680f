"""One's own photographs as the models see them: as small as the images they learned from."""

import warnings
from contextlib import suppress
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageOps, UnidentifiedImageError

from experiments.cli.errors import DataError
from experiments.cli.text import printable
from experiments.data.channels import with_channels
from experiments.data.dataset import COURSE_SHAPE
from experiments.data.prepare import MAX_PIXELS, to_rgb
from experiments.files.safe_read import check_is_file

# EPS is a program, run by Ghostscript; the others are only read.
_NOT_READ = {"EPS"}


def read_photograph(path: Path, shape: tuple[int, int, int] = COURSE_SHAPE) -> NDArray[np.uint8]:
    """Decode a photograph, cut the largest piece of that form from its middle, and scale it.

    Scaled by Lanczos, as `experiments.data.prepare` does; a square photograph gives the same
    pixels. It is turned upright first, as its tag says: cameras turn photographs by the tag alone.

    Returns:
        uint8 `[h, w, ch]` of this shape.

    Raises:
        DataError: it is missing, damaged, of no format that Pillow reads, or larger than 50 million
            pixels.
    """
    Image.init()
    formats = [name for name in Image.OPEN if name not in _NOT_READ]
    try:
        check_is_file(path)
        with warnings.catch_warnings(action="ignore"), Image.open(path, formats=formats) as image:
            if image.width * image.height > MAX_PIXELS:
                raise ValueError(f"{image.width}x{image.height} pixels, more than {MAX_PIXELS:,}")
            upright = ImageOps.exif_transpose(image)
            height, width, channels = shape
            piece = to_rgb(upright.crop(middle_piece(*upright.size, width / height)))
            small = piece.resize((width, height), Image.Resampling.LANCZOS)
            return with_channels(small, channels)
    except Exception as error:  # a decoder raises what it likes at bytes that are no image
        raise DataError(
            f"{printable(path)}: got {_why(path, error)}, expected a photograph; save it as JPEG "
            "or PNG and try again"
        ) from None


def _why(path: Path, error: Exception) -> str:
    """Name what is wrong with a file, as a person would."""
    reason = getattr(error, "strerror", None) or str(error).replace(f"'{path}'", "it")
    start = b""
    with suppress(OSError, ValueError):
        check_is_file(path)
        with path.open("rb") as file:
            start = file.read(16)
        if not start:
            return "an empty file"
    if start[4:8] == b"ftyp":
        return "a HEIC, AVIF or video file, which Pillow does not read"
    if "truncated" in reason or "broken" in reason.lower() or isinstance(error, EOFError):
        return "an image that ends early, as a broken download does"
    if isinstance(error, UnidentifiedImageError):
        return "a file that is no image"
    return printable(reason)[:120]


def middle_piece(width: int, height: int, ratio: float = 1.0) -> tuple[int, int, int, int]:
    """Return the largest piece of that form in the middle: left, upper, right, lower."""
    wide, high = min(width, round(height * ratio)), min(height, round(width / ratio))
    wide, high = max(wide, 1), max(high, 1)
    left, upper = (width - wide) // 2, (height - high) // 2
    return left, upper, left + wide, upper + high
