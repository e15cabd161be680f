"""What `results.json` holds: every number of the report, and which of its sentences are true.

Whoever fills it reads run folders; the texts read nothing but this file and name the figures that
it lists. A number keeps all its digits; how many are shown is decided where it is shown.
"""

import json
from collections.abc import Callable
from dataclasses import asdict, dataclass, field, is_dataclass
from pathlib import Path
from typing import Any, Literal, Union, cast, get_args, get_origin, get_type_hints

from experiments.cli.errors import RunFolderError
from experiments.cli.text import one_line
from experiments.data.dataset import COURSE_SHAPE
from experiments.report.beyond import BenchRow, Confusion, PathResults
from experiments.report.configurations import Configuration
from experiments.report.differences import Difference
from experiments.report.front_page import RunEntry
from experiments.report.question3_results import Question3Results
from experiments.report.students import Member
from experiments.runs.json_files import write_json

FORMAT = 2
FILE = "results.json"

Json = Union[None, bool, int, float, str, list["Json"], dict[str, "Json"]]  # noqa: UP007
Verdict = Literal[
    "agrees", "differs", "found", "in sign only", "not found", "open", "does not apply"
]


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
        low: the lower end of where one more run would lie, had it other test images too, or of the
            difference; None if unknown.
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
        image_shape: height, width and channels.
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
    image_shape: list[int] = field(default_factory=lambda: list(COURSE_SHAPE))
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
