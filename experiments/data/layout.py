"""Where the pictures lie: the layouts of folders, unpacked or in a .zip, that people have.

    DIR/seg_train/<class>/*.jpg, DIR/seg_test/...   the public archive, its folders doubled or not
    DIR/train/<class>/*.jpg, DIR/test/...           the usual form
    DIR/<class>/*.jpg                               one folder, from which a test split is cut

A folder given too deep, such as DIR/seg_train, is understood. An archive is read where it is:
nothing is extracted, so that no name in it can reach outside.
"""

import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple, cast

from experiments.cli.errors import DataError, as_data_error, reason
from experiments.cli.text import printable
from experiments.data.dataset import CLASS_NAMES, MAX_CLASSES
from experiments.files.safe_read import is_folder

Place = Path | zipfile.Path
"""A file or folder, on the disk or in an archive."""

SUFFIXES = {".jpg", ".jpeg", ".png"}
SPLIT_FOLDERS = (("seg_train", "seg_test"), ("train", "test"), ("Train", "Test"))
EXPECTED = "give the folder, or its .zip, that holds seg_train and seg_test"


class Layout(NamedTuple):
    """The class names in label order, and the folders that hold a folder for each class.

    `test` is None where a test split has to be cut from the rest.
    """

    class_names: tuple[str, ...]
    train: Place
    test: Place | None


@contextmanager
def opened(raw: Path) -> Iterator[Place]:
    """Give a folder, or the inside of a .zip.

    Raises:
        DataError: it is a file of another kind, or the archive is damaged.
    """
    if raw.suffix.lower() != ".zip" or is_folder(raw):
        yield raw
        return
    damage = (OSError, zipfile.BadZipFile, ValueError)
    with (
        as_data_error(raw, "a whole .zip; download it again", damage),
        zipfile.ZipFile(raw) as archive,
    ):
        yield zipfile.Path(archive)


def find_layout(root: Place) -> Layout:
    """Recognise the layout of a folder.

    Raises:
        DataError: there are no folders of pictures.
    """
    inside = _folders(root)
    below = inside if len(inside) == 1 else []  # an archive often has one folder around all
    for place in (root, *_above(root), *below):
        for train, test in SPLIT_FOLDERS:
            if is_folder(place / train) or is_folder(place / test):
                inner = _undoubled(place / train, train)
                return Layout(_class_names(inner), inner, _undoubled(place / test, test))
    for place in (root, *below):
        if len(_with_pictures(place)) > 1:
            return Layout(_class_names(place), place, None)
    raise DataError(
        f"{printable(root)}: got {_contents(root)}, expected a folder of pictures for each class, "
        f".jpg, .jpeg or .png; {EXPECTED}"
    )


def pictures(folder: Place) -> list[Place]:
    """List a folder's pictures by name; names that begin with a dot are an archiver's leftovers.

    Raises:
        OSError, ValueError: there is no such folder.
    """
    found = [
        place
        for place in folder.iterdir()
        if Path(place.name).suffix.lower() in SUFFIXES
        and not place.name.startswith(".")
        and place.is_file()
    ]
    return sorted(found, key=lambda place: place.name)


def _class_names(train: Place) -> tuple[str, ...]:
    """Name the course's classes where most of them are there: a missing one is noticed."""
    names = _with_pictures(train)
    if not names or sum(name in CLASS_NAMES for name in names) > len(CLASS_NAMES) // 2:
        return CLASS_NAMES
    if not 2 <= len(names) <= MAX_CLASSES:
        got = "one folder" if len(names) == 1 else f"{len(names)} folders"
        raise DataError(
            f"{printable(train)}: got {got} of pictures, expected one for each of 2 to "
            f"{MAX_CLASSES} classes; {EXPECTED}"
        )
    if unusual := [name for name in names if name != printable(name)[:64]]:
        raise DataError(
            f"{printable(train)}: got a folder called {printable(unusual[0])!r:.90}, expected at "
            "most 64 letters that can be printed; rename it"
        )
    return tuple(names)


def left_out(layout: Layout) -> list[str]:
    """Return the folders of pictures that are no class, and those beside train and test, in order.

    A validation split is one of the latter: it is drawn from the training images instead.
    """
    places = [place for place in (layout.train, layout.test) if place is not None]
    found = {name for place in places for name in _with_pictures(place)} - {*layout.class_names}
    if layout.test is not None:
        around = cast("Place", layout.train.parent)
        beside = [folder for folder in _folders(around) if _with_pictures(folder)]
        found |= {folder.name for folder in beside} - {place.name for place in places}
    return [printable(name) for name in sorted(found)]


def _above(root: Place) -> Iterator[Path]:
    """Give the folders around one that was given too deep, as its own name tells."""
    names = {name for pair in SPLIT_FOLDERS for name in pair}
    if isinstance(root, Path):
        place = root.absolute()
        while place.name in names:
            place = place.parent
            yield place


def _with_pictures(place: Place) -> list[str]:
    return sorted(folder.name for folder in _folders(place) if pictures(folder))


def _folders(place: Place) -> list[Place]:
    try:
        return [inner for inner in place.iterdir() if inner.is_dir() and inner.name[0] != "."]
    except (OSError, ValueError):
        return []


def _undoubled(place: Place, name: str) -> Place:
    return place / name if is_folder(place / name) else place


def _contents(root: Place) -> str:
    try:
        names = sorted(place.name for place in root.iterdir())
    except (OSError, ValueError) as error:
        return reason(error)
    return printable(", ".join(names[:6]))[:100] or "an empty folder"
