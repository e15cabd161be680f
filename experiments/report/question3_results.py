"""What `hw1-q3` found: each claim's cases and worst error, and how gradient descent fared."""

import json
from pathlib import Path
from typing import Any

from experiments.cli.commands import RunFolderError
from experiments.files.safe_read import read_file
from experiments.report.results import Claim, Question3Results

ACTIVATION = "quadratic"
"""What `curves.json` calls z(1 - z)."""


def read_question3(folder: Path) -> Question3Results:
    """Read one run of `hw1-q3`.

    Raises:
        RunFolderError: its files are missing or damaged.
    """
    verify = read_json(folder / "verify.json")
    descent = read_json(folder / "curves.json", "gradient_descent")
    try:
        claims = {str(entry["name"]): _claim(entry) for entry in verify["claims"]}
        dims = int(descent["D"])
        narrow = next(
            group
            for group in descent["groups"]
            if (group["activation"], group["K"]) == (ACTIVATION, dims)
        )
        return Question3Results(
            claims=claims,
            starts=len(narrow["excess"]),
            arrived=sum(narrow["arrived"]),
            right_signs=sum(narrow["signs"]),
            dims=dims,
            examples=int(descent["N"]),
        )
    except (KeyError, TypeError, ValueError, StopIteration) as error:
        raise RunFolderError(
            f"{folder}: got verify.json or curves.json without {error or 'gradient runs'}, "
            "expected those of hw1-q3; run it again"
        ) from None


def read_json(path: Path, *keys: str) -> Any:
    """Return what a JSON object holds under these keys, one inside the other.

    Raises:
        RunFolderError: there is no such file, or it is not that.
    """
    try:
        content = json.loads(read_file(path))
        for key in keys:
            content = content[key]
    except (OSError, ValueError, KeyError, TypeError, RecursionError) as error:
        raise RunFolderError(
            f"{path}: got no {'.'.join(keys) or 'JSON'} ({type(error).__name__}), expected that of "
            "a finished run; run it again"
        ) from None
    return content


def _claim(entry: dict[str, Any]) -> Claim:
    return Claim(
        question=str(entry["question"]),
        statement=str(entry["statement"]),
        cases=int(entry["cases"]),
        worst=None if entry["worst"] is None else float(entry["worst"]),
        at_least=entry["relation"] == ">=",
        tolerance=float(entry["tolerance"]),
        holds=bool(entry["holds"]),
    )
