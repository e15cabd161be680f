"""The runs that are missing, trained side by side; one that fails is noted and the rest go on."""

from collections.abc import Sequence
from importlib.metadata import entry_points
from pathlib import Path
from typing import NamedTuple

from experiments.cli.text import duration, one_line
from experiments.configs.q2 import Q2Config
from experiments.environment.variables import JAX_VARIABLES
from experiments.parallel.pool import Call, Event, Pool
from experiments.reproduction.estimate import Estimates
from experiments.reproduction.plan import Config, Task
from experiments.reproduction.progress import Display, Progress
from experiments.reproduction.work import ONE_THREAD, train_one, train_question_2
from experiments.runs.reader import Run

Job = list[Task]


class Trained(NamedTuple):
    """The folders of the runs that were trained, by configuration, and why the others have none."""

    folders: dict[Config, Path]
    failed: dict[Config, str]


def accelerated() -> bool:
    """Return whether JAX finds an accelerator; asked only where a plugin for one is installed.

    Raises:
        UsageError, CommandError: see `experiments.environment.jax_setup.prepare_jax`.
    """
    if not entry_points(group="jax_plugins"):
        return False
    import jax

    from experiments.environment.jax_setup import prepare_jax

    prepare_jax()
    return jax.default_backend() != "cpu"


def make_jobs(tasks: Sequence[Task], estimates: Estimates, together: bool) -> list[Job]:
    """Make a job per run, the longest first: so no core waits long for the last one.

    On an accelerator question 2's runs, trained together, are one job; it comes first.
    """
    on_device = [task for task in tasks if together and isinstance(task.config, Q2Config)]
    alone = [task for task in tasks if task not in on_device]
    alone.sort(key=lambda task: estimates.run(task.kind, task.epochs), reverse=True)
    return [*([on_device] if on_device else []), *([task] for task in alone)]


def make_call(job: Job, source: str | None, parent: Path, together: bool) -> Call:
    """Return what the job's process does."""
    if together and isinstance(job[0].config, Q2Config):
        configs = [task.config for task in job]
        return Call(train_question_2, (configs, source, parent), JAX_VARIABLES)
    return Call(train_one, (job[0].config, source, parent), {**ONE_THREAD, **JAX_VARIABLES})


def train(
    jobs: Sequence[Job], calls: Sequence[Call], at_once: int, estimates: Estimates, display: Display
) -> Trained:
    """Do all jobs and say how they come along; see `experiments.parallel.pool`."""
    progress = Progress(jobs, at_once, estimates)
    trained = Trained({}, {})
    with Pool(calls, at_once) as pool:
        for event in pool.events():
            for line in _note(event, jobs, progress, trained):
                display.line(line)
            display.update(progress.text())
    return trained


def _note(event: Event, jobs: Sequence[Job], progress: Progress, trained: Trained) -> list[str]:
    """Enter an event into progress and results; the lines it is worth."""
    match event.kind:
        case "start":
            progress.start(event.job)
            return [f"start   {_name(task)}" for task in jobs[event.job]]
        case "epoch":
            progress.epoch(event.job)
        case "folder":
            number, folder = event.content
            trained.folders[jobs[event.job][number].config] = folder
            progress.run_done()
        case "end" | "failed" | "killed":
            return _ended(event, jobs[event.job], progress, trained)
    return []


def _ended(event: Event, job: Job, progress: Progress, trained: Trained) -> list[str]:
    """Enter the end of a job, and why those of its runs that have no folder have none."""
    why = {
        "end": "it ended without a folder",
        "failed": one_line(event.content),
        "killed": f"ended from outside (exit code {event.content}); free memory, or close other "
        "programs, and start again",
    }[event.kind]
    seconds = progress.end(event.job)
    lines = []
    for task in job:
        folder = trained.folders.get(task.config)
        if folder is not None:
            lines.append(f"done    {_name(task)}: {outcome(folder)}{duration(seconds)}")
        else:
            trained.failed[task.config] = why
            progress.run_done()
            lines.append(f"FAILED  {_name(task)}: {why}")
    if progress.finished < progress.total:
        lines.append(f"        {progress.text()}")
    return lines


def outcome(folder: Path) -> str:
    """Return the test accuracy of a run, for those that have one, and whether it diverged."""
    if not (folder / "weights.npz").exists() or not (folder / "metrics.jsonl").exists():
        return ""
    run = Run(folder)
    epoch = run.summary.get("diverged_at_epoch")
    diverged = f", diverged at epoch {epoch}" if epoch else ""
    return f"test acc {run.accuracy('test'):.4f}{diverged}, "


def _name(task: Task) -> str:
    return f"{task.part:5s} {task.label}"
