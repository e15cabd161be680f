"""A run's state on the disk while it is trained: whole, checked by hash, the newest two kept.

`checkpoints/12.checkpoint` holds the state after epoch 12: a line with the SHA-256 of all that
follows, a line of JSON (a `Header`), and arrays as an npz archive.
"""

import hashlib
import json
import time
from collections.abc import Callable, Mapping, Sequence
from io import BufferedRandom, BufferedReader
from pathlib import Path
from typing import NamedTuple, TypedDict

import numpy as np

from experiments.environment.provenance import computing_libraries
from experiments.files.arrays import read_arrays
from experiments.files.atomic_write import atomic_write, sync_folder
from experiments.files.safe_read import check_is_file, parse_object
from experiments.runs.records import FORMAT, Description, EpochRecord, checked, same_numbers

MAX_TIME_SHARE = 0.01
"""The share of a run's time that may go into checkpoints."""

FIRST_COST_S = 0.02
"""What one is taken to cost before one has been written."""

MAX_KEPT = 2
_HASHED_FROM = 65

Arrays = Mapping[str, np.ndarray]


class Header(TypedDict):
    """The line of JSON in a checkpoint: a `Progress` without its arrays, and whose it is.

    `libraries` are versions of what computed it; `beside` is what the last bits depend on besides
    the run's description.
    """

    format: int
    epoch: int
    libraries: dict[str, str]
    about: Description
    beside: list[str]
    epochs: list[EpochRecord]
    seconds: float


class Progress(NamedTuple):
    """How far a run has come: all that its next epoch depends on is in `arrays`.

    `epochs` are what was measured after each; of a run that diverged, up to there. `seconds` were
    spent on training so far, of runs that are trained together by all of them.
    """

    epoch: int
    epochs: list[EpochRecord]
    seconds: float
    arrays: Arrays


class Checkpoints:
    """The checkpoints of one run, in the folder `path`."""

    def __init__(self, folder: Path, about: Description) -> None:
        self.path, self._about = folder / "checkpoints", about
        self._last, self._cost = time.perf_counter(), FIRST_COST_S

    def due(self) -> bool:
        """Return whether one can be written without exceeding `MAX_TIME_SHARE`."""
        return (time.perf_counter() - self._last) * MAX_TIME_SHARE >= self._cost

    def save(self, progress: Progress, beside: Sequence[str] = ()) -> None:
        """Write the state after an epoch to the disk, and drop the third newest.

        Raises:
            OSError: it does not fit, or the folder is not writable.
        """
        began = time.perf_counter()
        header: Header = {
            "format": FORMAT,
            "epoch": progress.epoch,
            "libraries": computing_libraries(),
            "about": self._about,
            "beside": list(beside),
            "epochs": progress.epochs,
            "seconds": progress.seconds,
        }
        if not self.path.is_dir():
            self.path.mkdir()
            sync_folder(self.path.parent)
        # The new one is whole on the disk before an old one goes: a kill at any instant leaves one.
        with atomic_write(self._file(progress.epoch)) as file:
            file.write(bytes(_HASHED_FROM))
            file.write(json.dumps(header, allow_nan=False).encode() + b"\n")
            np.savez(file, allow_pickle=False, **progress.arrays)
            file.seek(_HASHED_FROM)
            digest = _sha256_of_rest(file)
            file.seek(0)
            file.write(digest.encode() + b"\n")
        for old in self.epochs()[MAX_KEPT:]:
            self._file(old).unlink()
        self._last = time.perf_counter()
        self._cost = self._last - began

    def epochs(self) -> list[int]:
        """Return the epochs of which there is a checkpoint, whole or not, the newest first."""
        names = (file.stem for file in self.path.glob("*.checkpoint"))
        return sorted((int(name) for name in names if name.isdecimal()), reverse=True)

    def read(self, epoch: int, like: Arrays, beside: Sequence[str] = ()) -> Progress:
        """Read the checkpoint after this epoch, whose arrays have to be like `like`.

        Raises:
            OSError, ValueError: there is none, it is damaged, or not one of this run.
        """
        check_is_file(self._file(epoch))
        with self._file(epoch).open("rb") as file:
            digest = file.read(_HASHED_FROM)
            if _sha256_of_rest(file).encode() + b"\n" != digest:
                raise ValueError("its bytes do not match its hash")
            size = file.tell()
            file.seek(_HASHED_FROM)
            header = checked(Header, parse_object(file.readline()))
            self._check(header, epoch, beside)
            arrays = read_arrays(file, size)
        if _shapes(arrays) != _shapes(like):
            raise ValueError("its arrays have other shapes")
        return Progress(epoch, header["epochs"], header["seconds"], arrays)

    def _check(self, header: Header, epoch: int, beside: Sequence[str]) -> None:
        if header["epoch"] != epoch:
            raise ValueError(f"it is of epoch {header['epoch']}")
        now = computing_libraries()
        for name, version in header["libraries"].items():
            if now.get(name, version) != version:
                raise ValueError(
                    f"it was written with {name} {version}, and {now[name]} may differ in the last "
                    "bits"
                )
        if not same_numbers(header["about"], self._about):
            raise ValueError("it is another run's")
        if header["beside"] != list(beside):
            raise ValueError("it was trained beside other runs, which changes its last bits")
        numbers = [record["epoch"] for record in header["epochs"]]
        if numbers != list(range(1, len(numbers) + 1)) or len(numbers) > epoch:
            raise ValueError("it holds other epochs' records")

    def _file(self, epoch: int) -> Path:
        return self.path / f"{epoch}.checkpoint"


def newest(
    runs: Sequence[Checkpoints],
    like: Arrays,
    beside: Sequence[str],
    say: Callable[[str], None],
    check: Callable[[Progress], None] = lambda _: None,
) -> list[Progress] | None:
    """Read the newest state of which every one of these runs has a usable checkpoint, if any.

    Args:
        runs: of one run, or of those that are trained together: all states are of the same epoch.
        like: arrays as a state of each has them.
        beside: what the last bits depend on now.
        say: gets a line about each checkpoint that is passed over.
        check: raises `ValueError` at what is no state of these runs.
    """
    epochs = set(runs[0].epochs()).intersection(*(held.epochs() for held in runs))
    for epoch in sorted(epochs, reverse=True):
        found = []
        for held in runs:
            try:
                found.append(held.read(epoch, like, beside))
                check(found[-1])
            except (OSError, ValueError) as error:
                say(f"{held.path / str(epoch)}.checkpoint: not used, {error}")
                break
        else:
            return found
    return None


def _sha256_of_rest(file: BufferedReader | BufferedRandom) -> str:
    return hashlib.file_digest(file, "sha256").hexdigest()


def _shapes(arrays: Arrays) -> dict[str, tuple[tuple[int, ...], np.dtype]]:
    return {name: (array.shape, array.dtype) for name, array in arrays.items()}
