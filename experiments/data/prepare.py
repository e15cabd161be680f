"""From folders of pictures to one file in the course's format."""

import io
import re
import warnings
from collections.abc import Callable, Sequence
from itertools import compress
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from experiments.cli.console import progress_bar
from experiments.cli.errors import DataError, as_data_error
from experiments.cli.text import printable
from experiments.data.dataset import COURSE_SHAPE, Split
from experiments.data.layout import EXPECTED, Place, find_layout, left_out, opened, pictures

VAL_SHARE = 1404 / 14034
"""The course's share of the training folder that became its validation split."""

MAX_PIXELS = 50_000_000

TEST_SHARE = 3000 / 17034
"""The course's share of all images that is its test split, where none is given."""

_MAX_FILE_BYTES = 50_000_000
_FORMATS = ("JPEG", "PNG")  # fewer decoders for forged files to choose from


class Example(NamedTuple):
    """A picture and its class number."""

    path: Place
    label: int


class Prepared(NamedTuple):
    """The splits, the class names in label order, and notes for whoever gave the pictures."""

    splits: dict[str, Split]
    class_names: tuple[str, ...]
    notes: list[str]


def prepare(raw: Path, seed: int) -> Prepared:
    """Read folders of pictures, split them, and scale every picture to 48x48.

    Args:
        raw: a folder or a .zip, see `experiments.data.layout`.
        seed: decides which training images become the validation split, and the order of each
            split. The same files and seed give the same arrays.

    Returns:
        The splits: val has 1,404 of 14,034 training images, in proportion to the classes, or the
        same share of fewer.

    Raises:
        DataError: a folder is missing or empty, or a file is no image.
    """
    rng = np.random.default_rng(seed)
    notes = []
    with opened(raw) as root:
        names, train_folder, test_folder = layout = find_layout(root)
        if others := left_out(layout):
            notes.append(
                f"left out: {', '.join(others)[:200]}, "
                f"no folder{'s' * (len(others) > 1)} of the {len(names)} classes to train on"
            )
        rest = list_examples(train_folder, names)
        if test_folder is not None:
            test = list_examples(test_folder, names)
        else:
            rest, test = split_off(rest, rng, TEST_SHARE)
            notes.append(f"no test folder: {len(test):,} of the pictures become the test split")
        train, val = split_off(rest, rng)
        splits = {"train": train, "val": val, "test": test}
        for name, examples in splits.items():
            if not examples:
                raise DataError(
                    f"{printable(raw)}: got no image for the {name} split, expected at least one "
                    "(two training images of a class, or more); use a complete archive"
                )
            # Whoever takes the first thousand gets every class.
            splits[name] = [examples[i] for i in rng.permutation(len(examples))]
        total = sum(map(len, splits.values()))
        with progress_bar(total=total, desc="preparing", unit="file") as bar:
            read = {name: _read_split(examples, bar.update) for name, examples in splits.items()}
        return Prepared(read, names, notes)


def list_examples(folder: Place, class_names: Sequence[str]) -> list[Example]:
    """List the pictures of a folder, class by class and by name within a class.

    Raises:
        DataError: one of the classes is missing or has no pictures.
    """
    examples = []
    for label, name in enumerate(class_names):
        wanted = f"a folder of JPEG or PNG images; {EXPECTED}"
        with as_data_error(folder / name, wanted, (OSError, ValueError)):  # a null byte
            places = pictures(folder / name)
        if not places:
            raise DataError(
                f"{printable(folder / name)}: got no .jpg, .jpeg or .png file, expected at least "
                "one; unpack the archive again"
            )
        examples += [Example(place, label) for place in places]
    return examples


def split_off(
    examples: list[Example], rng: np.random.Generator, share: float = VAL_SHARE
) -> tuple[list[Example], list[Example]]:
    """Split a share of the examples off, to validate or to test on, drawn class by class.

    Returns:
        What remains, and what was split off.
    """
    labels = np.array([example.label for example in examples])
    wanted = split_counts(np.bincount(labels), share)
    chosen = np.zeros(len(labels), bool)
    for label, n in enumerate(wanted):
        chosen[rng.permutation(np.flatnonzero(labels == label))[:n]] = True
    return list(compress(examples, ~chosen)), list(compress(examples, chosen))


def split_counts(counts: NDArray[np.int64], share: float = VAL_SHARE) -> NDArray[np.int64]:
    """Return how many of each class's examples `[n_classes]` to split off, `[n_classes]`.

    The total is that share of all examples, rounded, and is dealt out by largest remainder;
    then each class of two or more gets one at least and keeps one at least.
    """
    quotas = counts * share
    shares = np.floor(quotas).astype(np.int64)
    left = round(float(quotas.sum())) - int(shares.sum())
    # Stable, so that equal remainders are settled by class number and not by the sort's whims.
    shares[np.argsort(shares - quotas, kind="stable")[:left]] += 1
    spare = np.maximum(counts - 1, 0)
    return np.clip(shares, np.minimum(1, spare), spare)


def _read_split(examples: Sequence[Example], advance: Callable[[], object]) -> Split:
    images = np.empty((len(examples), *COURSE_SHAPE), np.uint8)
    for image, example in zip(images, examples, strict=True):
        image[:] = read_image(example.path)
        advance()
    return Split(images, np.array([example.label for example in examples], np.int64))


def read_image(path: Place) -> NDArray[np.uint8]:
    """Decode an image of any mode and size and scale it to 48x48.

    Its colour profile, orientation tag and transparency are ignored, as the usual loaders do, and
    its proportions are not kept. The filter is Pillow's Lanczos, the one that comes closest to the
    course's file; JPEGs are decoded at full size, since decoding them smaller gives other pixels.

    Returns:
        uint8 `[48, 48, 3]`.

    Raises:
        DataError: it is no image, is cut short, or has more than 50 million pixels.
    """
    try:
        with path.open("rb") as file:
            content = io.BytesIO(file.read(_MAX_FILE_BYTES + 1))
        if content.getbuffer().nbytes > _MAX_FILE_BYTES:
            raise ValueError(f"more than {_MAX_FILE_BYTES:,} bytes")
        with (
            warnings.catch_warnings(action="ignore"),
            Image.open(content, formats=_FORMATS) as image,
        ):
            if image.width * image.height > MAX_PIXELS:
                raise ValueError(f"{image.width}x{image.height} pixels, more than {MAX_PIXELS:,}")
            small = to_rgb(image).resize(COURSE_SHAPE[:2], Image.Resampling.LANCZOS)
            return np.asarray(small)
    except Exception as error:
        # A decoder raises what it likes at bytes that are no image, SyntaxError among it.
        reason = getattr(error, "strerror", None) or re.sub("<_io.*>", "it", str(error))
        raise DataError(
            f"{printable(path)}: got what Pillow cannot decode ({printable(reason)}), expected a "
            "JPEG or PNG image; replace or delete the file"
        ) from None


def to_rgb(image: Image.Image) -> Image.Image:
    """Return a picture in red, green and blue of 8 bits each, whatever it was stored as."""
    if image.mode.startswith(("I", "F")):
        # Grey of more than 8 bits, which `convert` would cut off at 255 instead of scaling. What
        # white is, only 16 bits say; other files hold shares, bytes or 16 bits in wider numbers.
        grey = np.nan_to_num(np.asarray(image, np.float64))
        most = grey.max(initial=0.0)
        narrow = not image.mode.startswith("I;16")
        white = 1.0 if narrow and most <= 1 else 255.0 if narrow and most <= 255 else 65_535.0
        image = Image.fromarray((255 * grey / white).clip(0, 255).round().astype(np.uint8))
    return image.convert("RGB")
