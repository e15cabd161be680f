"""Numbers beyond the assignment: the L1 path, which classes are confused, and speed."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from experiments.assignment import PARTS, PICTURED_PARTS
from experiments.cli.errors import RunFolderError
from experiments.files.safe_read import read_object
from experiments.plots.classes import class_names, confusion_by_class
from experiments.report.configurations import label
from experiments.report.runs_by_part import RunsByPart
from experiments.runs.reader import Run

BENCH = "bench.json"


@dataclass(frozen=True)
class PathPoint:
    """A solution of the L1 path: its share of exact zeros, and how far it may be from the minimum.

    The duality gap bounds that, in parts of the objective.
    """

    penalty: float
    zeros: float
    train: float
    val: float
    l1_norm: float
    gap: float


@dataclass(frozen=True)
class PathResults:
    """The L1 path beyond 1.2d, and how many weights of 1.2b are exactly zero (None: not known)."""

    points: list[PathPoint]
    examples: int
    train_examples: int
    l2_weights: int | None
    l2_zeros: int | None


@dataclass(frozen=True)
class Confusion:
    """Which classes of the test split a model confuses, first seed; `count` 0: none."""

    best_class: str
    best_recall: float
    worst_class: str
    worst_recall: float
    true: str
    predicted: str
    count: int
    total: int


@dataclass(frozen=True)
class BenchRow:
    """A line of the last `make bench`; `ratio` is against the plain script."""

    question: str
    model: str
    contender: str
    seconds: float
    ratio: float | None


def read_path(folder: Path, penalised: list[Run]) -> PathResults:
    """Read the L1 path; `penalised` are the runs with L2 that it is held against.

    Raises:
        RunFolderError: its folder is damaged or another run's.
    """
    run = Run(folder)
    points = [
        PathPoint(
            penalty=point["lambda"],
            zeros=point["zeros"],
            train=point["train"]["accuracy"],
            val=point["val"]["accuracy"],
            l1_norm=point["l1_norm"],
            gap=point["relative_gap"],
        )
        for point in run.l1_path()
    ]
    weights = _weights(penalised)
    return PathResults(
        points=points,
        examples=int(run.setting("examples") or 0),
        train_examples=int(run.setting("train_examples") or 0),
        l2_weights=None if weights is None else int(weights.size),
        l2_zeros=None if weights is None else int(np.count_nonzero(weights == 0)),
    )


def _weights(runs: list[Run]) -> np.ndarray | None:
    """Return the first run's weights without their bias column, where they can be read."""
    try:
        return runs[0].weights()["W"][:, :-1]
    except (RunFolderError, KeyError, IndexError):
        return None


def confusions(runs: RunsByPart) -> dict[str, Confusion]:
    """Return the worst-recognised class and the most frequent mistake of the pictured models.

    Raises:
        RunFolderError: a run has no counts of class by class.
    """
    return {
        f"{part}, {label(part, PARTS[part].usual)}": _confusion(found[0])
        for part in PICTURED_PARTS
        if part in PARTS and (found := runs.runs(part, PARTS[part].usual))
    }


def _confusion(run: Run) -> Confusion:
    classes, counts = class_names(run), confusion_by_class(run)
    totals = counts.sum(axis=1)
    recall = np.where(totals > 0, counts.diagonal() / np.maximum(totals, 1), np.nan)
    mistaken = counts - np.diag(counts.diagonal())
    true, predicted = np.unravel_index(mistaken.argmax(), mistaken.shape)
    return Confusion(
        best_class=classes[np.nanargmax(recall)],
        best_recall=float(np.nanmax(recall)),
        worst_class=classes[np.nanargmin(recall)],
        worst_recall=float(np.nanmin(recall)),
        true=classes[true],
        predicted=classes[predicted],
        count=int(mistaken[true, predicted]),
        total=int(totals[true]),
    )


def read_bench(out: Path) -> tuple[list[BenchRow], str]:
    """Return the rows of the last `make bench` and what it ran on; none if it left no file.

    Raises:
        RunFolderError: the file is damaged.
    """
    path = out / BENCH
    if not path.exists():
        return [], ""
    try:
        content: dict[str, Any] = read_object(path)
        rows = [
            BenchRow(
                question=question,
                model=str(row["configuration"]),
                contender=str(row["contender"]),
                seconds=float(row["seconds_per_epoch"]),
                ratio=None if row.get("ratio") is None else float(row["ratio"]),
            )
            for question in ("1", "2")
            for row in content.get(f"question {question}", [])
        ]
        return rows, str(content["data"]["name"])
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise RunFolderError(
            f"{path}: got no measurements ({type(error).__name__}), expected those of make bench; "
            "measure again or remove it"
        ) from None
