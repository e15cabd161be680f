"""A run's state on the disk while it is trained: whole, checked by hash, the newest two kept.

`checkpoints/12.checkpoint` holds the state after epoch 12: a line with the SHA-256 of all that
follows, a line of JSON (numbers, and what has been measured so far), and arrays as an npz archive.
"""

import hashlib
import io
import json
import shutil
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import NamedTuple, TypeVar

import numpy as np

from experiments.environment.provenance import computing_libraries
from experiments.files.atomic_write import atomic_write
from experiments.files.safe_read import read_file
from experiments.runs.json_files import Record, remove_parts, sync_folder

T = TypeVar("T")

SHARE = 0.01
"""The share of a run's time that may go into checkpoints."""

FIRST_COST = 0.02
"""Seconds that one is taken to cost before one has been written."""

KEPT = 2
_FORMAT = 1


class Checkpoint(NamedTuple):
    """A state that can be continued.

    Attributes:
        epoch: how many epochs are done.
        header: what JSON can hold.
        arrays: the rest, by name.
    """

    epoch: int
    header: Record
    arrays: dict[str, np.ndarray]


class Checkpoints:
    """The checkpoints of one run's folder.

    Attributes:
        path: where they lie.
    """

    def __init__(self, folder: Path, clock: Callable[[], float] = time.perf_counter) -> None:
        self.path = folder / "checkpoints"
        self._clock = clock
        self._last, self._cost = clock(), FIRST_COST

    def due(self) -> bool:
        """Whether enough time has passed to write one without exceeding `SHARE`."""
        return (self._clock() - self._last) * SHARE >= self._cost

    def save(self, epoch: int, header: Record, arrays: Mapping[str, np.ndarray]) -> None:
        """Write the state after an epoch to the disk, and drop the third newest.

        Raises:
            OSError: it does not fit, or the folder is not writable.
        """
        began = self._clock()
        content = io.BytesIO()
        libraries = computing_libraries()
        about = {"format": _FORMAT, "epoch": epoch, "libraries": libraries, **header}
        content.write(json.dumps(about, allow_nan=False).encode() + b"\n")
        np.savez(content, allow_pickle=False, **arrays)
        if not self.path.is_dir():
            self.path.mkdir()
            sync_folder(self.path.parent)
        with atomic_write(self._file(epoch)) as file:
            file.write(hashlib.sha256(content.getbuffer()).hexdigest().encode() + b"\n")
            file.write(content.getbuffer())
        for old in self.epochs()[KEPT:]:
            self._file(old).unlink()
        self._last = self._clock()
        self._cost = self._last - began

    def epochs(self) -> list[int]:
        """The epochs of which there is a checkpoint, damaged or not; the newest first."""
        files = self.path.glob("*.checkpoint")
        return sorted((int(file.stem) for file in files if file.stem.isdecimal()), reverse=True)

    def read(self, epoch: int, unpack: Callable[[Checkpoint], T]) -> T:
        """What `unpack` makes of the checkpoint after this epoch.

        Raises:
            OSError, ValueError: there is none, it is damaged, or not what `unpack` expects.
        """
        stored = read_file(self._file(epoch), most=None)
        digest, body = stored[:64], memoryview(stored)[65:]
        if hashlib.sha256(body).hexdigest().encode() != digest or stored[64:65] != b"\n":
            raise ValueError("its bytes do not match its hash")
        content = io.BytesIO(body)
        try:
            header = json.loads(content.readline())
            if header["format"] != _FORMAT or header["epoch"] != epoch:
                raise ValueError("its header is of another format or epoch")
            _refuse_others(header["libraries"])
            with np.load(io.BytesIO(content.read()), allow_pickle=False) as archive:
                arrays = {name: archive[name] for name in archive.files}
            return unpack(Checkpoint(epoch, header, arrays))
        except (KeyError, TypeError) as error:
            raise ValueError(f"something is missing in it: {error}") from None

    def newest(self, unpack: Callable[[Checkpoint], T], say: Callable[[str], None]) -> T | None:
        """What `unpack` makes of the newest usable checkpoint, None if there is none.

        Args:
            unpack: may raise ValueError, KeyError or TypeError where it cannot use one.
            say: gets a line about each that is passed over.
        """
        for epoch in self.epochs():
            try:
                return self.read(epoch, unpack)
            except (OSError, ValueError) as error:
                say(f"{self._file(epoch)}: not used, {error}")
        return None

    def remove(self) -> None:
        """Remove all of them, and their folder."""
        shutil.rmtree(self.path, ignore_errors=True)

    def clean(self) -> None:
        """Remove what a killed process has left half-written."""
        remove_parts(self.path)

    def _file(self, epoch: int) -> Path:
        return self.path / f"{epoch}.checkpoint"


def _refuse_others(libraries: dict[str, str]) -> None:
    now = computing_libraries()
    for name, version in libraries.items():
        if name in now and now[name] != version:
            raise ValueError(
                f"it was written with {name} {version}, and {now[name]} may differ in the last bits"
            )
