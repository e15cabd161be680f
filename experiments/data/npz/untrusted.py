"""Open a file that nobody vouches for, in a way that it cannot turn against the reader."""

import io
import os
import stat
import zipfile
from pathlib import Path

from experiments.data.npz.other_files import about_file, about_folder

PIECE = 2**20
"""The most that is read at once."""

AGAIN = "download or prepare the file again"
"""The remedy for damage."""


class RefusedError(Exception):
    """Why a file is refused, without its name: value, expectation and remedy."""


class PiecewiseFile(io.BufferedReader):
    """A file that is never read in one gulp: a forged directory cannot fill the memory."""

    def read(self, size: int | None = -1, /) -> bytes:
        """Read up to `size` bytes, or all that are left; never more than 1 MiB."""
        wanted = PIECE + 1 if size is None or size < 0 else min(size, PIECE + 1)
        data = super().read(wanted)
        if len(data) > PIECE:
            raise zipfile.BadZipFile("zip directory of more than 1 MiB")
        return data


def open_archive(path: Path, max_bytes: int) -> PiecewiseFile:
    """Open a zip archive for reading.

    Args:
        path: the file.
        max_bytes: the most that it may have.

    Raises:
        RefusedError: there is no file, it is no regular one or not readable, too large, empty, or
            no archive at all, which zipfile would only call damaged.
    """
    file = _open(path)
    try:
        _check_start(file, max_bytes)
    except BaseException:
        file.close()
        raise
    return file


def _open(path: Path) -> PiecewiseFile:
    expected = "expected a file in the course's .npz format; check the path"
    try:
        # Asked before opening, which would wait for ever on a pipe.
        mode = path.stat().st_mode
        if stat.S_ISDIR(mode) and (known := about_folder(path)):
            raise RefusedError(known)
        if not stat.S_ISREG(mode):
            kind = "a directory" if stat.S_ISDIR(mode) else "no regular file"
            raise RefusedError(f"got {kind}, {expected}")
        return PiecewiseFile(io.FileIO(path))
    except FileNotFoundError:
        raise RefusedError(f"got no such file, {expected}") from None
    except (OSError, ValueError) as error:  # ValueError: a null byte in the path
        reason = error.strerror if isinstance(error, OSError) else error
        raise RefusedError(f"got an unreadable path ({reason}), {expected}") from None


def _check_start(file: PiecewiseFile, max_bytes: int) -> None:
    size, magic = os.fstat(file.fileno()).st_size, file.read(512)
    file.seek(0)
    if size == 0:
        raise RefusedError(f"got an empty file, expected an .npz; {AGAIN}")
    if size > max_bytes:
        raise RefusedError(f"got {size:,} bytes, expected at most {max_bytes:,}; check the path")
    if magic[:4] not in (b"PK\x03\x04", b"PK\x05\x06"):
        begins = f"got a file that begins with {magic[:4]!r}, expected an .npz; {AGAIN}"
        raise RefusedError(about_file(magic) or begins)
