"""What the processes do: one run, or all of question 2's on an accelerator, told to a `Channel`."""

import contextlib
import io
from collections.abc import Sequence
from pathlib import Path

from experiments.cli.commands import CommandError
from experiments.configs.q1 import Q1Config
from experiments.configs.q2 import Q2Config
from experiments.data.load import load
from experiments.environment.variables import BLAS_THREADS, one_blas_thread
from experiments.parallel.pool import Channel
from experiments.reproduction.plan import Config, LassoPath, Question3

# Read as JAX and BLAS load. XLA takes as many threads as NPROC says there are cores.
ONE_THREAD = dict.fromkeys(("NPROC", "OMP_NUM_THREADS", *BLAS_THREADS), "1")


def train_one(config: Config, source: str | None, parent: Path, channel: Channel) -> None:
    """Do one run with one thread, or what is left of an interrupted one, and name its folder."""
    one_blas_thread()
    match config:
        case Q1Config():
            folder = _question_1(config, source, parent, channel)
        case Q2Config():
            return train_question_2([config], source, parent, channel)
        case LassoPath():
            folder = _lasso_path(config, source, parent, channel)
        case Question3():
            folder = _question_3(parent)
    return channel.folder(0, folder)


def train_question_2(
    configs: Sequence[Q2Config], source: str | None, parent: Path, channel: Channel
) -> None:
    """Do runs of question 2, those that can share a program side by side; name their folders."""
    from experiments.environment.jax_setup import prepare_jax
    from experiments.plots.run import draw_run
    from experiments.runs.figures import figures_of
    from experiments.training.q2.programs import Programs
    from experiments.training.q2.train import train_group

    data = load(source)
    prepare_jax()
    programs = Programs(data)
    for group in programs.groups(configs):
        labels = [config.slug for config in group]
        folders = train_group(group, labels, data, programs, parent, channel, resume=True)
        for config, folder in zip(group, folders, strict=True):
            figures_of(folder, draw_run)
            channel.folder(configs.index(config), folder)


def _question_1(config: Q1Config, source: str | None, parent: Path, channel: Channel) -> Path:
    from experiments.plots.run import draw_run
    from experiments.runs.figures import figures_of
    from experiments.training.q1.train import train_run

    folder = train_run(config, load(source), parent, channel, threads=1, resume=True)
    figures_of(folder, draw_run)
    return folder


def _lasso_path(config: LassoPath, source: str | None, parent: Path, channel: Channel) -> Path:
    from experiments.training.lasso_path import run_lasso_path

    return run_lasso_path(load(source), parent, channel, config.preset)


def _question_3(parent: Path) -> Path:
    from experiments.reproduction.question3 import run_question_3

    said = io.StringIO()
    with contextlib.redirect_stdout(said):
        folder, holds = run_question_3(parent)
    if not holds:
        raise CommandError(f"a claim does not hold; see {folder / 'verify.json'}")
    return folder
