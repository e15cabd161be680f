"""The reader of the course's format against random damage: whatever the bytes, one `DataError`."""

import contextlib
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from npz_files import DEFLATED, GOOD, file_with, npy_with_header, small_arrays

from experiments.cli.errors import DataError
from experiments.data.dataset import SPLITS
from experiments.data.load import load_file

FUZZ = settings(
    max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


def positions(content: bytes) -> st.SearchStrategy[int]:
    """Anywhere, but half the time near the records and headers, which are few of the bytes."""
    records = [i for i in range(len(content)) if content[i : i + 2] in (b"PK", b"\x93N")]
    near = st.builds(
        lambda i, d: min(i + d, len(content) - 1), st.sampled_from(records), st.integers(0, 127)
    )
    return near | st.integers(0, len(content) - 1)


PLACES = {GOOD: positions(GOOD), DEFLATED: positions(DEFLATED)}
both_kinds = pytest.mark.parametrize("good", [GOOD, DEFLATED], ids=["stored", "deflated"])


@both_kinds
@FUZZ
@given(data=st.data())
def test_one_wrong_byte_is_refused_or_harmless(
    good: bytes, data: st.DataObject, tmp_path: Path
) -> None:
    at = data.draw(PLACES[good])
    path = tmp_path / "fuzzed.npz"
    path.write_bytes(good[:at] + bytes([data.draw(st.integers(0, 255))]) + good[at + 1 :])
    with contextlib.suppress(DataError):
        splits = load_file(path).splits
        arrays = small_arrays()
        for split in SPLITS:
            np.testing.assert_array_equal(splits[split].images, arrays[f"{split}_images"])
            np.testing.assert_array_equal(splits[split].labels, arrays[f"{split}_labels"][:, 0])


def damaged(good: bytes) -> st.SearchStrategy[bytes]:
    """`good` after up to six random edits."""
    place = PLACES[good]
    overwrite = st.builds(
        lambda at, piece: lambda c: c[:at] + piece + c[at + len(piece) :],
        place,
        st.binary(min_size=1, max_size=8),
    )
    cut = st.builds(lambda at, n: lambda c: c[:at] + c[at + n :], place, st.integers(1, 300))
    insert = st.builds(lambda at, piece: lambda c: c[:at] + piece + c[at:], place, st.binary())
    move = st.builds(
        lambda at, source: lambda c: c[:at] + c[source : source + 100] + c[at + 100 :], place, place
    )
    truncate = st.builds(lambda at: lambda c: c[:at], place)
    edit = st.one_of(overwrite, overwrite, move, cut, insert, truncate)

    def apply(edits: list) -> bytes:
        content = good
        for change in edits:
            content = change(content)
        return content

    return st.lists(edit, min_size=1, max_size=6).map(apply)


@both_kinds
@FUZZ
@given(data=st.data())
def test_no_damage_escapes(good: bytes, data: st.DataObject, tmp_path: Path) -> None:
    path = tmp_path / "fuzzed.npz"
    path.write_bytes(data.draw(damaged(good)))
    with contextlib.suppress(DataError):
        load_file(path)


@FUZZ
@given(content=st.binary(max_size=400).map(lambda tail: b"PK\x03\x04" + tail))
def test_no_noise_escapes(content: bytes, tmp_path: Path) -> None:
    path = tmp_path / "noise.npz"
    path.write_bytes(content)
    with pytest.raises(DataError, match="damaged"):
        load_file(path)


WORDS = [
    *("{", "}", "(", ")", "[", ":", ",", "'", "#", "=", "\\", "\x00", "-1", "0", "1", "1L", "..."),
    *("'descr'", "'shape'", "'fortran_order'", "True", "None", "'<i8'", "'|O'", "'V1'", "'<U9'"),
    *("lambda:0", "1e999", "0777", "'\\N{'", "b''", "{'descr':'<i8','fortran_order':False,"),
]


@FUZZ
@given(
    header=st.lists(st.sampled_from(WORDS), max_size=30).map(" ".join)
    | st.text(max_size=200).map(lambda text: text.encode("utf-8", "replace").decode("latin1"))
)
def test_no_header_escapes(header: str, tmp_path: Path) -> None:
    path = tmp_path / "fuzzed.npz"
    entry = npy_with_header(header.encode("latin1"), b"\x00" * 8)
    path.write_bytes(file_with(val_labels=entry))
    with pytest.raises(DataError, match="val_labels"):
        load_file(path)
