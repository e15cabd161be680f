"""The runs of one `hw1-q2` command: data, programs, figures, and what is said at the end."""

from collections.abc import Sequence
from pathlib import Path

import jax

from experiments.cli.console import Console, NullConsole
from experiments.cli.errors import DataError, UsageError
from experiments.configs.labels import labels
from experiments.configs.q2 import Q2Config
from experiments.data.dataset import Dataset
from experiments.data.shards.dataset import ShardedDataset, open_data
from experiments.environment.jax_setup import prepare_jax
from experiments.parallel.graceful_stop import graceful_stop
from experiments.parallel.pool import Output
from experiments.plots.show import show
from experiments.process_group.group import ProcessGroup
from experiments.runs.figures import figures_of
from experiments.runs.folder import make_parent
from experiments.runs.reader import Run
from experiments.runs.records import EpochRecord
from experiments.training.describe import find_finished
from experiments.training.loop import ONE_PROCESS, train_runs
from experiments.training.memory import check_memory
from experiments.training.options import SessionOptions
from experiments.training.q2.programs import Programs
from experiments.training.q2.trainer import JaxTrainer
from experiments.training.trainer import Wording, diverged_at, in_digits


def run_session(
    configs: Sequence[Q2Config],
    names: tuple[str, ...],
    options: SessionOptions,
    devices: int | None = None,
    processes: ProcessGroup = ONE_PROCESS,
) -> list[Path]:
    """Train runs, compare them if there are several, and print and return their folders.

    Args:
        configs: what to train.
        names: the hyperparameters in which they differ.
        options: the rest of the command line.
        devices: how many devices take part, None for all there are.
        processes: the processes that run this command together; the first prints and writes, and it
            alone knows the folders.

    Raises:
        UsageError, DataError, RunFolderError, CommandError: see `experiments.cli.errors`.
    """
    data = open_data(options.source)
    prepare_jax()
    processes.check_same("data", data.sha256[:12], DataError)
    if jax.default_backend() == "cpu":
        for config in configs:
            check_memory([config], data)
    programs = make_programs(data, devices, processes.count)
    is_main = processes.is_main_process
    parent = make_parent(options.out) if is_main else Path(options.out)
    total, resume = sum(config.epochs for config in configs), options.resume
    called = dict(zip(configs, labels(configs), strict=True))
    with Console(total) if is_main else NullConsole() as console:
        console.line(data.banner)
        if processes.count > 1:
            console.line(f"{processes.count} processes, {jax.device_count()} devices in all")
        for note in options.notes:
            console.line(note)
        folders = find_finished(configs, data, parent, console) if resume and is_main else {}
        finished = processes.broadcast([config in folders for config in configs])
        left = [config for config, done in zip(configs, finished, strict=True) if not done]
        begun = len(configs) - len(left)
        with graceful_stop(options.to_continue):
            for group in programs.groups(left):
                own = [called[config] for config in group]
                if len(configs) > 1:
                    first, last = begun + 1, begun + len(group)
                    which = f"run {first}" if len(group) == 1 else f"runs {first} to {last}"
                    console.line(f"{which} of {len(configs)}: {'; '.join(own)}")
                done = train_group(group, own, data, programs, parent, console, resume, processes)
                begun += len(group)
                if is_main:
                    folders.update(zip(group, done, strict=True))
                    for folder in done:
                        _figures(folder, options.kind)
        if not is_main:
            return []
        seconds = programs.compile_seconds if left else 0.0
        if left:
            console.line(
                f"Compiling took {seconds:.1f} s ({programs.compiled} programs), "
                "apart from the times above"
            )
        return _present([folders[config] for config in configs], names, seconds, options, console)


def _present(
    folders: list[Path],
    names: tuple[str, ...],
    compile_seconds: float,
    options: SessionOptions,
    console: NullConsole,
) -> list[Path]:
    """Compare finished runs if there are several, open the figures if asked, name the folders."""
    figures = [figure for folder in folders for figure in _figures(folder, options.kind)]
    if len(folders) > 1:
        from experiments.training.q2.sweep_folder import finish_sweep  # loads Matplotlib

        runs = [Run(folder) for folder in folders]
        sweep, figure = finish_sweep(runs, names, compile_seconds, options, console)
        figures.append(figure)
        folders = [*folders, sweep]
    if options.show:
        console.line(show(figures))
    for folder in folders:
        console.line(str(folder))
    return folders


def _figures(folder: Path, kind: str) -> list[Path]:
    from experiments.plots.run import draw_run  # loads Matplotlib: not before the training

    return figures_of(folder, draw_run, kind)


def make_programs(data: Dataset, devices: int | None, processes: int = 1) -> Programs:
    """Make the programs for these data on so many devices, None for all that JAX sees.

    Raises:
        UsageError: there are fewer devices, or several processes are to leave devices out.
    """
    there = jax.device_count()
    used = there if devices is None else devices
    if used > there:
        raise UsageError(
            f"--devices: got {used}, expected at most the {there} that JAX sees here "
            f"({jax.default_backend()}); take fewer (a CPU counts as one, or as N with "
            "XLA_FLAGS=--xla_force_host_platform_device_count=N)"
        )
    if processes > 1 and used < there:
        raise UsageError(
            f"--devices: got {used} with {processes} processes, expected all {there} that they "
            "have together; leave the flag out"
        )
    if isinstance(data, ShardedDataset):
        from experiments.training.q2.streaming_programs import StreamedPrograms  # loads Grain

        return StreamedPrograms(data, used, processes)
    return Programs(data, None, used, processes)


def train_group(
    configs: Sequence[Q2Config],
    names: Sequence[str],
    data: Dataset,
    programs: Programs,
    parent: Path,
    output: Output,
    resume: bool = False,
    processes: ProcessGroup = ONE_PROCESS,
) -> list[Path]:
    """Train runs that share a program; see `experiments.training.loop.train_runs`."""
    trainer = JaxTrainer(configs, data, programs)
    return train_runs(trainer, WORDING, names, parent, output, resume=resume, processes=processes)


def _epoch_lines(record: EpochRecord) -> list[str]:
    val = record["val"]
    lines = [
        f"train loss: {in_digits(record['loss'])} | val loss: {in_digits(val['loss'])} | "
        f"val acc: {val['accuracy']:.4f}"
    ]
    if diverged_at([record]) is not None:
        lines.append(f"Diverged at epoch {record['epoch']}: take a smaller -learning_rate")
    return lines


WORDING = Wording(lambda _initial: [], _epoch_lines, "trained already")
