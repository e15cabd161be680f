"""What is done for each kind of run: a finished one is found, or a process does it."""

import contextlib
import io
from collections.abc import Callable, Sequence
from pathlib import Path

from experiments.cli.errors import CommandError, RunFolderError
from experiments.configs.q1 import Q1Config
from experiments.configs.q2 import Q2Config
from experiments.data.dataset import Dataset
from experiments.data.load import load
from experiments.environment.variables import BLAS_THREADS, one_blas_thread
from experiments.parallel.pool import Channel
from experiments.reproduction.plan import Config, LassoPath, Question3
from experiments.reproduction.question3 import find_question_3, run_question_3
from experiments.runs.figures import figures_of, tidy
from experiments.runs.resume import FinishedRuns

# Read as JAX and BLAS load. XLA takes as many threads as NPROC says there are cores.
ONE_THREAD = dict.fromkeys(("NPROC", "OMP_NUM_THREADS", *BLAS_THREADS), "1")


def find_runs(
    configs: Sequence[Config], data: Dataset, parent: Path, warn: Callable[[str], None]
) -> dict[Config, Path]:
    """Return the folders of finished runs that need not be trained again, by configuration.

    `warn` gets a line about each damaged one.
    """
    from experiments.training import lasso_path
    from experiments.training.describe import describe

    finished = FinishedRuns(parent, warn)
    found: dict[Config, Path] = {}
    for config in configs:
        folder = None
        match config:
            case Question3():
                try:
                    folder = find_question_3(parent)
                except RunFolderError as error:
                    warn(f"{error} (not reused)")
            case LassoPath(preset):
                folder = finished.find(lasso_path.describe(data, preset))
            case _:
                folder = finished.find(describe(config, data))
        if folder is not None:
            tidy(folder)
            found[config] = folder
    return found


def train_one(config: Config, source: str | None, parent: Path, channel: Channel) -> None:
    """Do one run with one thread, or what is left of an interrupted one, and name its folder."""
    one_blas_thread()
    match config:
        case Q2Config():
            return train_question_2([config], source, parent, channel)
        case Q1Config():
            from experiments.plots.run import draw_run
            from experiments.training.q1.session import train_run

            folder = train_run(config, load(source), parent, channel, resume=True)
            figures_of(folder, draw_run)
        case LassoPath(preset):
            from experiments.training.lasso_path import run_lasso_path

            folder = run_lasso_path(load(source), parent, channel, preset)
        case Question3():
            with contextlib.redirect_stdout(io.StringIO()):
                folder, holds = run_question_3(parent)
            if not holds:
                raise CommandError(f"a claim does not hold; see {folder / 'verify.json'}")
    return channel.folder(0, folder)


def train_question_2(
    configs: Sequence[Q2Config], source: str | None, parent: Path, channel: Channel
) -> None:
    """Do runs of question 2, those that can share a program side by side; name their folders."""
    from experiments.environment.jax_setup import prepare_jax
    from experiments.plots.run import draw_run
    from experiments.training.q2.programs import Programs
    from experiments.training.q2.session import train_group

    data = load(source)
    prepare_jax()
    programs = Programs(data)
    for group in programs.groups(configs):
        labels = [config.slug for config in group]
        folders = train_group(group, labels, data, programs, parent, channel, resume=True)
        for config, folder in zip(group, folders, strict=True):
            figures_of(folder, draw_run)
            channel.folder(configs.index(config), folder)
