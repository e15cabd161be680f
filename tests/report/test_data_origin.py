"""Whose numbers a run may be compared with: the file is known by its hash, its sizes and counts."""

import json
from pathlib import Path
from typing import Any

import pytest
from made_runs import INFO, make_part, write
from report_sample import texts_of

from experiments.data.dataset import SPLITS
from experiments.references import COURSE, COURSE_CLASS_0, PHOTOGRAPHS
from experiments.report.collect import collect
from experiments.report.data_origin import Origin, identify
from experiments.report.runs_by_part import RunsByPart

OTHER = "0" * 64
INITIAL = {
    split: {"correct": n, "total": total, "accuracy": n / total}
    for split, n, total in zip(("train", "val"), COURSE_CLASS_0, (12_630, 1_404), strict=True)
}
FEWER = {split: {"correct": 1, "total": 9, "accuracy": 1 / 9} for split in SPLITS}
CASES: dict[str, tuple[dict[str, Any], Origin]] = {
    "the photographs": ({}, Origin(False, True, PHOTOGRAPHS)),
    "drawn": ({"synthetic": True}, Origin(True, True)),
    "the course's counts": (
        {"data": {"sha256": OTHER}, "initial": INITIAL},
        Origin(False, True, COURSE),
    ),
    "its sizes alone": ({"data": {"sha256": OTHER}}, Origin(False, True)),
    "another year's": (
        {"data": {"sha256": OTHER}, "final": FEWER, "initial": FEWER},
        Origin(False, False),
    ),
}


def parts_with(changes: dict[str, Any], folder: Path, part: str) -> dict[str, list[Path]]:
    """Two runs of a part, with other entries in their summaries."""
    paths = make_part(folder, part, {None: [0.39, 0.4]})
    for path in paths:
        summary = json.loads((path / "summary.json").read_text())
        for name, value in changes.items():
            summary[name] = {**summary[name], **value} if isinstance(value, dict) else value
        write(path / "summary.json", summary)
    return {part: paths}


@pytest.mark.parametrize(("changes", "expected"), CASES.values(), ids=CASES)
def test_what_the_runs_say(changes: dict[str, Any], expected: Origin, tmp_path: Path) -> None:
    assert identify(RunsByPart(parts_with(changes, tmp_path, "1.1a"), INFO.seeds)) == expected


def test_a_report_of_other_classes(tmp_path: Path) -> None:
    """None is mistaken, and the last is not in the test split."""
    names = [f"class {k}" for k in range(10)]
    confusion = {"test": [[int(i == j < 9) for j in range(10)] for i in range(10)]}
    data = {"sha256": OTHER, "class_names": names, "image_shape": [28, 28, 1]}
    changes = {"data": data, "confusion": confusion, "final": FEWER}
    report = collect(parts_with(changes, tmp_path, "1.2b"), tmp_path, INFO)
    assert report.class_names == names
    (confused,) = report.confusions.values()
    assert confused.best_class in names[:9]
    assert (confused.worst_recall, confused.count) == (1, 0)
    page = texts_of([report], "beyond", tmp_path / "r")[0]
    assert "class 0 worst (100.0 %)." in page
    assert "is taken for" not in page
