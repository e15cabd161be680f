"""Read the course's `.npz` from bytes that nobody vouches for; `entries` says what is checked.

Pickles are never loaded, and entries that the format does not know are never touched.
"""

import hashlib
import io
import os
import stat
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

from experiments.cli.errors import DataError, reason
from experiments.cli.text import printable
from experiments.data.dataset import SPLITS, Split
from experiments.data.npz.entries import AGAIN, HEADER_ROOM, Entry, RefusedError, checked_entries
from experiments.data.npz.other_files import about_file, about_folder

MAX_BYTES = 2**30
"""What the arrays of one file may need in memory: nine times the course's data set."""

PIECE = 2**20
"""The most bytes that are read at once."""

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


class PiecewiseFile(io.BufferedReader):
    """A file that is never read in one gulp: a forged directory cannot fill the memory."""

    def read(self, size: int | None = -1, /) -> bytes:
        """Read up to `size` bytes, or all that are left; never more than 1 MiB."""
        wanted = PIECE + 1 if size is None or size < 0 else min(size, PIECE + 1)
        data = super().read(wanted)
        if len(data) > PIECE:
            raise zipfile.BadZipFile("zip directory of more than 1 MiB")
        return data


class OpenedNpz(NamedTuple):
    """A file in the course's format whose directory and headers have been checked.

    It holds, for each split, `<split>_images`, uint8 `[n, h, w, ch]` or `[n, h, w]`, and
    `<split>_labels`, integers of any type, `[n]` or `[n, 1]`. It may give `class_names`, texts
    `[c]`; files written by this project may also say whether they are `synthetic`, a bool `[]`.

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
        with self.archive.open(entry.info) as member, warnings.catch_warnings(action="ignore"):
            array = np.lib.format.read_array(member, max_header_size=HEADER_ROOM)
        return array.reshape(entry.shape)

    def labels(self, split: str) -> NDArray[np.int64]:
        """Return the labels of a split, `[n]`."""
        return self.array(f"{split}_labels").astype(np.int64)

    def splits(self) -> dict[str, Split]:
        """Return the splits train, val, test; peak memory is theirs and a few MiB."""
        return {name: Split(self.array(f"{name}_images"), self.labels(name)) for name in SPLITS}

    def blocks(self, split: str, rows: int) -> Iterator[Split]:
        """Give a split's examples, so many at a time, each time new arrays; check the CRC."""
        entry, labels = self.entries[f"{split}_images"], self.labels(split)
        n, *shape = entry.shape
        with self.archive.open(entry.info) as member:
            member.read(entry.offset)
            for start in range(0, n, rows):
                block = np.empty((min(rows, n - start), *shape), np.uint8)
                rest = block.reshape(-1).data
                while rest:
                    piece = member.read(min(PIECE, len(rest)))
                    if not piece:
                        raise EOFError(f"{entry.info.filename} ends early")
                    rest[: len(piece)] = piece
                    rest = rest[len(piece) :]
                yield Split(block, labels[start : start + rows])

    @property
    def class_names(self) -> tuple[str, ...] | None:
        """The names of the labels; None where the file gives none, as the course's."""
        if "class_names" not in self.entries:
            return None
        return tuple(printable(name) for name in self.array("class_names").tolist())

    @property
    def synthetic(self) -> bool:
        """Whether the file says that its images were drawn."""
        return "synthetic" in self.entries and bool(self.array("synthetic"))


@contextmanager
def opened_npz(path: Path, max_bytes: int = MAX_BYTES) -> Iterator[OpenedNpz]:
    """Open a file in the course's format whose arrays come to `max_bytes` at most.

    Raises:
        DataError: the file is missing, unreadable, damaged, a bomb, or not in this format; found
            at once, or by the end of the block that reads it.
    """
    try:
        with _open(path) as file:
            _check_start(file, 2 * max_bytes)
            digest = hashlib.file_digest(file, "sha256").hexdigest()
            with zipfile.ZipFile(file) as archive:
                yield OpenedNpz(archive, checked_entries(archive, max_bytes), digest)
            return
    except RefusedError as refusal:
        message = str(refusal)
    except MemoryError:
        message = "got too little memory for its images, expected room for all; free some"
    except _DAMAGE as error:
        message = f"got a damaged file ({printable(error)}), expected a whole .npz; {AGAIN}"
    raise DataError(f"{printable(path)}: {message}")


def _open(path: Path) -> PiecewiseFile:
    expected = "expected a file in the course's .npz format; check the path"
    try:
        # Asked before opening, which would wait for ever on a pipe.
        mode = path.stat().st_mode
        if stat.S_ISDIR(mode):
            raise RefusedError(about_folder(path) or f"got a directory, {expected}")
        if not stat.S_ISREG(mode):
            raise RefusedError(f"got no regular file, {expected}")
        return PiecewiseFile(io.FileIO(path))
    except FileNotFoundError:
        raise RefusedError(f"got no such file, {expected}") from None
    except (OSError, ValueError) as error:  # ValueError: a null byte in the path
        raise RefusedError(f"got an unreadable path ({reason(error)}), {expected}") from None


def _check_start(file: PiecewiseFile, max_bytes: int) -> None:
    """Refuse what is no archive at all, which zipfile would only call damaged."""
    size, magic = os.fstat(file.fileno()).st_size, file.read(512)
    file.seek(0)
    if size == 0:
        raise RefusedError(f"got an empty file, expected an .npz; {AGAIN}")
    if size > max_bytes:
        raise RefusedError(f"got {size:,} bytes, expected at most {max_bytes:,}; check the path")
    if magic[:4] not in (b"PK\x03\x04", b"PK\x05\x06"):
        begins = f"got a file that begins with {magic[:4]!r}, expected an .npz; {AGAIN}"
        raise RefusedError(about_file(magic) or begins)
