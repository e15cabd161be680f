"""A configuration of a part over its seeds: its numbers, and how they are taken from its runs."""

from collections.abc import Sequence
from dataclasses import dataclass

from experiments.assignment import PARTS, Value, decimal
from experiments.data.dataset import SPLITS
from experiments.report.curve_shape import (
    CurveShape,
    Outcome,
    accuracy_shape,
    loss_shape,
    outcome,
)
from experiments.runs import statistics
from experiments.runs.reader import Run

LATE_EPOCHS = 10
"""Over so many of the last epochs validation accuracy is averaged, which steadies it."""


@dataclass(frozen=True)
class SeedValues:
    """A number over seeds.

    Attributes:
        values: one per seed; None where it is not finite.
        mean: of the finite ones.
        sd: their sample standard deviation, None below two.
        n: how many are finite.
        decimals: that mean and deviation deserve.
    """

    values: list[float | None]
    mean: float | None
    sd: float | None
    n: int
    decimals: int

    @classmethod
    def of(cls, values: Sequence[float | None]) -> "SeedValues":
        """Summarise one value per seed."""
        spread = statistics.over_seeds(values)
        kept = [None if value is None else float(value) for value in values]
        return cls(kept, **spread, decimals=statistics.decimals(spread))

    @property
    def finite(self) -> list[float]:
        """The finite values."""
        return [value for value in self.values if value is not None]


@dataclass(frozen=True)
class Configuration:
    """One configuration of a part over its seeds; numbers are those after the last epoch.

    Attributes:
        value: of the part's hyperparameter, None where it varies none.
        label: the configuration in words, such as "learning rate 0.001".
        seeds: in order; the first is the one whose numbers stand alone.
        runs: the names of the run folders, in the order of the seeds.
        diverged: the seeds that ended early because a loss was no longer finite.
        epochs: that the first seed's run has.
        accuracy: by split.
        loss: of the final weights by split, without dropout, where runs have it.
        train_loss: by epoch while training, dropout on: "first" and "last" epoch.
        weight_norm: where runs have it.
        val_late: validation accuracy averaged over the last ten epochs.
        seconds: that a run took.
        outcome: whether the model overfits, by accuracies averaged over seeds; None if too short.
        val_accuracy: its curve, averaged over seeds.
        val_accuracy_first: the first seed's curve.
        val_loss: its curve, averaged over seeds.
        val_loss_first: the first seed's curve.
    """

    value: Value
    label: str
    seeds: list[int]
    runs: list[str]
    diverged: list[int]
    epochs: int
    accuracy: dict[str, SeedValues]
    loss: dict[str, SeedValues]
    train_loss: dict[str, SeedValues]
    weight_norm: SeedValues | None
    val_late: SeedValues
    seconds: SeedValues
    outcome: Outcome | None
    val_accuracy: CurveShape | None
    val_accuracy_first: CurveShape | None
    val_loss: CurveShape | None
    val_loss_first: CurveShape | None


def configuration(part: str, value: Value, runs: Sequence[Run]) -> Configuration:
    """Summarise the runs of one configuration.

    Raises:
        RunFolderError: one of them lacks a number that the others of its kind have.
    """
    first, last_epoch = runs[0], runs[0].epochs[-1]
    question_2 = PARTS[part].program == "hw1-q2"
    val_accuracy = mean_series(runs, "val", "accuracy")
    # Question 2's runs have no train accuracy by epoch, question 1's no validation loss.
    train_accuracy = [] if question_2 else mean_series(runs, "train", "accuracy")
    val_loss = mean_series(runs, "val", "loss") if question_2 else []
    norm = over_runs(runs, "final", "weight_norm") if "weight_norm" in last_epoch else None
    late = [run.accuracies("val")[-LATE_EPOCHS:] for run in runs]
    return Configuration(
        value=value,
        label=label(part, value),
        seeds=[int(run.summary["seed"]) for run in runs],
        runs=[run.path.name for run in runs],
        diverged=[int(r.summary["seed"]) for r in runs if r.summary.get("diverged_at_epoch")],
        epochs=len(first.epochs),
        accuracy={split: SeedValues.of([run.accuracy(split) for run in runs]) for split in SPLITS},
        loss={s: over_runs(runs, "final", s, "loss") for s in SPLITS} if question_2 else {},
        train_loss={
            "first": SeedValues.of([run.series("loss")[0] for run in runs]),
            "last": SeedValues.of([run.series("loss")[-1] for run in runs]),
        }
        if "loss" in last_epoch
        else {},
        weight_norm=norm,
        val_late=SeedValues.of([sum(values) / len(values) for values in late]),
        seconds=over_runs(runs, "seconds"),
        outcome=outcome(val_accuracy, train_accuracy),
        val_accuracy=accuracy_shape(val_accuracy),
        val_accuracy_first=accuracy_shape(first.accuracies("val")),
        val_loss=loss_shape(val_loss),
        val_loss_first=loss_shape(first.series("val", "loss")) if question_2 else None,
    )


def over_runs(runs: Sequence[Run], *keys: str) -> SeedValues:
    """Return a number of `summary.json` over runs, such as `("final", "test", "accuracy")`."""
    return SeedValues.of([run.measure(*keys) for run in runs])


def mean_series(runs: Sequence[Run], *keys: str) -> list[float | None]:
    """Return a number of each epoch that all runs have, averaged over them."""
    series = [run.series(*keys) for run in runs]
    if len(series) == 1:
        return list(series[0])
    return [statistics.over_seeds(values)["mean"] for values in zip(*series, strict=False)]


def label(part: str, value: Value) -> str:
    """Return a configuration in words: what is varied and its value, or the model."""
    asked = PARTS[part]
    if asked.varied:
        return f"{asked.varied_words} {decimal(value)}"
    penalty = getattr(asked.config, "l2_penalty", 0.0)
    return asked.model_words + (f", L2 penalty {decimal(penalty)}" if penalty else "")
