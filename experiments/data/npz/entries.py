"""The entries of an `.npz` from bytes that nobody vouches for, checked before they are acted upon.

An `.npz` is a zip archive of `.npy` members. First the zip directory is checked, then the header of
every member, and only then is anything decompressed. Pickles are never loaded, and entries that the
course's format does not know are never touched.
"""

import hashlib
import io
import math
import struct
import warnings
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from experiments.cli.commands import DataError
from experiments.cli.text import printable
from experiments.data.dataset import MAX_CLASSES, SPLITS, is_image_shape
from experiments.data.npz.other_files import about_entries
from experiments.data.npz.untrusted import AGAIN, PIECE, PiecewiseFile, RefusedError, open_archive

_OPTIONAL = ("synthetic", "class_names")
_MAX_NAME_LETTERS = 64
_HEADER_ROOM = 4096
_BOMB_BYTES, _BOMB_RATIO = 2**24, 200

# What zipfile, zlib and the operating system raise at damaged bytes (NotImplementedError and
# UnicodeDecodeError, which zipfile raises too, are a RuntimeError and a ValueError).
_DAMAGE = (
    zipfile.BadZipFile,
    zlib.error,
    struct.error,
    EOFError,
    OSError,
    OverflowError,
    RuntimeError,
    ValueError,
)


class Entry(NamedTuple):
    """A member of the archive whose directory entry and header have been checked."""

    info: zipfile.ZipInfo
    offset: int  # of the array's first byte in the member
    shape: tuple[int, ...]
    dtype: np.dtype[Any]


class OpenedNpz(NamedTuple):
    """A file in the course's format whose directory and headers have been checked.

    Attributes:
        archive: the file.
        entries: its entries that the format knows, by name.
        sha256: the hash of the file's bytes, 64 hex digits.
    """

    archive: zipfile.ZipFile
    entries: dict[str, Entry]
    sha256: str

    def array(self, name: str) -> NDArray[Any]:
        """Return an entry as a new array, its length and its CRC checked on the way."""
        entry = self.entries[name]
        flat = np.empty(entry.info.file_size - entry.offset, np.uint8)
        rest = flat.data
        with self.archive.open(entry.info) as member:
            member.read(entry.offset)
            _fill(rest, member, entry)
        return flat.view(entry.dtype).reshape(entry.shape)

    def blocks(self, name: str, rows: int) -> Iterator[NDArray[Any]]:
        """Give an entry in blocks of so many rows, the last one shorter; check its CRC by the end.

        Each block is a new array; the entry is in C order, as images are.
        """
        entry = self.entries[name]
        n, *shape = entry.shape
        with self.archive.open(entry.info) as member:
            member.read(entry.offset)
            for start in range(0, n, rows):
                block = np.empty((min(rows, n - start), *shape), entry.dtype)
                _fill(block.reshape(-1).view(np.uint8).data, member, entry)
                yield block

    @property
    def class_names(self) -> tuple[str, ...] | None:
        """The names of the labels, where the file gives them."""
        if "class_names" not in self.entries:
            return None
        return tuple(printable(name) for name in self.array("class_names").tolist())

    @property
    def synthetic(self) -> bool:
        """Whether the file says that its images were drawn."""
        return "synthetic" in self.entries and bool(self.array("synthetic"))


@contextmanager
def opened_npz(path: Path, max_bytes: int) -> Iterator[OpenedNpz]:
    """Open a file in the course's format; whatever is wrong with it ends the block as `DataError`.

    Args:
        path: the file.
        max_bytes: what its arrays may come to.

    Raises:
        DataError: the file is missing, unreadable, damaged, a bomb, or not in this format.
    """
    try:
        with open_archive(path, 2 * max_bytes) as file:
            digest = _hash(file)
            with zipfile.ZipFile(file) as archive:
                infos = _directory(archive, max_bytes)
                entries = {name: _entry(archive, name, info) for name, info in infos.items()}
                _check_entries(entries)
                yield OpenedNpz(archive, entries, digest)
            return
    except RefusedError as refusal:
        message = str(refusal)
    except MemoryError:
        message = "got too little memory for its images, expected room for all; free some"
    except _DAMAGE as error:
        message = f"got a damaged file ({printable(error)}), expected a whole .npz; {AGAIN}"
    raise DataError(f"{printable(path)}: {message}")


def _hash(file: PiecewiseFile) -> str:
    digest = hashlib.sha256()
    while piece := file.read(PIECE):
        digest.update(piece)
    return digest.hexdigest()


def _directory(archive: zipfile.ZipFile, max_bytes: int) -> dict[str, zipfile.ZipInfo]:
    """Return the entries that the format knows, by name; checked as far as the directory tells."""
    required = [f"{split}_{kind}" for split in SPLITS for kind in ("images", "labels")]
    found: dict[str, zipfile.ZipInfo] = {}
    for info in archive.infolist():
        name = info.filename.removesuffix(".npy")
        if name not in (*required, *_OPTIONAL) or name == info.filename:
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
    if missing := [name for name in required if name not in found]:
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
        start = io.BytesIO(member.read(_HEADER_ROOM))
    try:
        with warnings.catch_warnings(action="ignore"):  # of Python 2's headers, of odd literals
            version = np.lib.format.read_magic(start)
            read_header = {
                (1, 0): np.lib.format.read_array_header_1_0,
                (2, 0): np.lib.format.read_array_header_2_0,
            }[version]
            shape, fortran_order, dtype = read_header(start, max_header_size=_HEADER_ROOM)
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
    offset = start.tell()
    size = math.prod(shape) * dtype.itemsize
    if min(shape, default=0) < 0 or offset + size != info.file_size:
        raise RefusedError(
            f"{name}: got {info.file_size - offset:,} bytes for {_kind(dtype, shape)}, "
            f"expected as many as the shape says; {AGAIN}"
        )
    return Entry(info, offset, shape, dtype)


def _check_entries(entries: dict[str, Entry]) -> None:
    """Refuse shapes and types before a single image is decompressed."""
    first = entries[f"{SPLITS[0]}_images"]
    shape = with_channels(first.shape)[1:]
    for split in SPLITS:
        images, labels = entries[f"{split}_images"], entries[f"{split}_labels"]
        if images.dtype.kind == "f":
            raise RefusedError(
                f"{split}_images: got pixels as {images.dtype}, expected uint8, 0 to 255; save "
                "np.round(255 * images).astype(np.uint8), without the 255 if they go up to it"
            )
        if (
            images.dtype != np.uint8
            or with_channels(images.shape)[1:] != shape
            or not is_image_shape(shape)
        ):
            raise RefusedError(
                f"{split}_images: got {_kind(images.dtype, images.shape)} beside "
                f"{SPLITS[0]}_images' {_kind(first.dtype, first.shape)}, expected uint8 [n, "
                "height, width, 1 to 4 channels], alike in all splits (the course's: [n, 48, 48, "
                "3]); prepare the file with hw1-data prepare"
            )
        n = images.shape[0]
        if labels.dtype.kind not in "iu" or labels.shape not in ((n,), (n, 1)):
            raise RefusedError(
                f"{split}_labels: got {_kind(labels.dtype, labels.shape)}, expected integers "
                f"[{n}] or [{n}, 1], one for each image; {AGAIN}"
            )
    names = entries.get("class_names")
    if names and (
        names.dtype.kind != "U"
        or len(names.shape) != 1
        or not 2 <= names.shape[0] <= MAX_CLASSES
        or names.dtype.itemsize > 4 * _MAX_NAME_LETTERS
    ):
        raise RefusedError(
            f"class_names: got {_kind(names.dtype, names.shape)}, expected 2 to {MAX_CLASSES} "
            f"texts of at most {_MAX_NAME_LETTERS} letters; save np.array([...]) of them"
        )
    mark = entries.get("synthetic")
    if mark and (mark.dtype != np.bool_ or mark.shape != ()):
        raise RefusedError(
            f"synthetic: got {_kind(mark.dtype, mark.shape)}, expected bool []; {AGAIN}"
        )


def with_channels(shape: tuple[int, ...]) -> tuple[int, ...]:
    """Return the shape of images with their channels: one where the file has no axis for them."""
    return (*shape, 1) if len(shape) == 3 else shape


def _fill(rest: memoryview, member: Any, entry: Entry) -> None:
    while rest:
        piece = member.read(min(PIECE, len(rest)))
        if not piece:
            raise EOFError(f"{entry.info.filename} ends early")
        rest[: len(piece)] = piece
        rest = rest[len(piece) :]


def _kind(dtype: np.dtype[Any], shape: tuple[int, ...]) -> str:
    return f"{dtype!s:.40} {list(shape)!s:.60}"
