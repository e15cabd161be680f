"""What `hw1-q3` found: each claim's cases and worst error, and how gradient descent fared."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from experiments.cli.errors import RunFolderError
from experiments.runs.json_files import read_record

ACTIVATION = "quadratic"
"""What `curves.json` calls z(1 - z)."""


@dataclass(frozen=True)
class Claim:
    """A claim of question 3: the worst number of its cases, and what is allowed."""

    question: str
    statement: str
    cases: int
    worst: float | None
    at_least: bool
    tolerance: float
    holds: bool


@dataclass(frozen=True)
class Question3Results:
    """What `hw1-q3` found: its claims by name, and gradient descent as far as it is told."""

    claims: dict[str, Claim]
    starts: int
    arrived: int
    right_signs: int
    dims: int
    examples: int


def read_question3(folder: Path) -> Question3Results:
    """Read one run of `hw1-q3`.

    Raises:
        RunFolderError: its files are missing or damaged.
    """
    verified, curves = (
        read_record(folder / f"{name}.json", dict[str, Any]) for name in ("verify", "curves")
    )
    try:
        descent = curves["gradient_descent"]
        dims = int(descent["D"])
        narrow = next(
            group
            for group in descent["groups"]
            if (group["activation"], group["K"]) == (ACTIVATION, dims)
        )
        return Question3Results(
            claims={str(entry["name"]): _claim(entry) for entry in verified["claims"]},
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
