"""Scripts with mistakes on one side, `hw1-check`'s variants on the other, on the same data."""

from dataclasses import replace
from functools import cache

from experiments.assignment import PARTS
from experiments.checking.catalogue import variants
from experiments.checking.log import first_epochs, parse_log
from experiments.checking.scratch_jobs import jobs, run
from experiments.checking.trace import Result
from experiments.checking.verdict import Claims, Verdict, judge
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


class Silent:
    """Output of trainings that nobody reads."""

    def line(self, text: str) -> None:
        pass

    def advance(self, label: str) -> None:
        pass


class Checking:
    """One question on one data set for so many epochs; each training is done once."""

    def __init__(self, question: str, source: str, epochs: int, hidden: int, n: int = 0) -> None:
        self.question, self.source, self.epochs, self.hidden = question, source, epochs, hidden
        self.data = _first(load(source), n) if n else load(source)
        self.whole = not n
        self.results = cache(self._results)
        self.printed = cache(self._printed)

    def _results(self) -> list[Result]:
        asked = PARTS[self.question].config
        assert isinstance(asked, Q1Config)
        config = replace(asked, epochs=self.epochs, hidden_size=self.hidden)
        found = []
        todo = jobs(self.question, self.data)
        for part in [todo] if self.whole else [[job] for job in todo]:  # parts stay in this process
            waves = run(
                part,
                config,
                self.data,
                self.source,
                True,
                self.epochs,
                Silent(),
                lambda _: False,
            )
            found += [result for wave in waves for result in wave]
        return found

    def _printed(self, mistake: str = "") -> str:
        splits = {name: (s.images, s.labels) for name, s in self.data.splits.items()}
        return "\n".join(hand_in(self.question, splits, self.epochs, mistake, self.hidden))

    def of_log(self, mistake: str = "") -> Claims:
        """Every number that the script printed."""
        return first_epochs(parse_log(self.printed(mistake)), self.epochs, self.epochs)

    def of_last(self, mistake: str = "") -> Claims:
        """What a report gives: the last accuracies, and norm or loss."""
        claims = self.of_log(mistake)
        return {key: given for key, given in claims.items() if key[0] == self.epochs}

    def verdict(self, claims: Claims) -> Verdict:
        """What `hw1-check` says of them."""
        return judge(claims, self.results(), variants(self.question))


def _first(data: Dataset, n: int) -> Dataset:
    shorter = {
        name: replace(split, images=split.images[:n], labels=split.labels[:n])
        for name, split in data.splits.items()
    }
    return replace(data, **shorter)
