"""One process at a time on a folder: a locked file that names the process.

The operating system holds the lock and drops it when the process ends, however it ends. What a
dead process leaves is the file with its number, which locks nothing.
"""

import contextlib
import os
import re
import stat
import sys
import time
from collections.abc import Iterator
from pathlib import Path

from experiments.cli.errors import RunFolderError

if sys.platform == "win32":
    import msvcrt

    # A locked byte cannot be read by others on Windows: this one lies far behind the number.
    _BYTE = 1 << 20

    def _try_lock(descriptor: int) -> None:
        os.lseek(descriptor, _BYTE, os.SEEK_SET)
        msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
        os.lseek(descriptor, 0, os.SEEK_SET)

else:
    import fcntl

    def _try_lock(descriptor: int) -> None:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)


# A link is not followed: what it names, elsewhere, would be emptied.
_OF_THE_FOLDER = getattr(os, "O_NOFOLLOW", 0)
_PAUSE = 0.1


class FolderLock:
    """The lock on a folder, held from `acquire` to `release`.

    Attributes:
        path: the lock's file.
    """

    def __init__(self, folder: Path) -> None:
        self.path = folder / "lock"
        self._descriptor: int | None = None

    def acquire(self, patience: float = 0.0) -> None:
        """Lock the folder for this process.

        Args:
            patience: seconds to wait for a process that holds the lock.

        Raises:
            RunFolderError: another process holds the lock, or the file is somebody else's.
            OSError: the file cannot be made.
        """
        until = time.monotonic() + patience
        while self._descriptor is None:
            descriptor = os.open(self.path, os.O_RDWR | os.O_CREAT | _OF_THE_FOLDER, 0o644)
            try:
                _try_lock(descriptor)
                # Between open and lock its owner may have removed the file: what was locked then
                # lies in no folder, and the next process would lock another file.
                if self._is_there(descriptor):
                    is_file = stat.S_ISREG(os.fstat(descriptor).st_mode)  # a pipe is read for ever
                    if not (is_file and re.fullmatch(rb"\d*\n?", os.read(descriptor, 20))):
                        raise RunFolderError(
                            f"{self.path}: got a file that is not a lock of ours, expected none; "
                            "move it away or name another folder"
                        )
                    os.ftruncate(descriptor, 0)
                    os.lseek(descriptor, 0, os.SEEK_SET)
                    os.write(descriptor, f"{os.getpid()}\n".encode())
                    self._descriptor = descriptor
            except (BlockingIOError, PermissionError):
                if time.monotonic() >= until:
                    raise RunFolderError(
                        f"{self.path.parent}: got a folder that {_owner(descriptor)} is writing "
                        "to, expected a free one; wait for that process or end it, then start again"
                    ) from None
                time.sleep(_PAUSE)
            finally:
                if self._descriptor is None:
                    os.close(descriptor)

    def release(self) -> None:
        """Remove the file and give the lock back; nothing happens where it is not held."""
        if self._descriptor is None:
            return
        with contextlib.suppress(OSError):  # Windows removes no open file
            self.path.unlink()
        os.close(self._descriptor)
        self._descriptor = None
        if sys.platform == "win32":
            with contextlib.suppress(OSError):  # not if another process has it open by now
                self.path.unlink()

    @contextlib.contextmanager
    def held(self, patience: float = 0.0) -> Iterator[None]:
        """Hold the lock for the length of a block; see `acquire`."""
        self.acquire(patience)
        try:
            yield
        finally:
            self.release()

    def _is_there(self, descriptor: int) -> bool:
        try:
            return os.path.samestat(os.fstat(descriptor), self.path.stat())
        except FileNotFoundError:
            return False


def _owner(descriptor: int) -> str:
    """Return the process that the lock's file names."""
    try:
        pid = os.read(descriptor, 20).decode().strip()
    except (OSError, UnicodeDecodeError):
        pid = ""
    return f"process {pid}" if pid.isdecimal() else "another process"
