"""The lock on a folder: one process at a time, and nobody else's file is touched."""

import os
from pathlib import Path

import pytest

from experiments.cli.errors import RunFolderError
from experiments.environment.lock import FolderLock


def test_a_locked_folder_names_its_owner_and_a_dead_ones_lock_is_none(tmp_path: Path) -> None:
    (tmp_path / "lock").write_text("999999\n")  # left by a process that was killed
    first, second = FolderLock(tmp_path), FolderLock(tmp_path)
    first.acquire()
    with pytest.raises(RunFolderError, match=f"process {os.getpid()} .*end it"):
        second.acquire()
    first.release()
    second.acquire()
    second.release()
    assert not list(tmp_path.iterdir())


def test_a_lock_that_is_a_link_is_not_followed(tmp_path: Path) -> None:
    """What it names would be emptied to hold the process's number."""
    elsewhere = tmp_path / "elsewhere"
    elsewhere.write_text("precious")
    folder = tmp_path / "run"
    folder.mkdir()
    (folder / "lock").symlink_to(elsewhere)
    with pytest.raises(OSError, match="symbolic"):
        FolderLock(folder).acquire()
    assert elsewhere.read_text() == "precious"


@pytest.mark.parametrize("text", ["thesis", "12345 words", "\n12345", "\0" * 9])
def test_a_lock_of_somebody_else_is_not_emptied(text: str, tmp_path: Path) -> None:
    (tmp_path / "lock").write_text(text)
    with pytest.raises(RunFolderError, match="not a lock of ours"):
        FolderLock(tmp_path).acquire()
    assert (tmp_path / "lock").read_text() == text


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="has no named pipes")
def test_a_pipe_in_the_locks_place_is_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "lock")
    with pytest.raises(RunFolderError, match="not a lock of ours"):
        FolderLock(tmp_path).acquire()
