"""One `hw1-reproduce`: plan, what is there already, the rest trained, tables, report."""

import time
from collections.abc import Sequence
from pathlib import Path

from experiments.assignment import CLASSES, Preset
from experiments.cli.errors import CommandError, RunFolderError, UsageError
from experiments.cli.text import duration
from experiments.configs.q1 import Q1Config
from experiments.configs.q2 import Q2Config
from experiments.data.dataset import Dataset
from experiments.data.load import load
from experiments.environment.provenance import cores
from experiments.report.front_page import ReportInfo
from experiments.reproduction.estimate import Estimates, busy, in_words, time_left
from experiments.reproduction.plan import Config, Task, make_plan
from experiments.reproduction.progress import Display
from experiments.reproduction.tables import tables
from experiments.reproduction.training import Trained, accelerated, make_call, make_jobs, train
from experiments.reproduction.work import find_runs
from experiments.runs.folder import make_parent
from experiments.runs.reader import Run


def reproduce(
    *,
    source: str | None,
    preset: Preset,
    questions: tuple[str, ...],
    seeds: range,
    out: str,
    group: Path | None,
    report_only: bool,
) -> None:
    """Do what the command line asks for; the report's files are named last.

    `source` is None for the built-in data; `out` is the parent of the runs' folders, and where the
    report goes; `group` is the TOML file that names the group's members; `report_only` trains
    nothing, and reports what is there.

    Raises:
        CommandError: runs failed, or are missing; the others and their report are kept.
        UsageError, DataError, RunFolderError: see `experiments.cli.errors`.
    """
    began = time.monotonic()
    data = load(source)
    _check_class_names(data)
    parent = make_parent(out)
    plan = make_plan(preset, questions, seeds)
    wanted: dict[Config, Task] = {}
    for task in plan:
        wanted.setdefault(task.config, task)
    display = Display()
    with display:
        display.line(data.banner)
        reused = find_runs(list(wanted), data, parent, display.line)
        if reused:
            display.line(f"Reused {len(reused)} of {len(wanted)} runs from {parent}")
        missing = [task for config, task in wanted.items() if config not in reused]
        if report_only:
            trained = Trained({}, {task.config: "was not trained" for task in missing})
        else:
            trained = _train(missing, preset, source, data, parent, display)
    folders = {**reused, **trained.folders}
    for line in tables(plan, folders, data, seeds):
        print(line)
    failed = [
        (task.part, f"{task.label}: {trained.failed[task.config]}")
        for task in plan
        if task.config in trained.failed
    ]
    info = ReportInfo(
        preset=preset,
        seeds=tuple(seeds),
        seconds=time.monotonic() - began,
        reused_seconds=sum(map(_seconds, reused.values())),
        reused=len(reused),
        trained=len(trained.folders),
        cores=cores(),
        group=group,
        questions=questions,
        missing=tuple(failed),
    )
    problems = [*_missing(failed, report_only), *_report(plan, folders, parent, info, data)]
    if problems:
        raise (RunFolderError if report_only else CommandError)("; ".join(problems))
    print(f"All done in {duration(time.monotonic() - began)}")


def _check_class_names(data: Dataset) -> None:
    if CLASSES and len(CLASSES) != len(data.class_names):
        raise UsageError(
            f"class_names: got {len(CLASSES)} in the assignment's file, expected a name for each "
            f"of the {len(data.class_names)} classes of {data.source}; mend the list, or leave it "
            "out"
        )


def _train(
    missing: Sequence[Task],
    preset: Preset,
    source: str | None,
    data: Dataset,
    parent: Path,
    display: Display,
) -> Trained:
    if not missing:
        return Trained({}, {})
    estimates = Estimates(len(data.train), busy(cores()))
    together = any(isinstance(t.config, Q2Config) for t in missing) and accelerated()
    jobs = make_jobs(missing, estimates, together)
    seconds = [sum(estimates.run(task.kind, task.epochs) for task in job) for job in jobs]
    display.line(
        f"Preset {preset}: {len(missing)} runs to do, {min(cores(), len(jobs))} at once, "
        f"{in_words(time_left([], seconds, cores()))}"
    )
    calls = [make_call(job, source, parent, together) for job in jobs]
    trained = train(jobs, calls, cores(), estimates, display)
    for config, folder in list(trained.folders.items()):
        of_data = isinstance(config, (Q1Config, Q2Config))
        if of_data and Run(folder).config["data"]["sha256"] != data.sha256:
            trained.failed[config] = f"{folder}: the data changed while runs were trained"
            del trained.folders[config]
    return trained


def _report(
    plan: Sequence[Task], folders: dict[Config, Path], parent: Path, info: ReportInfo, data: Dataset
) -> list[str]:
    """Make the report of what there is and name its files; what went wrong with it."""
    if not folders:
        return []
    from experiments.report.make import make_report  # Matplotlib and Typst, not needed before

    parts: dict[str, list[Path]] = {task.part: [] for task in plan}
    for task in plan:
        if task.config in folders:
            parts[task.part].append(folders[task.config])
    try:
        report = make_report(parts, parent, info, data)
    except CommandError as error:
        return [f"no report: {error}"]
    print("\n" + "\n".join(map(str, report.files)))
    return [f"left out of the report: {error}" for error in report.failed]


def _missing(failed: Sequence[tuple[str, str]], report_only: bool) -> list[str]:
    if not failed:
        return []
    names = "; ".join(f"{part} {why}" for part, why in failed)
    if report_only:
        return [f"missing {names}; leave out --report-only to train what is missing"]
    return [
        f"{len(failed)} of the runs failed: {names}; the others are kept: the same command again "
        "trains only what is missing"
    ]


def _seconds(folder: Path) -> float:
    """Return what a run once took, where its folder tells."""
    try:
        return float(Run(folder).summary.get("seconds", 0.0))
    except RunFolderError:
        return 0.0  # question 3's folder is of another kind
