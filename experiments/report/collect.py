"""From finished run folders to `results.json`: every number of the report."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TypeVar

from experiments.assignment import LASSO_PART, NAMES, PARTS, THEORY_PART, decimal
from experiments.data.dataset import COURSE_SHAPE, SPLITS
from experiments.plots.classes import class_names, image_shape
from experiments.report.beyond import confusions, read_bench, read_path
from experiments.report.data_origin import Origin, identify
from experiments.report.differences import Difference, differences
from experiments.report.findings import findings
from experiments.report.front_page import ReportInfo, appendix, provenance, warnings
from experiments.report.published import comparisons
from experiments.report.question3_results import read_question3
from experiments.report.results import FORMAT, Json, PartResults, Results
from experiments.report.runs_by_part import RunsByPart
from experiments.report.students import Students, read_students

T = TypeVar("T")


def collect(folders: Mapping[str, Sequence[Path]], out: Path, info: ReportInfo) -> Results:
    """Collect every number of the report; its figures are not drawn yet.

    A run that is missing or damaged is named where its numbers would stand, and on the front page;
    all others are reported.

    Args:
        folders: the folders of the finished runs of each part, and of the L1 path and question 3.
        out: where the report is made; `bench.json` is read from there, if it is there.
        info: what no run's folder knows.

    Raises:
        UsageError: the group's file is not what it should be.
        RunFolderError: `bench.json` is damaged, or a run lacks what all runs have.
    """
    runs = RunsByPart(folders, info.seeds, info.missing)
    origin = identify(runs)
    students = read_students(info.group) if info.group else Students([], "")
    penalised = next(runs.runs(part) for part, asked in PARTS.items() if asked.beside)
    path = _read_first(runs, LASSO_PART, lambda folder: read_path(folder, penalised))
    question3 = _read_first(runs, THEORY_PART, read_question3)
    parts = {part: _part(runs, origin, part) for part in PARTS if part[0] in info.questions}
    first = next((run for _, run in runs.all_runs()), None)
    bench, bench_data = read_bench(out)
    return Results(
        format=FORMAT,
        preset=info.preset,
        seeds=list(info.seeds),
        questions=list(info.questions),
        synthetic=origin.synthetic,
        splits={s: int(first.number("final", s, "total")) for s in SPLITS} if first else {},
        class_names=class_names(first) if first else [],
        group=students.members,
        contributions=students.contributions,
        warnings=warnings(runs, origin, info, students),
        provenance=provenance(runs, info, out),
        parts=parts,
        path=path,
        question3=question3,
        notes={part: runs.missing(part) for part in (LASSO_PART, THEORY_PART)},
        confusions=confusions(runs),
        bench=bench,
        bench_data=bench_data,
        figures=[],
        failed_figures={},
        appendix=appendix(runs, out),
        image_shape=list(image_shape(first) if first else COURSE_SHAPE),
        **NAMES,
    )


def _part(runs: RunsByPart, origin: Origin, part: str) -> PartResults:
    asked = PARTS[part]
    found: dict[str, Difference] = {}
    told: dict[str, Json] = {}
    with runs.noting(part):
        found, told = differences(runs, part), findings(runs, part)
    there = runs.configurations[part]
    return PartResults(
        missing=runs.missing(part),
        settings={**asdict(asked.config), **asked.settings(asked.usual)},
        varied=asked.varied_words,
        values=[decimal(value) for value in asked.values if value is not None],
        command=asked.command(),
        configurations=there,
        complete=len(there) == len(asked.values),
        differences=found,
        findings=told,
        comparisons=comparisons(runs, origin, part, found),
    )


def _read_first(runs: RunsByPart, part: str, read: Callable[[Path], T]) -> T | None:
    """Return what a part's first folder holds; None where there is none, or it is damaged."""
    for folder in runs.folders.get(part, ())[:1]:
        with runs.noting(part):
            return read(folder)
    return None
