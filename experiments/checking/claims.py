"""Which of a run's numbers are compared, and after how many epochs."""

from collections.abc import Mapping

from experiments.assignment import PARTS, Config, Measure
from experiments.checking.given_numbers import Given
from experiments.checking.questions import compared
from experiments.checking.reading.runs import ReadRun
from experiments.checking.verdict import Claims

FIRST_EPOCHS = 3
"""Epochs of a log that are compared: a few tell a mistake, and take seconds."""


def final_numbers(run: ReadRun) -> dict[Measure, Given]:
    """Return a run's final numbers; none of a run that was cut short.

    What is printed of the last epoch is final where that is the last one of a question.
    """
    whole = {part.config.epochs for part in PARTS.values()}
    if run.last and run.last not in whole:
        return {}
    return {**(run.epochs[run.last] if run.last else {}), **run.final}


def claims_of_run(run: ReadRun, config: Config, epochs: int | None) -> tuple[Claims, int]:
    """Return the numbers to compare, by epoch and measure, and how many epochs that takes.

    Args:
        run: what was read.
        config: what the question asks for.
        epochs: how many epochs to compare at most; None for the first few, or for the final
            numbers where there are no others.

    Raises:
        ValueError: there are none.
    """
    names, total = compared(config), config.epochs
    most = min(epochs or FIRST_EPOCHS, total)
    found = {
        (epoch, name): given
        for epoch, numbers in run.epochs.items()
        for name, given in numbers.items()
        if epoch <= most and name in names
    }
    if not any(epoch for epoch, _ in found):
        found = {}
    last = max((epoch for epoch, _ in found), default=run.last or epochs or total)
    if not found:
        last = min(last, total)
        found |= _named(run.epochs.get(last, {}), names, last)
    if last in (run.last, total) and (not run.last or last == run.last):
        found |= _named(run.final, names, last)
    if not found:
        first = "epoch" if most == 1 else f"{most} epochs"
        raise ValueError(
            f"got no values of the first {first} and no final ones, expected some of "
            f"{', '.join(names)}; see --read for what was understood"
        )
    return found, last


def not_compared(run: ReadRun, config: Config) -> set[Measure]:
    """Return the measures of a run that its question has none of."""
    found = {name for numbers in (*run.epochs.values(), run.final) for name in numbers}
    return found - set(compared(config))


def claims_of_numbers(
    given: Mapping[Measure, Given], config: Config, epochs: int | None
) -> tuple[Claims, int]:
    """Return numbers that were given by flags as those of an epoch, the last one if not named."""
    epoch = epochs or config.epochs
    return {(epoch, name): number for name, number in given.items()}, epoch


def _named(
    numbers: Mapping[Measure, Given], names: tuple[Measure, ...], epoch: int
) -> dict[tuple[int, Measure], Given]:
    return {(epoch, name): given for name, given in numbers.items() if name in names}
