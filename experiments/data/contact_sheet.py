"""A picture of a data set: a row of images for each class."""

from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw, ImageFont

from experiments.cli.errors import as_data_error
from experiments.data.channels import shown
from experiments.data.dataset import Dataset
from experiments.files.atomic_write import atomic_write

COLUMNS = 10

_TILE = 96
"""Pixels of an image's longer side, about: it is enlarged by a whole factor."""
_GAP = 6
_MIN_ROW = 76  # what the class's name and count need
_MARGIN = 28
_TITLE = 84
_LABEL = 152
_PAPER, _INK, _FAINT = "#FAF9F6", "#202428", "#70747A"


def contact_sheet(data: Dataset) -> Image.Image:
    """Draw up to ten training images of each class, evenly spaced through the file, a row a class.

    The title says so if the images are synthetic.
    """
    n_rows = len(data.class_names)
    rows, columns, _ = data.image_shape
    scale = max(1, _TILE // max(rows, columns))
    tile = (columns * scale, rows * scale)
    step = max(tile[1], _MIN_ROW) + _GAP
    width = 2 * _MARGIN + _LABEL + COLUMNS * (tile[0] + _GAP) - _GAP
    height = 2 * _MARGIN + _TITLE + n_rows * step - _GAP
    sheet = Image.new("RGB", (width, height), _PAPER)
    draw = ImageDraw.Draw(sheet)
    total = sum(len(split) for split in data.splits.values())
    kind = "synthetic: drawn, not photographed" if data.synthetic else f"{columns} x {rows} pixels"
    _write(draw, _MARGIN, data.name, 30, _INK)
    _write(draw, _MARGIN + 42, f"{total:,} images, {kind}", 17, _FAINT)
    for label, name in enumerate(data.class_names):
        top = _MARGIN + _TITLE + label * step
        members = np.flatnonzero(data.train.labels == label)
        _write(draw, top + 24, f"{label}  {name}", 19, _INK)
        _write(draw, top + 52, f"{len(members):,} to train on", 14, _FAINT)
        drawn = np.linspace(0, len(members) - 1, min(COLUMNS, len(members))).astype(int)
        for column, index in enumerate(members[drawn]):
            # Enlarged without smoothing: these are the pixels that a model sees.
            picture = Image.fromarray(shown(data.train.images[index])).resize(
                tile, Image.Resampling.NEAREST
            )
            sheet.paste(picture, (_MARGIN + _LABEL + column * (tile[0] + _GAP), top))
    return sheet


def save_contact_sheet(data: Dataset, path: Path) -> None:
    """Write the contact sheet as a PNG file, whole or not at all.

    Raises:
        DataError: the folder or the disk does not take it.
    """
    place = "a place for the contact sheet; choose another with --sheet or none with --no-sheet"
    with as_data_error(path, place), atomic_write(path) as file:
        contact_sheet(data).save(file, "PNG")


def _write(draw: ImageDraw.ImageDraw, y: int, text: str, size: int, ink: str) -> None:
    draw.text((_MARGIN, y), text, fill=ink, font=ImageFont.load_default(size))
