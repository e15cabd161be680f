"""A file appears whole or not at all."""

import errno
import os
import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import BinaryIO

import pytest

from experiments.files.atomic_write import atomic_write, remove_dead_parts, remove_parts_of
from experiments.files.new_name import make_new_file


def test_nobody_sees_a_half_written_file(tmp_path: Path) -> None:
    path = tmp_path / "result"
    path.write_bytes(b"old")
    with atomic_write(path) as file:
        file.write(b"new and ")
        file.flush()
        assert path.read_bytes() == b"old"
        assert Path(file.name).read_bytes() == b"new and "
        file.write(b"whole")
    assert path.read_bytes() == b"new and whole"
    assert list(tmp_path.iterdir()) == [path]


def _write_half_and_raise(file: BinaryIO, error: type[BaseException]) -> None:
    file.write(b"half of the ")
    file.flush()
    raise error


@pytest.mark.parametrize("error", [OSError, KeyboardInterrupt, SystemExit, MemoryError])
def test_a_failure_leaves_what_was(error: type[BaseException], tmp_path: Path) -> None:
    path = tmp_path / "result"
    path.write_bytes(b"old")
    with pytest.raises(error), atomic_write(path) as file:
        _write_half_and_raise(file, error)
    assert path.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [path]


def test_a_failing_disk_leaves_what_was(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", fail)
    with pytest.raises(OSError, match="No space left"), atomic_write(tmp_path / "result") as file:
        file.write(b"all of it")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    "path", ["no/folder", "file/inside", "folder", "null\0", "a" * 300], ids=repr
)
def test_a_path_that_cannot_be_written(path: str, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    (tmp_path / "folder").mkdir()
    with pytest.raises(OSError), atomic_write(tmp_path / path):  # noqa: PT011
        pass
    assert sorted(p.name for p in tmp_path.iterdir()) == ["file", "folder"]


def test_others_may_read_it_as_they_may_any_file(tmp_path: Path) -> None:
    (tmp_path / "usual").touch()
    with atomic_write(tmp_path / "result"):
        pass
    modes = {stat.S_IMODE((tmp_path / name).stat().st_mode) for name in ("usual", "result")}
    assert len(modes) == 1


def test_what_a_killed_process_left_of_a_file_is_removed(tmp_path: Path) -> None:
    """And nothing that is being written, of another name, or not ours."""
    path = tmp_path / "data[1].npz"
    left = tmp_path / ".data[1].npz.0123456789abcdef.part"
    others = [tmp_path / ".other.npz.0123456789abcdef.part", tmp_path / ".data[1].npz.part"]
    for file in (left, *others):
        file.touch()
    with atomic_write(path) as written:
        remove_parts_of(path)
        assert Path(written.name).exists()
        assert not left.exists()
        written.write(b"whole")
    assert path.read_bytes() == b"whole"
    assert sorted(tmp_path.iterdir()) == sorted([path, *others])


def test_what_killed_processes_left_in_a_folder_is_removed(tmp_path: Path) -> None:
    """And nothing that is being written, nor another program's."""
    left, foreign = tmp_path / ".loss.png.0123456789abcdef.part", tmp_path / ".film.part"
    for file in (left, foreign):
        file.touch()
    with atomic_write(tmp_path / "loss.png") as written:
        remove_dead_parts(tmp_path)
        assert Path(written.name).exists()
    assert sorted(tmp_path.iterdir()) == sorted([foreign, tmp_path / "loss.png"])


def test_a_folder_that_can_be_written_alone(tmp_path: Path, monkeypatch) -> None:
    def refused(path: Path, _flags: int) -> int:
        raise PermissionError(errno.EACCES, "Permission denied", str(path))

    monkeypatch.setattr(os, "open", refused)
    with atomic_write(tmp_path / "result") as file:
        file.write(b"whole")
    assert (tmp_path / "result").read_bytes() == b"whole"


def test_a_new_name_is_given_once(tmp_path: Path) -> None:
    with ThreadPoolExecutor(8) as threads:
        names = list(threads.map(lambda _: make_new_file(tmp_path / "a.png"), range(40)))
    assert len(set(names)) == 40
    assert {name.name for name in names} >= {"a.png", "a-2.png", "a-40.png"}
