"""The training of runs, of either question: every line printed and every file but the figures."""

from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import cast

import numpy as np

from experiments.cli.console import assignment_duration
from experiments.cli.errors import InterruptionError
from experiments.configs.labels import Config
from experiments.parallel import graceful_stop
from experiments.parallel.pool import Output
from experiments.process_group.group import ProcessGroup
from experiments.runs.checkpoint import Progress, newest
from experiments.runs.folder import RunFolder
from experiments.runs.records import Description, EpochRecord, Summary, Tally
from experiments.runs.resume import open_run
from experiments.training.describe import describe
from experiments.training.trainer import Result, Trainer, Wording, diverged_at

ONE_PROCESS = ProcessGroup()


@dataclass
class _Run:
    """One of the runs, and what its epochs gave; the folder is the main process's alone."""

    config: Config
    about: Description
    folder: RunFolder | None
    prefix: str
    epochs: list[EpochRecord] = field(default_factory=list)

    @property
    def path(self) -> Path:
        return Path("nowhere") if self.folder is None else self.folder.path


def train_runs(
    trainer: Trainer,
    wording: Wording,
    names: Sequence[str],
    parent: Path,
    output: Output,
    *,
    resume: bool = False,
    processes: ProcessGroup = ONE_PROCESS,
) -> list[Path]:
    """Train runs together, print and write all but the figures, and return their folders.

    Args:
        trainer: of the question, as is the wording.
        wording: what is said.
        names: what the printed lines call each run if there are several.
        parent: where the runs' folders are made.
        output: where the lines go.
        resume: whether unfinished runs with these configurations are continued if there are any.
        processes: those that train these runs together; the first of them alone has the folders.

    Raises:
        RunFolderError: a folder cannot be written, or another process writes to it.
        InterruptionError: Ctrl-C, after the epoch and its checkpoints.
    """
    processes.check_interruption()
    runs, begun = [], False
    with ExitStack() as stack:
        for config, name in zip(trainer.configs, names, strict=True):
            about, folder = describe(config, trainer.data), None
            if processes.is_main_process:
                folder, was_there = open_run(parent, config.slug, about, resume)
                stack.enter_context(folder)
                begun |= was_there
            runs.append(_Run(config, about, folder, f"{name}: " if len(names) > 1 else ""))
        if processes.broadcast(all(run.folder and run.folder.has_results for run in runs)):
            output.line(wording.trained_already.format(runs[0].path))
        else:
            _train(trainer, wording, runs, processes.broadcast(begun), output, processes)
        for run in runs:
            if run.folder is not None:
                run.folder.mark_finished()
    return [run.path for run in runs]


def _train(
    trainer: Trainer,
    wording: Wording,
    runs: Sequence[_Run],
    begun: bool,
    output: Output,
    processes: ProcessGroup,
) -> None:
    initial = trainer.start()
    epoch, seconds, last = 0, 0.0, trainer.configs[0].epochs
    if begun:
        epoch, seconds = _continue(trainer, runs, output, processes)
    else:
        for line in wording.initial(initial[0]):
            output.line(line)
    processes.check_interruption()
    while epoch < last and any(diverged_at(run.epochs) is None for run in runs):
        epoch += 1
        output.line(f"Training epoch {epoch}")
        records, spent = trainer.train_epoch(epoch)
        seconds += spent
        for run, record in zip(runs, records, strict=True):
            if diverged_at(run.epochs) is None:
                run.epochs.append(record)
                if run.folder is not None:
                    run.folder.add_epoch(record)
                for line in wording.epoch(record):
                    output.line(run.prefix + line)
                output.advance(run.config.model)
        # All processes have to stop after the same epoch, and the first alone knows what a
        # checkpoint costs.
        due = runs[0].folder is not None and runs[0].folder.checkpoints.due()
        votes = processes.all_gather([graceful_stop.requested(), due])
        stopping = any(asked for asked, _ in votes)
        if epoch < last and (stopping or votes[0][1]):
            for run, arrays in zip(runs, trainer.arrays(), strict=True):
                if run.folder is not None:
                    progress = Progress(epoch, run.epochs, seconds, arrays)
                    run.folder.save(progress, trainer.beside)
            if stopping:
                raise InterruptionError("interrupted")
    output.line(f"Training took {assignment_duration(seconds)}")
    results = trainer.finish([run.epochs[-1] for run in runs])
    for i, (run, result) in enumerate(zip(runs, results, strict=True)):
        output.line(f"{run.prefix}Final test acc: {result.final['test']['accuracy']:.4f}")
        if run.folder is not None:
            summary = _summary(trainer, run, initial[i], result, seconds / len(runs))
            run.folder.write_results(summary, result.weights)


def _continue(
    trainer: Trainer, runs: Sequence[_Run], output: Output, processes: ProcessGroup
) -> tuple[int, float]:
    """Go back to the newest checkpoints, files included; the epoch and the seconds so far."""
    like = trainer.arrays()[0]
    held = [run.folder.checkpoints for run in runs if run.folder is not None]
    found = newest(held, like, trainer.beside, output.line, trainer.check) if held else None
    if processes.count > 1:
        found = _from_main_process(found, processes)
    epoch = 0
    if found:
        epoch = found[0].epoch
        trainer.restore(epoch, [progress.arrays for progress in found])
    for i, run in enumerate(runs):
        run.epochs = found[i].epochs if found else []
        if run.folder is not None:
            run.folder.truncate_metrics(run.epochs)
        output.line(f"{run.path}: continuing after epoch {epoch}")
    return epoch, found[0].seconds if found else 0.0


def _from_main_process(found: list[Progress] | None, processes: ProcessGroup) -> list[Progress]:
    """Return what the main process has found, in every process; the others have no folders."""
    held = found or []
    told = processes.broadcast([(p.epoch, p.epochs, p.seconds) for p in held])
    return [
        Progress(*numbers, processes.broadcast_arrays(held[i].arrays if held else {}))
        for i, numbers in enumerate(told)
    ]


def _summary(
    trainer: Trainer, run: _Run, initial: dict[str, Tally], result: Result, seconds: float
) -> Summary:
    summary = {
        "model": run.config.model,
        "seed": run.config.seed,
        "synthetic": trainer.data.synthetic,
        "initial": initial,
        "final": result.final,
        "confusion": {"test": result.confusion},
        "diverged_at_epoch": diverged_at(run.epochs),
        "seconds": round(seconds, 3),
        "seconds_per_epoch": round(float(np.median([e["seconds"] for e in run.epochs])), 5),
        **trainer.circumstances(),
        **run.about,
    }
    return cast(Summary, summary)
