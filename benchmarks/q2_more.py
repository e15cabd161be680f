"""What else question 2 promises: how soon it starts, how its sweeps and several runs are best run.

Each answer is a row: `{"what", "contender", ...}`.
"""

import statistics
import tempfile
import time
from collections.abc import Sequence
from contextlib import ExitStack

from benchmarks.command import measure_command
from benchmarks.rounds import Row, alternate
from benchmarks.running import SWEEP_MODES, Job, start
from experiments.configs.q2 import Q2Config

DROPOUTS = (0.01, 0.25, 0.5)
ROUNDS = 3


def measure_more(data: str | None) -> list[Row]:
    """Measure and print everything here; about two minutes on two cores.

    Raises:
        CommandError: a command or a contender failed.
    """
    print("\nquestion 2, more")
    rows = [start_up(data)]
    print(
        f"  hw1-q2 mlp, programs on disk: first epoch done after {rows[0]['first_epoch']:.1f} s, "
        f"peak {rows[0]['peak_mb']} MB",
        flush=True,
    )
    for batch_size in (64, 512):
        rows += sweeps(batch_size, data)
        _print_rates(rows[-2:])
    rows += two_processes(data)
    _print_rates(rows[-2:])
    return rows


def start_up(data: str | None) -> Row:
    """Time from the command to the end of its first epoch, its program compiled beforehand.

    Returns:
        `first_epoch` and `whole` (a command of one epoch, test accuracy and figures) in seconds,
        `peak_mb` of the whole command.
    """
    with tempfile.TemporaryDirectory() as out:
        arguments = ["mlp", "-epochs", "1", "--out", out, "--data", data or "builtin"]
        for _ in range(2):
            found = measure_command("experiments.q2", *arguments, line="train loss:")
    return {
        "what": "start",
        "contender": "hw1-q2 mlp",
        "first_epoch": found.first,
        "whole": found.seconds,
        "peak_mb": found.peak_mb,
    }


def sweeps(batch_size: int, data: str | None) -> list[Row]:
    """Three dropouts as columns of one program, in turn and side by side."""
    configs = tuple(Q2Config("mlp", batch_size=batch_size, dropout=rate) for rate in DROPOUTS)
    with ExitStack() as stack:
        running = [start(stack, Job("ours", configs, data, mode)) for mode in SWEEP_MODES]
        alternate(running, ROUNDS)
    what = f"{len(configs)} columns, batch {batch_size}"
    return [_rate(what, one.job.mode, len(configs), one.seconds) for one in running]


def two_processes(data: str | None) -> list[Row]:
    """Two runs, each on one thread in a process of its own, against one run on all threads."""
    job = Job("ours", (Q2Config("mlp"),), data)
    apart: list[float] = []
    together: list[float] = []
    with ExitStack() as stack:
        # XLA makes as many threads as NPROC says.
        pair = [start(stack, job, {"NPROC": "1"}) for _ in range(2)]
        single = start(stack, job)
        for _ in range(ROUNDS):
            for seconds, group in ((apart, pair), (together, [single])):
                began = time.perf_counter()
                for one in group:
                    one.begin()
                for one in group:
                    one.end()
                seconds.append(time.perf_counter() - began)
    what = "mlp, batch 64"
    return [
        _rate(what, "two processes of one thread", 2, apart),
        _rate(what, "one process", 1, together),
    ]


def _rate(what: str, contender: str, epochs: int, seconds: list[float]) -> Row:
    """Epochs per second, from the seconds that so many of them took at once."""
    return {
        "what": what,
        "contender": contender,
        "epochs_per_second": epochs / statistics.median(seconds),
        "seconds": seconds,
    }


def _print_rates(rows: Sequence[Row]) -> None:
    for row in rows:
        name = f"{row['what']}: {row['contender']}"
        print(f"  {name:50s} {row['epochs_per_second']:6.2f} epochs per second", flush=True)
