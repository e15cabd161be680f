"""Files in the course's format, good ones and ones with a single fault, as bytes."""

import io
import struct
import zipfile
from collections.abc import Callable

import numpy as np
import pytest

SIZES = {"train": 6, "val": 1, "test": 2}
Arrays = dict[str, np.ndarray]
Entries = dict[str, bytes]


def small_arrays() -> Arrays:
    rng = np.random.default_rng(0)
    arrays = {}
    for split, n in SIZES.items():
        arrays[f"{split}_images"] = rng.integers(0, 256, (n, 48, 48, 3), dtype=np.uint8)
        arrays[f"{split}_labels"] = np.arange(n)[:, None]
    return arrays


def npy(array: np.ndarray) -> bytes:
    stream = io.BytesIO()
    np.save(stream, array, allow_pickle=True)
    return stream.getvalue()


def npy_with_header(header: bytes, data: bytes = b"", version: bytes = b"\x01\x00") -> bytes:
    length = struct.pack("<H" if version == b"\x01\x00" else "<I", len(header))
    return b"\x93NUMPY" + version + length + header + data


def archive(entries: Entries, method: int = zipfile.ZIP_STORED) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", method) as target:
        for name, content in entries.items():
            target.writestr(f"{name}.npy", content)
    return stream.getvalue()


def file_with(method: int = zipfile.ZIP_STORED, **changes: np.ndarray | bytes | None) -> bytes:
    """A good file's bytes but for some entries, which are replaced, or left out where None."""
    entries: Entries = {}
    for name, value in (small_arrays() | changes).items():
        if value is not None:
            entries[name] = value if isinstance(value, bytes) else npy(value)
    return archive(entries, method)


GOOD = file_with()
DEFLATED = file_with(zipfile.ZIP_DEFLATED)


def patched(signature: bytes, offset: int, new: bytes) -> bytes:
    """The good file with a field of the zip record of `val_images` overwritten."""
    start, header = -1, 30 if signature == LOCAL else 46
    while not GOOD[start + header :].startswith(b"val_images"):
        start = GOOD.index(signature, start + 1)
    return GOOD[: start + offset] + new + GOOD[start + offset + len(new) :]


def flipped(content: bytes) -> bytes:
    """The same, but for a bit of a pixel."""
    return content[:5000] + bytes([content[5000] ^ 0x10]) + content[5001:]


def full_disk(*_: object, **__: object) -> None:
    """Stands for a function that writes."""
    raise OSError(28, "No space left on device")


def with_a_long_directory() -> bytes:
    stream = io.BytesIO(GOOD)
    with zipfile.ZipFile(stream, "a") as target:
        for i in range(20):
            entry = zipfile.ZipInfo(f"more{i}")
            entry.comment = b" " * 65_000
            target.writestr(entry, b"")
    return stream.getvalue()


def duplicated() -> bytes:
    stream = io.BytesIO(GOOD)
    with zipfile.ZipFile(stream, "a") as target, pytest.warns(UserWarning, match="Duplicate"):
        target.writestr("val_labels.npy", npy(np.zeros(1, int)))
    return stream.getvalue()


def forged_header(literal: str) -> bytes:
    return file_with(val_labels=npy_with_header(literal.encode("latin1") + b"\n", b"\x00" * 8))


IMAGES = small_arrays()["train_images"]
LABELS = small_arrays()["train_labels"]
CENTRAL, LOCAL = b"PK\x01\x02", b"PK\x03\x04"

BAD: dict[str, tuple[Callable[[], bytes], str]] = {
    # No archive, or no longer one.
    "empty": (lambda: b"", "empty file"),
    "text": (lambda: b"hello", "begins with b'hell'"),
    "archive of nothing": (lambda: archive({}), "got nothing"),
    "magic only": (lambda: b"PK\x03\x04", "damaged"),
    "first half": (lambda: GOOD[: len(GOOD) // 2], "damaged"),
    "last byte gone": (lambda: GOOD[:-1], "damaged"),
    "directory cut": (lambda: GOOD[:-60], "damaged"),
    "middle gone": (lambda: GOOD[:5000] + GOOD[9000:], "damaged"),
    "flipped pixel": (lambda: flipped(GOOD), "CRC"),
    "flipped deflated byte": (lambda: flipped(DEFLATED), "damaged"),
    "wrong checksum": (lambda: patched(CENTRAL, 16, b"\x00\x00\x00\x00"), "CRC"),
    "offset beyond the end": (lambda: patched(CENTRAL, 42, b"\xff\xff\xff\x7f"), "damaged"),
    "long directory": (with_a_long_directory, "zip directory of more than 1 MiB"),
    "other local name": (lambda: patched(LOCAL, 30, b"evil"), "damaged"),
    # Entries.
    **{
        f"no {name}": ((lambda name=name: file_with(**{name: None})), f"an entry {name}")
        for name in small_arrays()
    },
    "entry twice": (duplicated, "val_labels twice"),
    "encrypted": (lambda: patched(CENTRAL, 8, b"\x01\x00"), "encrypted"),
    "lzma": (lambda: file_with(zipfile.ZIP_LZMA), "unusually compressed"),
    "bzip2": (lambda: file_with(zipfile.ZIP_BZIP2), "unusually compressed"),
    "unknown method": (lambda: patched(CENTRAL, 10, b"\x63\x00"), "unusual"),
    "zip bomb": (
        lambda: file_with(zipfile.ZIP_DEFLATED, test_images=np.zeros((3000, 48, 48, 3), np.uint8)),
        "expected at most 200:1",
    ),
    "claims 2 GiB": (
        lambda: patched(CENTRAL, 20, b"\xf0\xff\xff\x7f" * 2),
        "bytes of arrays, expected at most 1,073,741,824",
    ),
    "claims a byte more": (
        lambda: patched(CENTRAL, 24, struct.pack("<I", 7041)),
        "got 6,913 bytes",
    ),
    # Headers.
    "pickled objects": (lambda: file_with(train_labels=np.array([{}] * 6)), "pickled"),
    "pickle, not npy": (lambda: file_with(train_labels=b"\x80\x04]\x94."), "damaged header"),
    "no header": (lambda: file_with(val_labels=b""), "damaged header"),
    "code in the header": (
        lambda: forged_header("__import__('pathlib').Path('owned').touch()"),
        "damaged header",
    ),
    "header of another type": (lambda: forged_header("[1, 2]"), "damaged header"),
    "header without a shape": (lambda: forged_header("{'descr': '<i8'}"), "damaged header"),
    "deeply nested header": (lambda: forged_header("(" * 4000), "damaged header"),
    "long chain in the header": (lambda: forged_header("-" * 3900 + "1"), "damaged header"),
    "invalid escape in the header": (lambda: forged_header(r"{'\d': 1}"), "damaged header"),
    "header of Python 2": (
        lambda: forged_header("{'descr': '<i8', 'fortran_order': False, 'shape': (2L,)}"),
        "got 8 bytes for int64 [2]",
    ),
    "header beyond the file": (
        lambda: file_with(val_labels=b"\x93NUMPY\x02\x00\xff\xff\xff\xff{"),
        "damaged header",
    ),
    "header version 9": (
        lambda: file_with(val_labels=npy_with_header(b"{}", version=b"\x09\x00")),
        "damaged header",
    ),
    "negative shape": (
        lambda: forged_header("{'descr': '<i8', 'fortran_order': False, 'shape': (-1, -1)}"),
        "int64 [-1, -1]",
    ),
    "astronomical shape": (
        lambda: forged_header(
            f"{{'descr': '<i8', 'fortran_order': False, 'shape': ({'9' * 900},)}}"
        ),
        "as many as the shape says",
    ),
    "more data than shape": (
        lambda: file_with(val_images=npy(small_arrays()["val_images"]) + b"more"),
        "got 6,916 bytes",
    ),
    "less data than shape": (
        lambda: file_with(val_images=npy(small_arrays()["val_images"])[:-1]),
        "got 6,911 bytes",
    ),
    # Shapes and types; more in tests/data/test_other_images.py.
    "images of int8": (lambda: file_with(train_images=IMAGES.astype(np.int8)), "got int8"),
    "images of 47 rows": (lambda: file_with(train_images=IMAGES[:, 1:]), "[6, 47, 48, 3]"),
    "Fortran order": (lambda: file_with(train_images=np.asfortranarray(IMAGES)), "Fortran"),
    "records": (lambda: file_with(train_labels=np.zeros(6, [("a", "i8")])), "train_labels: got"),
    "labels of bools": (lambda: file_with(train_labels=LABELS > 2), "got bool"),
    "labels too few": (lambda: file_with(train_labels=LABELS[:5]), "[5, 1]"),
    "labels too many": (lambda: file_with(val_labels=LABELS), "[6, 1]"),
    "synthetic is no bool": (lambda: file_with(synthetic=np.array([1])), "synthetic: got int64"),
    # Values.
    "label 6": (lambda: file_with(test_labels=np.array([0, 6])), "from 0 to 6, expected 0 to 5"),
    "label -1": (lambda: file_with(test_labels=np.array([-1, 0])), "from -1 to 0"),
    "label 2^64-1": (
        lambda: file_with(test_labels=np.array([0, 2**64 - 1], np.uint64)),
        "expected 0 to 5",
    ),
    "empty split": (
        lambda: file_with(val_images=IMAGES[:0], val_labels=LABELS[:0]),
        "val_images: got no images",
    ),
    "class without training examples": (
        lambda: file_with(train_labels=np.minimum(LABELS, 4)),
        "no example of street",
    ),
}
