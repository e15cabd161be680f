"""What was understood of a file: a table for people, an object for scripts."""

import math
from typing import Any

from experiments.assignment import Measure
from experiments.checking.given_numbers import ACCURACIES, MEASURES, Given
from experiments.checking.reading.lines import Setting
from experiments.checking.reading.runs import Numbers, Reading, ReadRun
from experiments.checking.reading.words import SettingName

TITLES: dict[Measure, str] = {
    "train": "train", "val": "val", "test": "test", "norm": "W norm", "loss": "loss",
    "val_loss": "val loss",
}  # fmt: skip
MAX_DECIMALS = 6
_WIDTH = 10


def as_object(reading: Reading) -> dict[str, Any]:
    """Return the runs as JSON takes them: shares, and null for what is not finite."""
    return {
        "runs": [
            {
                "settings": dict(run.settings),
                "epochs": {str(epoch): _numbers(found) for epoch, found in run.epochs.items()},
                "final": _numbers(run.final),
            }
            for run in reading.runs
        ],
        "lines": reading.lines,
        "passed_over": {
            "lines": reading.passed_over, "numbers": reading.numbers_passed_over,
        },
        "notes": reading.notes,
    }  # fmt: skip


def reading_lines(reading: Reading) -> list[str]:
    """Return the lines that show every run, a row per epoch and the final values."""
    lines = [_count(len(reading.runs), "run") + " understood"]
    for place, run in enumerate(reading.runs, 1):
        heading = f"run {place}" + (f": {settings_text(run)}" if run.settings else "")
        lines += ["", heading, *_table(run)]
        lines += [
            f"  {TITLES[measure]} of epoch {epoch} is {value}, not finite: an overflow, or log 0"
            for epoch, measure, value in run.not_finite
        ]
    lines += ["", *(f"note: {note}" for note in reading.notes)]
    lines.append(
        f"passed over: {reading.passed_over:,} of {_count(reading.lines, 'line')}, and "
        f"{_count(reading.numbers_passed_over, 'number')} that belong to no epoch"
    )
    return lines


def settings_text(run: ReadRun) -> str:
    """Return a run's settings as flags, "mlp -dropout 0.25"."""
    words = []
    for name, value in run.settings.items():
        typed = f"{value:.12g}" if isinstance(value, float) else value
        words.append(typed if name == "model" else f"-{name} {typed}")
    return " ".join(words)


def choose(reading: Reading, wanted: dict[SettingName, Setting], number: int | None) -> ReadRun:
    """Return the one run that is meant.

    Args:
        reading: what was read.
        wanted: settings that were given by flags.
        number: which run was asked for, from 1.

    Raises:
        ValueError: it is none of them, or more than one.
    """
    runs = reading.runs
    if number is not None:
        if not 1 <= number <= len(runs):
            raise ValueError(f"got --run {number}, expected 1 to {len(runs)}; see --read")
        return runs[number - 1]
    if len(runs) > 1 and wanted:
        runs = [run for run in runs if wanted.items() <= run.settings.items()]
    if len(runs) != 1:
        shown = "; ".join(settings_text(run) or "no settings" for run in reading.runs[:6])
        raise ValueError(
            f"got {len(reading.runs)} runs ({shown}) of which {len(runs)} fit, expected one; "
            "name it with -learning_rate, -dropout, ... or --run N"
        )
    return runs[0]


def _table(run: ReadRun) -> list[str]:
    rows: list[tuple[str, Numbers]] = [
        ("before" if epoch == 0 else str(epoch), found) for epoch, found in run.epochs.items()
    ]
    rows += [("final", run.final)] if run.final else []
    used = [measure for measure in MEASURES if any(measure in found for _, found in rows)]
    lines = ["epoch".rjust(8) + "".join(f"{TITLES[m]:>{_WIDTH}}" for m in used)]
    for name, found in rows:
        cells = "".join(f"{_cell(m, found.get(m)):>{_WIDTH}}" for m in used)
        lines.append(f"{name:>8}{cells}".rstrip())
    return lines


def _cell(measure: Measure, given: Given | None) -> str:
    if given is None:
        return ""
    if not given.finite:
        return str(given.value)
    if measure not in ACCURACIES and given.value and abs(math.log10(abs(given.value))) > 4:
        return f"{given.value:.3e}"
    return f"{given.value:.{min(given.digits, MAX_DECIMALS)}f}"


def _numbers(found: Numbers) -> dict[str, float | None]:
    return {m: found[m].value if found[m].finite else None for m in MEASURES if m in found}


def _count(number: int, what: str) -> str:
    return f"{number:,} {what}" + ("" if number == 1 else "s")
