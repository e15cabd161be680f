"""Read the arrays of an npz archive that anybody may have written."""

import zipfile
from typing import BinaryIO

import numpy as np


def read_arrays(file: BinaryIO, size: int) -> dict[str, np.ndarray]:
    """Return the arrays of an archive as `np.savez` writes it, which is not compressed.

    The archive is the rest of the file; nothing is unpacked beyond `size` bytes.

    Raises:
        OSError: it cannot be read.
        ValueError: it is something else, with a reason of a few words.
    """
    start = file.tell()
    try:
        with zipfile.ZipFile(file) as archive:
            unpacked = sum(entry.file_size for entry in archive.infolist())
        if unpacked > size:
            raise ValueError(f"{unpacked:,} bytes unpacked from {size:,}")
        file.seek(start)
        with np.load(file, allow_pickle=False) as arrays:
            found = {name: arrays[name] for name in arrays.files}
    except (OSError, ValueError):
        raise
    except Exception as error:  # damaged archives raise nearly anything
        raise ValueError(type(error).__name__) from None
    for name, array in found.items():
        if not isinstance(array, np.ndarray):  # NumPy returns bytes where they begin no array
            raise ValueError(f"{name!r:.40} is no array")
    return found
