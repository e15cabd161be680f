"""What a question asks for, which of a run's numbers are compared, and after how many epochs."""

from collections.abc import Mapping

from experiments.assignment import PARTS, Config, Measure
from experiments.checking.given_numbers import Given
from experiments.checking.noise import Claims, Place
from experiments.checking.reading.runs import ReadRun
from experiments.cli.errors import UsageError
from experiments.configs.q2 import Q2Config

FIRST_EPOCHS = 3
"""Epochs of a log that are compared: a few tell a mistake, and take seconds."""


def configuration(name: str, values: Mapping[str, object]) -> Config:
    """Return the configuration of a part such as "2.2a", with a value that it sweeps over.

    Raises:
        UsageError: it does not sweep over one of the hyperparameters, or not over that value.
    """
    part = PARTS[name]
    chosen = part.usual
    for flag, value in values.items():
        if flag != part.varied:
            expected = f"-{part.varied}" if part.varied else "no hyperparameter"
            raise UsageError(f"-{flag}: got it for {name}, expected {expected}; drop it")
        if value not in part.values:
            allowed = ", ".join(f"{choice:.15g}" for choice in part.values)
            raise UsageError(f"-{flag}: got {value:.15g}, expected one of {allowed}")
        chosen = part.values[part.values.index(value)]
    return part.run(chosen)


def compared(config: Config) -> tuple[Measure, ...]:
    """Return what the assignment's script prints of a configuration."""
    if isinstance(config, Q2Config):
        return ("train", "val", "test", "loss", "val_loss")
    return ("train", "val", "test", "loss" if config.model == "mlp" else "norm")


def headline(name: str, config: Config) -> str:
    """Return the question and its configuration in one line."""
    shown = {"l2_penalty": "l2_penalty"} if config.model == "logistic_regression" else {}
    if isinstance(config, Q2Config):
        shown = {"batch_size": "batch", "learning_rate": "rate", "momentum": "momentum"}
        shown |= {"dropout": "dropout"} if config.model == "mlp" else {"l2_decay": "l2_decay"}
    parts = [f"{config.epochs} epochs"]
    parts += [f"{word} {getattr(config, key):g}" for key, word in shown.items()]
    return f"question {name}: {config.model.replace('_', ' ')}, {', '.join(parts)}"


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
    found: dict[Place, Given] = {}
    for epoch, numbers in run.epochs.items():
        if epoch <= most:
            found |= _named(numbers, names, epoch)
    last = max((epoch for epoch, _ in found), default=0)
    if not last:  # the line before training alone tells nothing
        last = min(run.last or epochs or total, total)
        found = _named(run.epochs.get(last, {}), names, last)
    if last == (run.last or total):
        found |= _named(run.final, names, last)
    if not found:
        first = "epoch" if most == 1 else f"{most} epochs"
        raise ValueError(
            f"got no values of the first {first} and no final ones, expected some of "
            f"{', '.join(names)}; see --read for what was understood"
        )
    return found, last


def _named(
    numbers: Mapping[Measure, Given], names: tuple[Measure, ...], epoch: int
) -> dict[Place, Given]:
    return {(epoch, name): given for name, given in numbers.items() if name in names}
