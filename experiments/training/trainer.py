"""What differs between the questions when runs are trained: the interface of their trainers."""

from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple, Protocol, SupportsFloat

import numpy as np

from experiments.configs.labels import Config
from experiments.data.dataset import Dataset
from experiments.runs.checkpoint import Arrays, Progress
from experiments.runs.records import LARGEST, EpochRecord, Final, Tally


class Result(NamedTuple):
    """What a run came to after its last epoch.

    `confusion` counts the test split by true (row) and predicted class.
    """

    final: Final
    confusion: list[list[int]]
    weights: Mapping[str, np.ndarray]


class Trainer(Protocol):
    """Runs that are trained together, one or several, and the state that they have come to.

    Every method is called by all processes that train them, at the same place of the program.
    """

    @property
    def configs(self) -> Sequence[Config]:
        """What is trained; all for as many epochs."""

    @property
    def data(self) -> Dataset:
        """What it is trained on."""

    @property
    def beside(self) -> list[str]:
        """What the last bits depend on besides the runs' descriptions."""

    def circumstances(self) -> Mapping[str, object]:
        """Return those fields of a `Summary` that tell of the machine and the software."""

    def start(self) -> list[dict[str, Tally]]:
        """Go to the state before the first epoch, and count its train and val examples."""

    def train_epoch(self, epoch: int) -> tuple[list[EpochRecord], float]:
        """Train the epoch of this number and measure; the records, and the seconds it took."""

    def arrays(self) -> list[Arrays]:
        """Return each run's state: all that its next epoch depends on."""

    def check(self, progress: Progress) -> None:
        """Raise `ValueError` where a run's records or arrays are none that this trainer gives."""

    def restore(self, epoch: int, arrays: Sequence[Arrays]) -> None:
        """Go to the states that `arrays` has returned after this epoch."""

    def finish(self, last: Sequence[EpochRecord]) -> list[Result]:
        """Evaluate the trained models; `last` is what was measured at the end."""


class Wording(NamedTuple):
    """What is printed of the runs of a question, in lines.

    `trained_already` is said of runs of which only the end was missing.
    """

    initial: Callable[[Mapping[str, Tally]], list[str]]
    epoch: Callable[[EpochRecord], list[str]]
    trained_already: str


def tally(correct: int, total: int) -> Tally:
    """Return a count with its accuracy."""
    return {"correct": correct, "total": total, "accuracy": correct / total}


def finite(value: SupportsFloat) -> float | None:
    """Return a number, or None where it is not finite, or too large to be drawn."""
    number = float(value)
    return number if abs(number) <= LARGEST else None


def in_digits(value: float | None) -> str:
    """Write a measure as the assignment does."""
    return "not finite" if value is None else f"{value:.4f}"


def diverged_at(epochs: Sequence[EpochRecord]) -> int | None:
    """Return the epoch after which a measure was not finite; nothing more is recorded then."""
    if not epochs:
        return None
    last = epochs[-1]
    measures = (last.get("loss", 0.0), last.get("weight_norm", 0.0), last["val"].get("loss", 0.0))
    return last["epoch"] if None in measures else None
