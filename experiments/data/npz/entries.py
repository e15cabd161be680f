"""The entries of an `.npz`, checked before they are acted upon.

An `.npz` is a zip archive of `.npy` members. First the zip directory is checked, then the header of
every member that the format knows, and only then is anything decompressed.
"""

import io
import math
import warnings
import zipfile
from typing import Any, NamedTuple

import numpy as np

from experiments.cli.text import printable
from experiments.data.dataset import MAX_CLASSES, SPLITS, is_image_shape
from experiments.data.npz.other_files import about_entries, as_images, as_labels

AGAIN = "download or prepare the file again"
"""The remedy for damage."""
HEADER_ROOM = 4096
"""Bytes that the header of an array may have."""

_REQUIRED = [f"{split}_{kind}" for split in SPLITS for kind in ("images", "labels")]
_OPTIONAL = ("synthetic", "class_names")
_MAX_NAME_LETTERS = 64
_BOMB_BYTES, _BOMB_RATIO = 2**24, 200


class RefusedError(Exception):
    """Why a file is refused, without its name: value, expectation and remedy."""


class Entry(NamedTuple):
    """A member of the archive whose directory entry and header have been checked."""

    info: zipfile.ZipInfo
    offset: int  # of the array's first byte in the member
    shape: tuple[int, ...]
    dtype: np.dtype[Any]

    def __str__(self) -> str:
        return f"{self.dtype!s:.40} {list(self.shape)!s:.60}"


def checked_entries(archive: zipfile.ZipFile, max_bytes: int) -> dict[str, Entry]:
    """Return the entries that the format knows, by name; images as `[n, h, w, ch]`, labels `[n]`.

    Raises:
        RefusedError: one is missing, forged, of another shape or type, or they are too large.
    """
    infos = _directory(archive, max_bytes)
    entries = {name: _entry(archive, name, info) for name, info in infos.items()}
    first = entries[f"{SPLITS[0]}_images"]
    for split in SPLITS:
        images, labels = f"{split}_images", f"{split}_labels"
        shape = _check_images(images, entries[images], first)
        _check_labels(labels, entries[labels], shape[0])
        entries[images] = entries[images]._replace(shape=shape)
        entries[labels] = entries[labels]._replace(shape=shape[:1])
    _check_optional(entries.get("class_names"), entries.get("synthetic"))
    return entries


def _directory(archive: zipfile.ZipFile, max_bytes: int) -> dict[str, zipfile.ZipInfo]:
    """Return the entries that the format knows, by name; checked as far as the directory tells."""
    found: dict[str, zipfile.ZipInfo] = {}
    for info in archive.infolist():
        name = info.filename.removesuffix(".npy")
        if name not in (*_REQUIRED, *_OPTIONAL) or name == info.filename:
            continue
        if name in found:
            raise RefusedError(f"got {name} twice, expected it once; {AGAIN}")
        if info.flag_bits & 1 or info.compress_type not in (
            zipfile.ZIP_STORED,
            zipfile.ZIP_DEFLATED,
        ):
            raise RefusedError(
                f"{name}: got an encrypted or unusually compressed entry, expected it stored or "
                f"deflated as NumPy does; {AGAIN}"
            )
        if info.file_size > max(_BOMB_BYTES, _BOMB_RATIO * info.compress_size):
            raise RefusedError(
                f"{name}: got {info.file_size:,} bytes compressed to {info.compress_size:,}, "
                f"expected at most {_BOMB_RATIO}:1; this is no file of images, {AGAIN}"
            )
        found[name] = info
    if missing := [name for name in _REQUIRED if name not in found]:
        names = [printable(info.filename)[:40] for info in archive.infolist()]
        got = ", ".join(names[:8])[:200] or "nothing"
        known = None if found else about_entries(names)
        raise RefusedError(
            known or f"got {got}, expected an entry {missing[0]}.npy as well; {AGAIN}"
        )
    total = sum(info.file_size for info in found.values())
    if total > max_bytes:
        raise RefusedError(
            f"got {total:,} bytes of arrays, expected at most {max_bytes:,}; {AGAIN}"
        )
    return found


def _entry(archive: zipfile.ZipFile, name: str, info: zipfile.ZipInfo) -> Entry:
    """Return the entry `name` with what its header says, which has to fit its size exactly."""
    with archive.open(info) as member:
        start = io.BytesIO(member.read(HEADER_ROOM))
    try:
        with warnings.catch_warnings(action="ignore"):  # of Python 2's headers, of odd literals
            version = np.lib.format.read_magic(start)
            read_header = {
                (1, 0): np.lib.format.read_array_header_1_0,
                (2, 0): np.lib.format.read_array_header_2_0,
            }[version]
            shape, fortran_order, dtype = read_header(start, max_header_size=HEADER_ROOM)
    except Exception:
        # The header is a Python literal, and parsing a forged one raises nearly anything, from
        # RecursionError to tokenize.TokenError. It is not evaluated, so nothing else can happen.
        raise RefusedError(f"{name}: got a damaged header, expected NumPy's; {AGAIN}") from None
    if dtype.hasobject:
        raise RefusedError(
            f"{name}: got pickled Python objects, which are never loaded, expected numbers; "
            "save plain arrays"
        )
    if fortran_order and len(shape) > 2:
        raise RefusedError(
            f"{name}: got Fortran order, expected C order; save np.ascontiguousarray"
        )
    entry = Entry(info, start.tell(), shape, dtype)
    size = math.prod(shape) * dtype.itemsize
    if min(shape, default=0) < 0 or entry.offset + size != info.file_size:
        raise RefusedError(
            f"{name}: got {info.file_size - entry.offset:,} bytes for {entry}, "
            f"expected as many as the shape says; {AGAIN}"
        )
    return entry


def _check_images(name: str, images: Entry, first: Entry) -> tuple[int, ...]:
    """Return the images' shape, one channel where the file has no axis for them."""
    if images.dtype.kind == "f":
        raise RefusedError(
            f"{name}: got pixels as {images.dtype}, expected uint8, 0 to 255; save "
            "np.round(255 * images).astype(np.uint8), without the 255 if they go up to it"
        )
    shape, as_first = (
        (*entry.shape, 1) if len(entry.shape) == 3 else entry.shape for entry in (images, first)
    )
    if images.dtype != np.uint8 or shape[1:] != as_first[1:] or not is_image_shape(shape[1:]):
        raise RefusedError(
            f"{name}: got {images} beside {SPLITS[0]}_images' {first}, expected uint8 [n, "
            "height, width, 1 to 4 channels], alike in all splits (the course's: [n, 48, 48, "
            f"3]); {as_images(images.dtype.kind, images.shape)}"
        )
    return shape


def _check_labels(name: str, labels: Entry, n: int) -> None:
    if labels.dtype.kind not in "iu" or labels.shape not in ((n,), (n, 1)):
        raise RefusedError(
            f"{name}: got {labels}, expected integers [{n}] or [{n}, 1], one for each image; "
            f"{as_labels(labels.dtype.kind, labels.shape)}"
        )


def _check_optional(names: Entry | None, mark: Entry | None) -> None:
    if names and (
        names.dtype.kind != "U"
        or len(names.shape) != 1
        or not 2 <= names.shape[0] <= MAX_CLASSES
        or names.dtype.itemsize > 4 * _MAX_NAME_LETTERS
    ):
        raise RefusedError(
            f"class_names: got {names}, expected 2 to {MAX_CLASSES} texts of at most "
            f"{_MAX_NAME_LETTERS} letters; save np.array([...]) of them"
        )
    if mark and (mark.dtype != np.bool_ or mark.shape != ()):
        raise RefusedError(f"synthetic: got {mark}, expected bool []; {AGAIN}")
