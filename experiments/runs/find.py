"""Which run is meant: by its folder, by a file in it, by a sweep over it, or the newest."""

import glob
import os
from collections.abc import Sequence
from pathlib import Path
from typing import TypedDict

from experiments.cli.errors import RunFolderError
from experiments.cli.text import printable
from experiments.files.safe_read import is_folder, read_object
from experiments.runs.records import COMMANDS, checked

PARENT = Path("runs")
"""Where the commands leave their runs, and look for the newest."""

_is_file = os.path.isfile  # that of Path raises at a name that is too long


class _Row(TypedDict):
    runs: list[str]


class _Sweep(TypedDict):
    """Of a `sweep.json`, see `experiments.runs.sweep.SweepRow`, what tells its runs."""

    rows: list[_Row]
    best: int


def find_run(named: str | None) -> Path:
    """Return the folder of the run that is meant.

    Args:
        named: a run's folder or a file in it; a sweep's, whose best run is taken; a folder of
            runs, whose newest is taken; None for the newest finished run in `PARENT`.

    Raises:
        RunFolderError: there is none.
    """
    if named is None:
        return _newest_run(PARENT)
    place = Path(named)
    if not is_folder(place) and _is_run(place.parent):
        return place.parent
    if sweep := _sweep_at(place):
        return _runs_of_sweep(sweep)[1]
    return _newest_run(place) if _members(place) else place


def find_runs(named: Sequence[str]) -> list[Path]:
    """Return the folders of all the runs that are meant.

    Args:
        named: what `find_run` takes, where a sweep means all its runs; folders of runs; patterns
            such as "runs/mlp-*", for shells that do not fill them in. A run that is named and in
            one of these too comes once.

    Raises:
        RunFolderError: a sweep is damaged, or a pattern matches no run.
    """
    found: list[tuple[Path, bool]] = []
    for text in named:
        places, by_name = [Path(text)], True
        # Path.glob would take no absolute pattern.
        if glob.has_magic(text) and not is_folder(places[0]):
            places = [Path(match) for match in sorted(glob.glob(text))]  # noqa: PTH207
            places = [place for place in places if _has_model(place) or _members(place)]
            by_name = False
            if not places:
                raise RunFolderError(
                    f"{printable(text)}: got a pattern that no finished run matches, expected "
                    "one's; check it with hw1-runs"
                )
        for place in places:
            members = _members(place)
            found += [(run, False) for run in members] or [(find_run(str(place)), by_name)]
    direct = [run for run, named_itself in found if named_itself]
    beside = dict.fromkeys(run for run, _ in found if run not in direct)
    return direct + list(beside)


def _members(place: Path) -> list[Path]:
    """Return the runs of a sweep or of a folder of runs; none where `place` is neither."""
    if _is_run(place) or _is_run(place.parent):
        return []
    if sweep := _sweep_at(place):
        return _runs_of_sweep(sweep)[0]
    if not is_folder(place):
        return []
    return _finished_in(place)


def _is_run(folder: Path) -> bool:
    """Return whether a folder is that of a finished run."""
    return _is_file(folder / "summary.json") and _is_file(folder / "config.json")


def _finished_in(parent: Path) -> list[Path]:
    """Return the finished runs of questions 1 and 2 in a folder, by name."""
    folders = sorted(file.parent for file in parent.glob("*/summary.json"))
    return [folder for folder in folders if _has_model(folder)]


def _has_model(folder: Path) -> bool:
    return _is_run(folder) and trains_a_model(folder)


def trains_a_model(folder: Path) -> bool:
    """Return whether a run is of question 1 or 2, no path of L1 solutions and not question 3's.

    Of one that does not tell, too: whoever reads it says what is wrong.
    """
    try:
        command = read_object(folder / "config.json").get("command")
    except (OSError, ValueError):
        return True
    return command is None or command in COMMANDS


def _newest_run(parent: Path) -> Path:
    finished = _finished_in(parent)
    if not finished:
        raise RunFolderError(
            f"{printable(parent)}: got no finished run, expected one; train with hw1-q1 or "
            "hw1-q2, or name the run's folder"
        )
    return max(finished, key=lambda folder: (folder / "summary.json").stat().st_mtime_ns)


def _sweep_at(place: Path) -> Path | None:
    """Return the folder of the sweep that is meant by it, or by a file in it."""
    return next((at for at in (place, place.parent) if _is_file(at / "sweep.json")), None)


def _runs_of_sweep(folder: Path) -> tuple[list[Path], Path]:
    """Return the runs of a sweep, and the first of its best configuration."""
    try:
        sweep = checked(_Sweep, read_object(folder / "sweep.json"))
        groups = [
            [folder.parent / Path(name).name for name in row["runs"]] for row in sweep["rows"]
        ]
        best = groups[sweep["best"]][0]
    except (OSError, ValueError, IndexError):
        raise RunFolderError(
            f"{printable(folder / 'sweep.json')}: got no best run, expected that of a finished "
            "sweep; name a run's folder"
        ) from None
    return [run for runs in groups for run in runs], best
