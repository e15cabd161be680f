"""Question 3 as one of the homework's runs: its folder, and when it need not be done again."""

from pathlib import Path
from typing import Any

from experiments.cli.errors import RunFolderError
from experiments.environment.sources import sources_hash
from experiments.files.safe_read import read_object
from experiments.report.question3_results import read_question3
from experiments.runs.json_files import write_json

FOLDER = "q3"

SETTINGS: dict[str, Any] = {
    "dims": [1, 2, 5, 10, 20],
    "hidden": [],
    "trials": 3,
    "seed": 0,
    "eps": None,
}
"""The flags of `hw1-q3`, as they are if it is asked for nothing else."""


def describe_question_3() -> dict[str, object]:
    """Return what the claims and curves depend on."""
    sources = sources_hash("experiments.question3.session")
    return {"command": "hw1-q3", "config": SETTINGS, "sources_sha256": sources}


def run_question_3(parent: Path) -> tuple[Path, bool]:
    """Try every claim, in `parent`/q3; the folder, and whether all of them hold.

    `config.json` is written last: without it the files beside it are not taken for these.
    """
    from experiments.question3.session import run_session

    folder = parent / FOLDER
    (folder / "config.json").unlink(missing_ok=True)
    lists = {name: tuple(SETTINGS[name]) for name in ("dims", "hidden")}
    holds = run_session(**{**SETTINGS, **lists}, out=str(folder))
    if holds:
        write_json(folder / "config.json", describe_question_3())
    return folder, holds


def find_question_3(parent: Path) -> Path | None:
    """Return the folder, if these very claims were tried in it and hold; else None.

    Raises:
        RunFolderError: it was left by such a run, and is damaged.
    """
    folder = parent / FOLDER
    if not (folder / "config.json").exists():
        return None
    config, report = (_read(folder / f"{name}.json") for name in ("config", "verify"))
    if config != describe_question_3():
        return None
    # hw1-q3 may have been run here since, with settings of its own.
    if report.get("settings") != SETTINGS or not report.get("holds"):
        return None
    read_question3(folder)
    return folder


def _read(path: Path) -> dict[str, object]:
    try:
        return read_object(path)
    except (OSError, ValueError) as error:
        raise RunFolderError(
            f"{path}: got a damaged file ({error}), expected JSON; run question 3 again"
        ) from None
