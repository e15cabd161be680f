"""What `results.json` holds: every number of the report, and which of its sentences are true.

Whoever fills it reads run folders; the texts read nothing but this file and name the figures that
it lists. A number keeps all its digits; how many are shown is decided where it is shown.
"""

import json
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, field, is_dataclass
from pathlib import Path
from typing import Any, Literal, Union, cast, get_args, get_origin, get_type_hints

from experiments.assignment import Value
from experiments.cli.commands import RunFolderError
from experiments.cli.text import one_line
from experiments.report.curve_shape import CurveShape, Outcome
from experiments.runs import statistics
from experiments.runs.json_files import write_json
from experiments.runs.statistics import Interval, Spread

FORMAT = 2
FILE = "results.json"

Json = Union[None, bool, int, float, str, list["Json"], dict[str, "Json"]]  # noqa: UP007
Verdict = Literal[
    "agrees", "differs", "found", "in sign only", "not found", "open", "does not apply"
]


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

    @property
    def spread(self) -> Spread:
        """Mean, deviation and number, as sweeps hold them."""
        return {"mean": self.mean, "sd": self.sd, "n": self.n}


@dataclass(frozen=True)
class Difference:
    """The difference of two configurations, corrected over the comparisons of its part.

    Attributes:
        estimate: first mean less second mean.
        low: the lower end of its interval, None where one seed tells nothing.
        high: the upper end.
        settled: whether the interval excludes 0.
        needed: how many seeds would probably settle it, None where it is settled or unknown.
    """

    estimate: float
    low: float | None
    high: float | None
    settled: bool
    needed: int | None = None

    @classmethod
    def of(cls, interval: Interval, needed: int | None = None) -> "Difference":
        """Keep of an interval what is reported."""
        known = interval.half_width < float("inf")
        return cls(
            interval.estimate,
            interval.low if known else None,
            interval.high if known else None,
            interval.excludes_zero,
            None if interval.excludes_zero else needed,
        )


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


@dataclass(frozen=True)
class Comparison:
    """One measured quantity beside what it should be.

    Attributes:
        quantity: such as "test accuracy, learning rate 0.001".
        unit: how the numbers are shown.
        ours: the mean, difference of means or ratio of means that the runs gave.
        seeds: over how many seeds.
        verdict: "agrees" or "differs" for numbers, "found", "in sign only" or "not found" for
            orders, "open" where one seed decides nothing, or "does not apply".
        runs: the run folders' names that it comes from.
        keys: where in each run's `summary.json` the number lies, such as ["final", "test",
            "accuracy"].
        why: one line: what was compared, or why it cannot be.
        published: by the assignment's own solution.
        expected: on this very data with a reference loop; several where its rounded output leaves
            several.
        low: the lower end of where one more run would lie, or of the difference; None if unknown.
        high: the upper end.
        minus: of an order of two configurations, the runs whose mean is taken off.
        over: of a ratio, the runs whose mean is divided by.
    """

    quantity: str
    unit: Literal["percent", "points", "count", "number"]
    ours: float | None
    seeds: int
    verdict: Verdict
    runs: list[str]
    keys: list[str]
    why: str = ""
    published: float | str | None = None
    expected: list[float] | str = field(default_factory=list)
    low: float | None = None
    high: float | None = None
    minus: list[str] = field(default_factory=list)
    over: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class PartResults:
    """A part of questions 1 and 2.

    Attributes:
        missing: a line on every run that is not there, and why where that is known.
        settings: what the assignment asks for, by name.
        varied: the swept hyperparameter in words, "" for none.
        values: its values, as the assignment writes them.
        command: the command line that trains every run of the part.
        configurations: those that have runs, in the assignment's order.
        complete: whether every configuration has a run.
        differences: of pairs of configurations, by name.
        findings: what else the sentences need, by name.
        comparisons: with published and expected values.
    """

    missing: list[str]
    settings: dict[str, float | str]
    varied: str
    values: list[str]
    command: str
    configurations: list[Configuration]
    complete: bool
    differences: dict[str, Difference]
    findings: dict[str, Json]
    comparisons: list[Comparison]


@dataclass(frozen=True)
class PathPoint:
    """A solution of the L1 path: its share of exact zeros, and how far it may be from the minimum.

    The duality gap bounds that, in parts of the objective.
    """

    penalty: float
    zeros: float
    train: float
    val: float
    l1_norm: float
    gap: float


@dataclass(frozen=True)
class PathResults:
    """The L1 path beyond 1.2d, and how many weights of 1.2b are exactly zero (None: not known)."""

    points: list[PathPoint]
    examples: int
    train_examples: int
    l2_weights: int | None
    l2_zeros: int | None


@dataclass(frozen=True)
class Claim:
    """A claim of question 3: the worst number of its cases, and what is allowed."""

    question: str
    statement: str
    cases: int
    worst: float | None
    at_least: bool
    tolerance: float
    holds: bool


@dataclass(frozen=True)
class Question3Results:
    """What `hw1-q3` found: its claims by name, and gradient descent as far as it is told."""

    claims: dict[str, Claim]
    starts: int
    arrived: int
    right_signs: int
    dims: int
    examples: int


@dataclass(frozen=True)
class Confusion:
    """Which classes a model confuses on the test split, first seed."""

    best_class: str
    best_recall: float
    worst_class: str
    worst_recall: float
    true: str
    predicted: str
    count: int
    total: int


@dataclass(frozen=True)
class BenchRow:
    """A line of the last `make bench`; `ratio` is against the plain script."""

    question: str
    model: str
    contender: str
    seconds: float
    ratio: float | None


@dataclass(frozen=True)
class Member:
    """A member of the group that hands the report in."""

    name: str
    number: str
    contribution: str


@dataclass(frozen=True)
class RunEntry:
    """A line of the appendix: a run's configuration, and where its folder lies."""

    part: str
    command: str
    config: dict[str, Json]
    seed: int
    seconds: float
    folder: str


@dataclass(frozen=True)
class Results:
    """The whole file.

    Attributes:
        format: of this file.
        preset: "quick" or "full".
        seeds: that were asked for.
        questions: that were asked for.
        synthetic: whether the images are drawn.
        splits: examples by split, empty where nothing was trained.
        class_names: in label order.
        group: the members; empty if no file names them.
        contributions: their paragraph on who did what.
        warnings: shown large on the front page.
        provenance: pairs of what and its value: data, hash, cores, versions, commit, time.
        parts: of questions 1 and 2 by name.
        path: the L1 path; None if there is none.
        question3: None if there is none.
        notes: a line on what is missing of 1.2d and of question 3, by part.
        confusions: by the name of the model.
        bench: the last benchmark; empty if there is none.
        bench_data: what it ran on.
        figures: those that are drawn, by name.
        failed_figures: why others are not, by name.
        appendix: every run.
        title: of the assignment.
        course: that it is given in.
    """

    format: int
    preset: str
    seeds: list[int]
    questions: list[str]
    synthetic: bool
    splits: dict[str, int]
    class_names: list[str]
    group: list[Member]
    contributions: str
    warnings: list[str]
    provenance: list[tuple[str, str]]
    parts: dict[str, PartResults]
    path: PathResults | None
    question3: Question3Results | None
    notes: dict[str, list[str]]
    confusions: dict[str, Confusion]
    bench: list[BenchRow]
    bench_data: str
    figures: list[str]
    failed_figures: dict[str, str]
    appendix: list[RunEntry]
    title: str = "Homework 1"
    course: str = "Deep Learning, IST, 2024-25"

    def write(self, path: Path) -> None:
        """Write the file, whole or not at all."""
        write_json(path, asdict(self))


def read_results(path: Path) -> Results:
    """Read a report's `results.json` back.

    Raises:
        RunFolderError: it cannot be read, or is another version's.
    """
    try:
        content = json.loads(path.read_bytes())
        if content["format"] != FORMAT:
            raise ValueError(f"format {content['format']}")
        results: Results = _typed(Results, content)
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise RunFolderError(
            f"{path}: got no report's results ({one_line(error)}), expected those of this version; "
            "make the report again"
        ) from None
    return results


def _typed(kind: Any, value: Any) -> Any:
    """JSON as the dataclass, list or dictionary that an annotation names."""
    inner = get_args(kind)
    if is_dataclass(kind):
        hints = get_type_hints(kind)
        make = cast("Callable[..., Any]", kind)
        return make(**{name: _typed(hints[name], entry) for name, entry in value.items()})
    if get_origin(kind) in (list, tuple):
        return get_origin(kind)(_typed(inner[0], entry) for entry in value)
    if get_origin(kind) is dict:
        return {name: _typed(inner[1], entry) for name, entry in value.items()}
    record = next((member for member in inner if is_dataclass(member)), None)
    return _typed(record, value) if record and value is not None else value
