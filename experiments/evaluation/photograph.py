"""One's own photographs as the models see them: 48x48, as the data were prepared."""

import warnings
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageOps

from experiments.cli.commands import DataError
from experiments.cli.data_source import printable
from experiments.data.dataset import IMAGE_SHAPE
from experiments.data.prepare import MAX_PIXELS, _to_rgb
from experiments.files.safe_read import check_is_file

# EPS is a program, run by Ghostscript; the others are only read.
_NOT_READ = {"EPS"}


def read_photograph(path: Path) -> NDArray[np.uint8]:
    """Decode a photograph, cut the largest square from its middle, scale it to 48x48.

    Scaled by Lanczos, as `experiments.data.prepare` does; a square photograph gives the same
    pixels. It is turned upright first, as its tag says: cameras turn photographs by the tag alone.

    Returns:
        uint8 `[48, 48, 3]`.

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
            square = _to_rgb(upright.crop(middle_square(*upright.size)))
            small = square.resize(IMAGE_SHAPE[:2], Image.Resampling.LANCZOS)
            return np.asarray(small)
    except Exception as error:  # a decoder raises what it likes at bytes that are no image
        reason = getattr(error, "strerror", None) or str(error).replace(f"'{path}'", "")
        raise DataError(
            f"{printable(path)}: got what Pillow cannot read ({printable(reason)[:120]}), expected "
            f"a photograph of at most {MAX_PIXELS:,} pixels; save it as JPEG or PNG, or smaller"
        ) from None


def middle_square(width: int, height: int) -> tuple[int, int, int, int]:
    """Return the largest square in the middle of an image: left, upper, right and lower edge."""
    side = min(width, height)
    left, upper = (width - side) // 2, (height - side) // 2
    return left, upper, left + side, upper + side
