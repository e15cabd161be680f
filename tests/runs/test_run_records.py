"""The records of a run: what counts as one, and that runs of long ago still do."""

from pathlib import Path

import pytest
from made_runs import make_run

from experiments.cli.errors import RunFolderError
from experiments.configs.q1 import Q1Config
from experiments.configs.q2 import Q2Config
from experiments.files.safe_read import parse_object
from experiments.runs.json_files import read_record, write_json
from experiments.runs.reader import Run
from experiments.runs.records import Description, EpochRecord, Summary, checked
from experiments.training.trainer import finite

PUBLISHED = sorted((Path(__file__).parents[2] / "results" / "photographs" / "runs").iterdir())
LASSO = "hw1-q1 lasso path"
TALLY = {"correct": 1, "total": 2, "accuracy": 0.5}
SUMMARY = {
    "model": "mlp",
    "seed": 42,
    "synthetic": False,
    "final": {"train": TALLY, "val": TALLY, "test": TALLY, "loss": None},
    "confusion": {"test": [[1, 0], [1, 0]]},
    "command": "hw1-q1",
    "config": {},
    "data": {"sha256": "0" * 64},
    "sources_sha256": "0" * 64,
}


@pytest.mark.parametrize("folder", PUBLISHED, ids=lambda folder: folder.name)
def test_published_runs_stay_readable(folder: Path) -> None:
    """Written by every version of the commands so far."""
    about = read_record(folder / "config.json", Description)
    summary = read_record(folder / "summary.json", Summary)
    assert about["config"] == summary["config"]
    if about["command"] == LASSO:
        return
    kind = {"hw1-q1": Q1Config, "hw1-q2": Q2Config}[about["command"]]
    config = kind.from_dict(about["config"])
    assert config.as_dict() == about["config"]
    assert folder.name.startswith(f"{config.slug}-{about['data']['sha256'][:8]}")
    final = summary["final"]["test"]
    assert final["accuracy"] == final["correct"] / final["total"]


def test_there_are_published_runs() -> None:
    """Ten seeds of fourteen configurations, and the L1 path."""
    assert len(PUBLISHED) == 141


WRONG = {
    "nothing in it": ({}, "got no"),
    "a list": ([], "as the record, expected an object"),
    "no seed": ({k: v for k, v in SUMMARY.items() if k != "seed"}, "got no seed, expected one"),
    "a seed in words": (SUMMARY | {"seed": "42"}, "got '42' as seed, expected int"),
    "a seed that is true": (SUMMARY | {"seed": True}, "got 'True' as seed, expected int"),
    "no test accuracy": (
        SUMMARY | {"final": SUMMARY["final"] | {"test": {"correct": 1, "total": 2}}},
        "got no final.test.accuracy, expected one",
    ),
    "a loss in words": (
        SUMMARY | {"final": SUMMARY["final"] | {"loss": "nan"}},
        "got 'nan' as final.loss, expected float",
    ),
    "half an example": (
        SUMMARY | {"confusion": {"test": [[0.5]]}},
        r"got '0.5' as confusion.test, expected int",
    ),
    "a seed of 400 digits": (SUMMARY | {"seed": 10**400}, "as seed, expected at most"),
    "seconds of 400 digits": (SUMMARY | {"seconds": 10**400}, "as seconds, expected at most"),
    "seconds that are none": (SUMMARY | {"seconds": float("nan")}, "got nan as seconds"),
    "data without a hash": (SUMMARY | {"data": {}}, "got no data.sha256"),
    "a later format": (SUMMARY | {"format": 2}, "got format 2, expected 1"),
}


@pytest.mark.parametrize(("content", "said"), WRONG.values(), ids=WRONG)
def test_what_is_no_summary_is_named(content: object, said: str) -> None:
    with pytest.raises(ValueError, match=said):
        checked(Summary, content)


def test_a_summary_is_one_with_more_in_it_and_whole_numbers_for_others() -> None:
    more = SUMMARY | {"note": "mine", "seconds": 3, "diverged_at_epoch": None}
    assert checked(Summary, more) is more
    assert checked(EpochRecord, {"epoch": 1, "val": TALLY, "loss": 2}) is not None


def test_the_file_is_named(tmp_path: Path) -> None:
    write_json(tmp_path / "summary.json", SUMMARY | {"seed": None})
    with pytest.raises(RunFolderError, match=r"summary\.json: got 'None' as seed.*train the run"):
        read_record(tmp_path / "summary.json", Summary)
    with pytest.raises(RunFolderError, match="got no such file"):
        read_record(tmp_path / "config.json", Description)


@pytest.mark.parametrize(("size", "kept"), [(1e100, True), (1e200, False)])
def test_what_is_too_large_to_be_drawn_counts_as_not_finite(
    size: float, kept: bool, tmp_path: Path
) -> None:
    run = Run(make_run(tmp_path, "1.2a", None, 42, 0.4, norm=size))
    assert run.series("weight_norm") == 10 * [size if kept else None]
    assert finite(-size) == (-size if kept else None)


@pytest.mark.parametrize("text", [b"", b"[1]", b"{", b"\xff", b"[" * 100_000, b"3"])
def test_what_is_no_object_is_refused(text: bytes) -> None:
    with pytest.raises(ValueError, match=r"."):
        parse_object(text)
