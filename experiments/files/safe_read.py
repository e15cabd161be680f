"""Read what anybody may have written: a file whole, as bytes, text or a JSON object.

A pipe would make its reader wait for ever, and a device never ends: neither is read.
"""

import codecs
import json
import stat
import zipfile
from pathlib import Path

MOST = 2**28
"""Bytes that a JSON file may have: the lines of a million epochs."""


def read_file(path: Path, most: int | None = MOST) -> bytes:
    """Return the bytes of a regular file of at most so many, None for any number.

    Raises:
        OSError, ValueError: see `check_is_file`; or it cannot be read.
    """
    check_is_file(path, most)
    return path.read_bytes()


def read_text(path: Path) -> str:
    """Return a file's text in UTF-8, or in what its byte order mark says, as Windows writes it.

    Raises:
        OSError, ValueError: see `read_file`; or it is in another encoding.
    """
    content = read_file(path)
    wide = content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    try:
        return content.decode("utf-16" if wide else "utf-8-sig")
    except UnicodeDecodeError:
        raise ValueError("got text in another encoding, expected UTF-8") from None


def read_object(path: Path) -> dict[str, object]:
    """Return the JSON object that a file holds.

    Raises:
        OSError, ValueError: see `read_file` and `parse_object`.
    """
    return parse_object(read_file(path))


def parse_object(text: bytes) -> dict[str, object]:
    """Return the JSON object that a text is.

    Raises:
        ValueError: it is something else, with a reason of a few words.
    """
    try:
        content = json.loads(text)
    except RecursionError:
        raise ValueError("nested too deeply") from None
    if not isinstance(content, dict):
        raise ValueError("no JSON object")
    return content


def check_is_file(path: Path, most: int | None = None) -> None:
    """Refuse what is no regular file, before it is opened.

    Raises:
        OSError: there is no such file.
        ValueError: it is something else than a file, or too large.
    """
    found = path.stat()
    if not stat.S_ISREG(found.st_mode):
        raise ValueError("a directory" if stat.S_ISDIR(found.st_mode) else "no regular file")
    if most is not None and found.st_size > most:
        raise ValueError(f"{found.st_size:,} bytes, at most {most:,} are read")


def is_folder(path: Path | zipfile.Path) -> bool:
    """Whether there is such a folder; of a path that is too long, `is_dir` raises an error."""
    try:
        return path.is_dir()
    except OSError:
        return False
