"""Files of a run on the disk: whole, there after a power cut, errors in one line."""

import contextlib
import json
import os
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from experiments.cli.commands import RunFolderError
from experiments.files.atomic_write import atomic_write

Record = dict[str, Any]


def write_json(path: Path, content: Record) -> None:
    """Write a JSON file whole or not at all; NaN and infinity are refused."""
    with atomic_write(path) as file:
        file.write((json.dumps(content, indent=2, allow_nan=False) + "\n").encode())


def sync_folder(path: Path) -> None:
    """Have the disk know which files lie in a folder, so that a power cut loses none of them."""
    if sys.platform == "win32":  # opens no folders
        return
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def remove_parts(folder: Path) -> None:
    """Remove the files that `atomic_write` was writing when its process was killed."""
    for part in folder.glob(".*.part"):
        part.unlink(missing_ok=True)


@contextlib.contextmanager
def as_run_folder_error(path: Path) -> Iterator[None]:
    """Turn what the file system refuses into a `RunFolderError`."""
    try:
        yield
    except OSError as error:
        raise RunFolderError(
            f"{path}: cannot be written ({error.strerror or error}); make room and start again "
            "(hw1-q1 and hw1-q2 with --resume), or name another --out"
        ) from None


class Lines:
    """A file of JSON objects, one a line, each handed to the operating system as it comes."""

    def __init__(self, path: Path, records: list[Record]) -> None:
        """Begin the file with these records, whatever it held."""
        with atomic_write(path) as file:
            file.write(b"".join(map(_line, records)))
        self._file = path.open("ab", buffering=0)

    def add(self, record: Record) -> None:
        """Append one line."""
        rest = memoryview(_line(record))
        while rest:  # a disk that is nearly full takes a part
            rest = rest[self._file.write(rest) :]

    def sync(self) -> None:
        """Have every line on the disk."""
        os.fsync(self._file.fileno())

    def close(self) -> None:
        """Close the file; once is enough."""
        self._file.close()


def _line(record: Record) -> bytes:
    return json.dumps(record, allow_nan=False).encode() + b"\n"
