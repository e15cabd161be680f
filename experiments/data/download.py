"""Fetch the course's file, which counts as fetched once it has been opened and found good."""

import hashlib
import shutil
import warnings
from pathlib import Path
from typing import BinaryIO

from experiments.cli.console import progress_bar
from experiments.cli.errors import DataError, as_data_error, reason
from experiments.cli.text import one_line, printable
from experiments.data.load import load_file
from experiments.files.atomic_write import atomic_write, remove_parts_of
from experiments.files.cache import cache_folder

DRIVE_ID = "16AzJIrmra4qWdY7wU9N1ew4bwadmNt4j"
DRIVE_PAGE = f"https://drive.google.com/file/d/{DRIVE_ID}"
DRIVE_URL = f"https://drive.google.com/uc?id={DRIVE_ID}"

MAX_DOWNLOAD = 2**29
"""The course's arrays are 118 MB; four times that is somebody else's file."""

_TIMEOUTS = 20, 60  # seconds to connect, and between two bytes


def download(url: str | None = None, out: Path | None = None) -> Path:
    """Download a file in the course's format unless it is there already, and return its path.

    It is written beside its destination, opened and validated, and only then moved into place.

    Args:
        url: where to download from; None for the course's file on Google Drive.
        out: where to; None for the cache. A good file there is left as it is.

    Raises:
        DataError: the server refuses, breaks off, sends too much or something else than the data,
            or the file cannot be written; nothing is left behind. `out` exists and is not the data.
    """
    path = out or _cached(url)
    if path.exists():
        try:
            load_file(path)
        except DataError as error:
            if out:
                raise DataError(f"{error}; or delete it to download it") from None
        else:
            return path
    page = url or DRIVE_PAGE
    with as_data_error(path, "a folder with room for the data; choose another with -o"):
        if not out:
            path.parent.mkdir(parents=True, exist_ok=True)
        remove_parts_of(path)
        free = shutil.disk_usage(path.parent).free
        try:
            with atomic_write(path) as file:
                _fetch(url or DRIVE_URL, file, free)
                file.flush()
                _check(Path(file.name))
        except DataError as error:
            raise DataError(
                f"{printable(page)}: {error}; open {page} in a browser, save the file and pass it "
                "with --data"
            ) from None
    return path


def _cached(url: str | None) -> Path:
    # Each address has its own name: what another server sent never passes for the course's file.
    name = hashlib.sha256(url.encode()).hexdigest()[:16] if url else DRIVE_ID
    try:
        return cache_folder() / f"download-{name}.npz"
    except OSError as error:
        raise DataError(f"cache: got {error}; or choose a file with -o") from None


def _fetch(url: str, file: BinaryIO, free: int) -> None:
    """Stream `url` into `file`, on whose disk so many bytes are free."""
    import gdown

    with progress_bar(desc="downloading", unit="B", unit_scale=True) as bar:

        def progress(received: int, announced: int | None) -> None:
            bar.total = announced
            bar.update(received - bar.n)
            size = max(received, announced or 0)
            if size > MAX_DOWNLOAD:
                raise DataError(f"got more than {MAX_DOWNLOAD:,} bytes, expected the course's file")
            if size > free:
                raise DataError(
                    f"got {free:,} bytes of free disk, expected {size:,}; make room, or name a "
                    "place with more by -o"
                )

        try:
            with warnings.catch_warnings(action="ignore"):
                gdown.download(
                    url, file, quiet=True, use_cookies=False, timeout=_TIMEOUTS, progress=progress
                )
        except DataError:
            raise
        except Exception as error:
            # gdown takes Drive's pages apart with asserts and look-ups that fail as they like.
            why = one_line(reason(_first(error)))[:160] or type(error).__name__
            raise DataError(f"got no file ({why}), expected the course's file") from None


def _first(error: BaseException) -> BaseException:
    """Return what a failed connection began with; the errors made of it repeat the address."""
    if isinstance(error, OSError):
        while error.__context__ is not None:
            error = error.__context__
    return error


def _check(path: Path) -> None:
    try:
        load_file(path)
    except DataError as error:
        # The name of the temporary file would send the reader after what is gone by then.
        refused = str(error).replace(printable(path), "it").split(";")[0]
        raise DataError(f"got a file that is not the data ({refused})") from None
