"""Numbers beyond the assignment: the L1 path, which classes are confused, and speed."""

from pathlib import Path

import numpy as np

from experiments.assignment import CLASSES, PARTS, PICTURED_PARTS
from experiments.cli.commands import RunFolderError
from experiments.report.question3_results import read_json
from experiments.report.results import BenchRow, Confusion, PathPoint, PathResults
from experiments.report.runs_by_part import RunsByPart, label
from experiments.runs.reader import Run

BENCH = "bench.json"


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
        for point in run.summary.get("path", [])
    ]
    if not points:
        raise RunFolderError(
            f"{run.path / 'summary.json'}: got no path of L1 solutions, expected one; run it again"
        )
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
        if (found := runs.runs(part, PARTS[part].usual))
    }


def _confusion(run: Run) -> Confusion:
    counts = np.array(run.summary["confusion"].get("test", []))
    classes = class_names(run)
    if counts.shape != (len(classes), len(classes)):
        raise RunFolderError(
            f"{run.path / 'summary.json'}: got a confusion matrix of {list(counts.shape)}, "
            "expected counts of class by class; train the run again"
        )
    recall = counts.diagonal() / np.maximum(counts.sum(axis=1), 1)
    mistaken = counts - np.diag(counts.diagonal())
    true, predicted = np.unravel_index(mistaken.argmax(), mistaken.shape)
    return Confusion(
        best_class=classes[recall.argmax()],
        best_recall=float(recall.max()),
        worst_class=classes[recall.argmin()],
        worst_recall=float(recall.min()),
        true=classes[true],
        predicted=classes[predicted],
        count=int(mistaken[true, predicted]),
        total=int(counts[true].sum()),
    )


def class_names(run: Run) -> list[str]:
    """Return the names of the classes that the run's data have, in label order."""
    return CLASSES or [str(name) for name in run.summary["data"].get("class_names") or []]


def read_bench(out: Path) -> tuple[list[BenchRow], str]:
    """Return the rows of the last `make bench` and what it ran on; none if it left no file.

    Raises:
        RunFolderError: the file is damaged.
    """
    path = out / BENCH
    if not path.exists():
        return [], ""
    content = read_json(path)
    try:
        rows = [
            BenchRow(
                question=question,
                model=str(row.get("model") or row.get("configuration") or ""),
                contender=str(row["contender"]),
                seconds=float(row["seconds_per_epoch"]),
                ratio=None if row.get("ratio") is None else float(row["ratio"]),
            )
            for question in ("1", "2")
            for row in content.get(f"question {question}", [])
        ]
        return rows, str(content["data"]["name"])
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise RunFolderError(
            f"{path}: got no measurements ({type(error).__name__}), expected those of make bench; "
            "measure again or remove it"
        ) from None
