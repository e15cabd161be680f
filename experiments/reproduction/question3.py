"""Question 3 as one of the homework's runs: its folder, and when it need not be done again."""

import json
from pathlib import Path

from experiments.cli.commands import RunFolderError
from experiments.environment.provenance import sources_hash
from experiments.files.safe_read import read_file
from experiments.runs.folder import Record, write_json

FOLDER = "q3"
SETTINGS: Record = {
    "dims": [1, 2, 5, 10, 20],
    "hidden": [],
    "trials": 3,
    "seed": 0,
    "eps": None,
}
"""What `hw1-q3` does if it is asked for nothing else."""

_DECIDING = (
    "analysis",
    "jaxmodels/quadratic.py",
    "jaxmodels/optimizers.py",
    "experiments/question3/gradient_vs_closed_form.py",
    "experiments/question3/figure_data.py",
    "experiments/question3/descent.py",
    "experiments/question3/session.py",
)


def describe_question_3() -> Record:
    """What the claims and curves depend on."""
    return {"command": "hw1-q3", "config": SETTINGS, "sources_sha256": sources_hash(*_DECIDING)}


def run_question_3(parent: Path) -> tuple[Path, bool]:
    """Try every claim, in `parent`/q3; the folder, and whether all of them hold.

    `config.json` is written last: without it the files beside it are not taken for these.
    """
    from experiments.question3.session import run_session

    folder = parent / FOLDER
    (folder / "config.json").unlink(missing_ok=True)
    holds = run_session(
        dims=tuple(SETTINGS["dims"]),
        hidden=tuple(SETTINGS["hidden"]),
        trials=SETTINGS["trials"],
        seed=SETTINGS["seed"],
        eps=SETTINGS["eps"],
        out=str(folder),
    )
    if holds:
        write_json(folder / "config.json", describe_question_3())
    return folder, holds


def find_question_3(parent: Path) -> Path | None:
    """The folder, if these very claims were tried in it and hold; else None.

    Raises:
        RunFolderError: it was left by such a run, and is damaged.
    """
    folder = parent / FOLDER
    if not (folder / "config.json").exists():
        return None
    if _read(folder / "config.json") != describe_question_3():
        return None
    report = _read(folder / "verify.json")
    if report.get("settings") != SETTINGS or not report.get("holds"):
        return None  # hw1-q3 was run here since, with settings of its own
    _read(folder / "curves.json")
    return folder


def _read(path: Path) -> Record:
    try:
        content = json.loads(read_file(path))
        if not isinstance(content, dict):
            raise ValueError("no JSON object")
    except (OSError, ValueError, RecursionError) as error:
        raise RunFolderError(
            f"{path}: got a damaged file ({error}), expected JSON; run question 3 again"
        ) from None
    return content
