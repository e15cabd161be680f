"""The runs of a log: which line belongs to which, what is repeated, what was begun again."""

import re
from dataclasses import dataclass, field
from itertools import pairwise

from experiments.assignment import Measure
from experiments.checking.given_numbers import Given
from experiments.checking.reading.lines import Line, Setting, parse_line
from experiments.checking.reading.unfold import unfold
from experiments.checking.reading.words import SettingName

Numbers = dict[Measure, Given]

# Last epochs of a run that counts from 0, by the assignment's numbers of epochs.
LAST_FROM_ZERO = (19, 99, 199)
FORMS = (
    "'Training epoch 1' and 'train acc: 0.3782 | val acc: 0.3618 | W norm: 1.7108', 'Epoch [1/200],"
    " Train Loss: 1.79, Val Loss: 1.78, Val Acc: 0.17' or 'Final test acc: 0.4597'"
)
_ABORTED = re.compile(r"KeyboardInterrupt|Traceback \(most recent|^\^C|\bKilled\b|\bError:")


@dataclass
class ReadRun:
    """One run's numbers.

    Attributes:
        settings: what its heading or its command says of it.
        epochs: its numbers by epoch; 0 is before training.
        final: its final numbers.
        aborted: whether it was stopped.
    """

    settings: dict[SettingName, Setting] = field(default_factory=dict)
    epochs: dict[int, Numbers] = field(default_factory=dict)
    final: Numbers = field(default_factory=dict)
    aborted: bool = False

    @property
    def empty(self) -> bool:
        """Whether it has no number yet."""
        return not (self.final or any(self.epochs.values()))

    @property
    def last(self) -> int:
        """The last epoch that it has numbers of, 0 for none."""
        return max((epoch for epoch, found in self.epochs.items() if found), default=0)

    @property
    def not_finite(self) -> list[tuple[int, Measure, float]]:
        """Epoch, measure and value of every number that is infinite or none."""
        return [
            (epoch, measure, given.value)
            for epoch, numbers in self.epochs.items()
            for measure, given in numbers.items()
            if not given.finite
        ]


@dataclass
class Reading:
    """What was understood of a text.

    Attributes:
        runs: in the order in which they were begun.
        lines: how many of the text have anything on them.
        passed_over: how many of those say nothing of epochs, numbers or settings.
        numbers_passed_over: numbers that belong to no epoch, such as the best accuracy.
        notes: what was done with repeated runs and with counting from 0, in words.
    """

    runs: list[ReadRun]
    lines: int = 0
    passed_over: int = 0
    numbers_passed_over: int = 0
    notes: list[str] = field(default_factory=list)


def read_runs(text: str) -> Reading:
    """Read every run of a text.

    Raises:
        ValueError: it has no numbers that are understood.
    """
    reading = Reading([ReadRun()])
    epoch: int | None = None
    for raw in unfold(text):
        if not raw.strip("\0 \t"):
            continue
        reading.lines += 1
        line = parse_line(raw)
        reading.numbers_passed_over += line.passed_over
        if not line:
            reading.passed_over += 1
            if _ABORTED.search(raw[:200]):
                reading.runs[-1].aborted = True
            continue
        if line.step and line.epoch is None and epoch is not None:
            ends = [value for value in line.values if value.measure == "test" or value.when]
            reading.numbers_passed_over += len(line.values) - len(ends)
            line.values = ends
        if _begins_another(reading.runs[-1], line, epoch):
            reading.runs.append(ReadRun())
            epoch = None
        run = reading.runs[-1]
        run.settings |= line.settings
        if line.epoch is not None:
            epoch = line.epoch
            run.epochs.setdefault(epoch, {})
        _take(run, line, epoch)
    reading.runs = [run for run in reading.runs if not run.empty]
    if not reading.runs:
        raise ValueError(f"got no numbers that are understood, expected lines such as {FORMS}")
    for run in reading.runs:
        _count_from_one(run, reading)
        _move_test(run)
    _drop_repeated(reading)
    return reading


def _begins_another(run: ReadRun, line: Line, epoch: int | None) -> bool:
    """Whether a line is of another run than the one before it."""
    if run.empty and not (line.command and run.settings):
        return False
    if line.command:
        return True
    if line.epoch is not None and epoch is not None and line.epoch < epoch:
        return True
    # A rate that a script prints with every epoch, or decays, is no heading.
    inside = line.epoch is not None and epoch is not None and line.epoch > epoch
    changed = any(run.settings.get(name) != value for name, value in line.settings.items())
    if changed and not inside:
        return True
    for value in line.values:
        initial = value.when == "initial" and max(run.epochs, default=0) > 0
        final = run.final.get(value.measure)
        if initial or (epoch is None and final not in (None, value.given)):
            return True
    if line.epoch is not None and epoch is None and run.final and not run.epochs:
        return True
    if line.epoch is None or line.epoch != epoch:
        return False
    return bool(run.final) or _differ(run.epochs[epoch], line)


def _differ(numbers: Numbers, line: Line) -> bool:
    """Whether a line gives all of an epoch's numbers once more, and others."""
    again = {value.measure: value.given for value in line.values}
    return again.keys() == numbers.keys() and again != numbers


def _take(run: ReadRun, line: Line, epoch: int | None) -> None:
    """Put a line's numbers where they belong; of two for one place the later one stays."""
    for measure, given, when in line.values:
        if when == "initial":
            run.epochs.setdefault(0, {})[measure] = given
        elif when == "final" or epoch is None:
            run.final[measure] = given
        else:
            run.epochs[epoch][measure] = given


def _count_from_one(run: ReadRun, reading: Reading) -> None:
    """Shift a run that counts from 0: before training there is no loss, and no weight norm."""
    run.epochs = {epoch: numbers for epoch, numbers in sorted(run.epochs.items()) if numbers}
    first = run.epochs.get(0, {})
    trained = "loss" in first or ("norm" in first and first["norm"].value > 0)
    if first and (trained or run.last in LAST_FROM_ZERO):
        run.epochs = {epoch + 1: numbers for epoch, numbers in run.epochs.items()}
        reading.notes.append("epochs counted from 0: the first one is shown as 1")


def _move_test(run: ReadRun) -> None:
    """Take a test accuracy that comes once, after the last epoch, for the final one."""
    tested = [epoch for epoch, numbers in run.epochs.items() if "test" in numbers]
    if tested == [run.last]:
        run.final.setdefault("test", run.epochs[run.last].pop("test"))


def _drop_repeated(reading: Reading) -> None:
    """Drop a run that the next one repeats from its beginning: stopped, and begun again."""
    kept = []
    for run, following in pairwise([*reading.runs, ReadRun()]):
        same = run.settings == following.settings and (
            run.final.items() <= following.final.items() or not following.final
        )
        repeats = all(
            following.epochs.get(epoch) == numbers for epoch, numbers in run.epochs.items()
        )
        restarted = run.aborted and not run.final and run.settings == following.settings
        if not following.empty and ((same and repeats and run.epochs) or restarted):
            reading.notes.append("a run that was begun again is left out: the later one counts")
        else:
            kept.append(run)
    reading.runs = kept
