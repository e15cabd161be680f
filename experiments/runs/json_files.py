"""Files of a run on the disk: whole, there after a power cut, errors in one line."""

import contextlib
import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TypeVar

from experiments.cli.errors import RunFolderError, reason
from experiments.files.atomic_write import atomic_write
from experiments.files.safe_read import parse_object, read_file, read_object
from experiments.runs.records import WrongEntryError, checked

T = TypeVar("T")


def read_record(path: Path, kind: type[T]) -> T:
    """Return the record of this kind that a file of a finished run holds.

    Raises:
        RunFolderError: there is no such file, or it holds something else.
    """
    with _as_damage(path, "JSON"):
        return checked(kind, read_object(path))


def read_records(path: Path, kind: type[T]) -> list[T]:
    """Return the records that a file of a finished run holds, one a line and at least one.

    Raises:
        RunFolderError: there is no such file, or it holds something else.
    """
    with _as_damage(path, "a JSON object per line"):
        lines = read_file(path).splitlines()
        if not lines:
            raise ValueError("no epoch")
        return [checked(kind, parse_object(line)) for line in lines]


def count_records(path: Path) -> int:
    """Return how many lines a run's file has; what stands in them is not looked at.

    Raises:
        RunFolderError: there is no such file, or it cannot be read.
    """
    with _as_damage(path, "a JSON object per line"):
        return len(read_file(path).splitlines())


@contextlib.contextmanager
def _as_damage(path: Path, expected: str) -> Iterator[None]:
    try:
        yield
    except FileNotFoundError:
        raise RunFolderError(
            f"{path}: got no such file, expected the folder of a finished run; check the path"
        ) from None
    except WrongEntryError as error:
        raise RunFolderError(f"{path}: {error}; train the run again") from None
    except (OSError, ValueError) as error:
        raise RunFolderError(
            f"{path}: got a damaged file ({reason(error)}), expected {expected}; train the run "
            "again"
        ) from None


def write_json(path: Path, content: Mapping[str, object]) -> None:
    """Write a JSON file whole or not at all; NaN and infinity are refused."""
    with atomic_write(path) as file:
        file.write((json.dumps(content, indent=2, allow_nan=False) + "\n").encode())


def json_line(record: Mapping[str, object]) -> bytes:
    """Return a record as a line of JSON; NaN and infinity are refused."""
    return json.dumps(record, allow_nan=False).encode() + b"\n"
