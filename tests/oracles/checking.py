"""Scripts with mistakes on one side, `hw1-check`'s variants on the other, on the same data."""

from dataclasses import replace
from functools import cache

from experiments.assignment import PARTS
from experiments.checking.claims import claims_of_run
from experiments.checking.noise import Claims
from experiments.checking.reading.runs import read_runs
from experiments.checking.training.lazy_data import LazyData
from experiments.checking.training.scratch_jobs import Setup, jobs, run
from experiments.checking.training.train_variant import Result
from experiments.checking.verdict import Verdict, judge
from experiments.cli.console import NullConsole
from experiments.configs.q1 import Q1Config
from experiments.data.dataset import Dataset
from experiments.data.load import load

from .homework import (
    LOGISTIC_MISTAKES,
    MLP_MISTAKES,
    PENALTY_MISTAKES,
    PERCEPTRON_MISTAKES,
    hand_in,
)

MISTAKES = {
    "1.1a": PERCEPTRON_MISTAKES,
    "1.2a": LOGISTIC_MISTAKES,
    "1.2b": PENALTY_MISTAKES,
    "1.3": MLP_MISTAKES,
}


class Checking:
    """One question on one data set for so many epochs; each training is done once."""

    def __init__(self, part: str, source: str, epochs: int, hidden: int, n: int = 0) -> None:
        self.part, self.epochs, self.hidden = part, epochs, hidden
        self.lazy = LazyData(source)
        self.data = _first(load(source), n) if n else load(source)
        if n:
            self.lazy.data = self.data
        asked = PARTS[part].config
        assert isinstance(asked, Q1Config)
        self.config = replace(asked, epochs=epochs, hidden_size=hidden)
        self.setup = Setup(part, self.config, every_epoch=True, whole=True)
        self.results = cache(self._results)
        self.printed = cache(self._printed)

    def _results(self) -> list[Result]:
        waves = run(jobs(self.part, 6), self.setup, self.lazy, NullConsole(), lambda _: False)
        return [result for wave in waves for result in wave]

    def _printed(self, mistake: str = "", seed: int = 42) -> str:
        splits = {name: (s.images, s.labels) for name, s in self.data.splits.items()}
        lines = hand_in(self.part, splits, self.epochs, mistake, self.hidden, seed)
        return "\n".join(lines)

    def of_log(self, mistake: str = "", seed: int = 42) -> Claims:
        """Every number that the script printed."""
        (read,) = read_runs(self.printed(mistake, seed)).runs
        return claims_of_run(read, self.config, self.epochs)[0]

    def of_last(self, mistake: str = "", seed: int = 42) -> Claims:
        """What a report gives: the last accuracies, and norm or loss."""
        claims = self.of_log(mistake, seed)
        return {key: given for key, given in claims.items() if key[0] == self.epochs}

    def verdict(self, claims: Claims) -> Verdict:
        """What `hw1-check` says of them."""
        return judge(claims, self.results(), self.lazy.description.sizes)


def _first(data: Dataset, n: int) -> Dataset:
    shorter = {
        name: replace(split, images=split.images[:n], labels=split.labels[:n])
        for name, split in data.splits.items()
    }
    return replace(data, sha256=f"{data.sha256}, the first {n}", **shorter)
