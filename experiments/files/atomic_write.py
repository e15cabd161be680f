"""Files that are there whole or not at all."""

import contextlib
import errno
import glob
import os
import secrets
import sys
from collections.abc import Iterator
from io import BufferedRandom
from pathlib import Path

if sys.platform != "win32":  # there an open file cannot be removed anyway
    import fcntl


@contextlib.contextmanager
def atomic_write(path: Path) -> Iterator[BufferedRandom]:
    """Write a file beside `path` and move it there once it is written and on the disk.

    Whatever goes wrong, Ctrl-C included, `path` keeps its old content and nothing else is left.

    Args:
        path: the file to write or to replace; its folder exists.

    Yields:
        The open binary file to write to; its `name` is its path until it is moved.

    Raises:
        OSError: the folder or the disk does not take it.
    """
    if "\0" in str(path):
        raise OSError(errno.EINVAL, "a null character in the path")
    # A hidden name: whoever lists the folder meanwhile does not take it for a result.
    temporary = path.parent / f".{path.name[:30]}.{secrets.token_hex(8)}.part"
    try:
        with temporary.open("x+b") as file:
            with contextlib.suppress(OSError):  # a network file system without locks
                _lock(file)
            yield file
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(path)
        sync_folder(path.parent)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise


def remove_parts_of(path: Path) -> None:
    """Remove what killed processes have left of a file; what is being written is locked."""
    remove_dead_parts(path.parent, glob.escape(path.name[:30]))


def remove_dead_parts(folder: Path, name: str = "*") -> None:
    """Remove what killed processes have left in a folder, of files whose names match."""
    for part in folder.glob(f".{name}.{'[0-9a-f]' * 16}.part"):
        with contextlib.suppress(OSError), part.open("r+b") as file:
            _lock(file)
            part.unlink()


def _lock(file: BufferedRandom) -> None:
    if sys.platform != "win32":
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)


def sync_folder(folder: Path) -> None:
    """Have the disk know which files lie in a folder, so that a power cut loses none of them.

    Nothing happens where a folder cannot be opened for that.
    """
    if os.name != "posix":
        return
    # A folder may be there to be written to alone; some network file systems wait for nothing.
    with contextlib.suppress(OSError):
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
