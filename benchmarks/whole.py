"""The whole homework: the plain scripts' seconds beside those of `hw1-reproduce`.

The plain scripts' are reckoned, seconds an epoch of this measurement times the assignment's epochs,
the faster number of threads for each; `hw1-reproduce` is run, with everything it does besides:
question 1.2d, question 3, figures and report.
"""

import tempfile
from collections.abc import Sequence
from typing import Any

from benchmarks import q1, q2
from benchmarks.command import measure_command
from benchmarks.rounds import Row, busy
from benchmarks.tables import ratio_text
from experiments.assignment import PARTS, Config
from experiments.cli.tables import text_table

SETTINGS = ("batch_size", "momentum", "l2_penalty")
"""Those that change an epoch's time; rates, dropout's and the penalty of question 2 do not."""


def measure_whole(rows: Sequence[Row], data: str | None, load: float) -> Row:
    """Run `hw1-reproduce` with one seed at the assignment's settings, and print both sides.

    Args:
        rows: of both questions, every configuration with a baseline.
        data: what `--data` names.
        load: the load average before the measurement.

    Returns:
        `plain` (rows of `plain_scripts`), `plain_seconds`, `reproduce_seconds`, `ratio` and its
        `not_clean` (the reasons).

    Raises:
        CommandError: `hw1-reproduce` failed.
    """
    plain = plain_scripts(rows)
    print("\nthe whole homework, one seed; hw1-reproduce runs, on a quiet machine 10 to 15 minutes")
    with tempfile.TemporaryDirectory() as out:
        found = measure_command(
            "experiments.reproduce", "--preset", "full", "--data", data or "builtin", "--out", out
        )
    seconds = sum(row["seconds"] for row in plain)
    whole = {
        "plain": plain,
        "plain_seconds": seconds,
        "reproduce_seconds": found.seconds,
        "ratio": seconds / found.seconds,
        "interval": None,
        "not_clean": busy(load),
    }
    print("\n".join(text_table(HEADERS, cells(whole))))
    print(f"hw1-reproduce: {found.seconds:.0f} s, ratio {ratio_text(whole)}", flush=True)
    return whole


HEADERS = ("plain scripts", "s/epoch", "epochs", "s")


def cells(whole: Row) -> list[list[str]]:
    """Write the plain scripts' rows and their sum for a table."""
    rows = [
        [
            f"{row['configuration']}: {row['contender']}",
            f"{row['seconds_per_epoch']:.3f}",
            str(row["epochs"]),
            f"{row['seconds']:.0f}",
        ]
        for row in whole["plain"]
    ]
    return [*rows, ["together", "", "", f"{whole['plain_seconds']:.0f}"]]


def plain_scripts(rows: Sequence[Row]) -> list[Row]:
    """Return what the assignment's runs of seed 42 take in the plain scripts.

    Args:
        rows: measured, of both questions.

    Returns:
        A row for each measured configuration: `configuration`, `contender` (the faster baseline),
        `seconds_per_epoch`, `epochs` (of all the assignment's runs that do the same work) and
        `seconds` (their product).

    Raises:
        KeyError: a run of the assignment has no measured configuration.
    """
    fastest: dict[str, Row] = {}
    for row in rows:
        name = row["configuration"]
        if row["contender"] in (*q1.BASELINES, *q2.BASELINES):
            best = fastest.setdefault(name, row)
            fastest[name] = min(best, row, key=lambda one: one["seconds_per_epoch"])
    configurations: dict[str, Config] = {**q1.CONFIGURATIONS, **q2.CONFIGURATIONS}
    measured = {_work(config): name for name, config in configurations.items()}
    epochs = dict.fromkeys(fastest, 0)
    for part in PARTS.values():
        for config in part.runs([42]):
            epochs[measured[_work(config)]] += config.epochs
    return [
        {
            "configuration": name,
            "contender": row["contender"],
            "seconds_per_epoch": row["seconds_per_epoch"],
            "epochs": epochs[name],
            "seconds": epochs[name] * row["seconds_per_epoch"],
        }
        for name, row in fastest.items()
    ]


def _work(config: Config) -> tuple[Any, ...]:
    return (type(config), config.model, *(getattr(config, name, None) for name in SETTINGS))
