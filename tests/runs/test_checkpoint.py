"""Checkpoints: kept bit for bit, passed over where they are damaged or another run's."""

import hashlib
import json
import os
from pathlib import Path

import numpy as np
import pytest

from experiments.cli.errors import RunFolderError
from experiments.environment import provenance
from experiments.runs import checkpoint
from experiments.runs.checkpoint import Checkpoints, Progress, newest
from experiments.runs.folder import RunFolder, new_folder
from experiments.runs.json_files import read_records
from experiments.runs.records import Description, EpochRecord

ARRAYS = {"W": np.arange(300.0).reshape(3, 100), "order": np.arange(60)}
ABOUT: Description = {
    "command": "hw1-q1",
    "config": {"model": "perceptron", "seed": 42},
    "data": {"sha256": "a" * 64},
    "sources_sha256": "b" * 64,
}


def progress(epoch: int) -> Progress:
    return Progress(epoch, [{"epoch": n} for n in range(1, epoch + 1)], 0.1 * epoch, ARRAYS)


@pytest.fixture
def held(tmp_path: Path) -> Checkpoints:
    checkpoints = Checkpoints(tmp_path, ABOUT)
    for epoch in (1, 2, 3):
        checkpoints.save(progress(epoch))
    return checkpoints


def newest_of(held: Checkpoints, said: list[str]) -> Progress | None:
    found = newest([held], ARRAYS, [], said.append)
    return found[0] if found else None


def test_the_newest_two_are_kept_bit_for_bit(held: Checkpoints) -> None:
    assert held.epochs() == [3, 2]
    found = held.read(3, ARRAYS)
    assert (found.epochs, found.seconds) == (progress(3).epochs, 0.1 * 3)
    for name, array in ARRAYS.items():
        assert found.arrays[name].tobytes() == array.tobytes()


def test_truncated_or_changed_anywhere_the_one_before_is_used(held: Checkpoints) -> None:
    file = held.path / "3.checkpoint"
    whole = file.read_bytes()
    damaged = [whole[:size] for size in range(0, len(whole), 512)]
    places = range(0, len(whole), 97)
    damaged += [whole[:at] + bytes([whole[at] ^ 1]) + whole[at + 1 :] for at in places]
    assert len(damaged) > 40
    for content in damaged:
        file.write_bytes(content)
        said: list[str] = []
        found = newest_of(held, said)
        assert found is not None
        assert found.epoch == 2
        assert len(said) == 1
        assert "3.checkpoint: not used" in said[0]
    file.write_bytes(whole)
    assert newest_of(held, said) is not None
    assert len(said) == 1  # nothing is said of a whole one


OTHERS = {
    "another run": ({"about": {**ABOUT, "sources_sha256": "c" * 64}}, "another run's"),
    "without its run": ({"about": None}, "got 'None' as about, expected an object"),
    "beside others": ({"beside": ["another"]}, "beside other runs"),
    "a later format": ({"format": 2}, "got format 2, expected 1"),
    "another epoch": ({"epoch": 2}, "it is of epoch 2"),
    "epochs missing": ({"epochs": [{"epoch": 2}]}, "other epochs' records"),
    "a number no number": ({"seconds": "1"}, "got '1' as seconds, expected float"),
}


@pytest.mark.parametrize(("fields", "said"), OTHERS.values(), ids=OTHERS)
def test_a_header_that_is_not_this_runs_is_not_used(
    fields: dict[str, object], said: str, held: Checkpoints
) -> None:
    """Rewritten whole, with a hash that is right."""
    file = held.path / "3.checkpoint"
    _, header, arrays = file.read_bytes().split(b"\n", 2)
    body = json.dumps(json.loads(header) | fields).encode() + b"\n" + arrays
    file.write_bytes(hashlib.sha256(body).hexdigest().encode() + b"\n" + body)
    with pytest.raises(ValueError, match=said):
        held.read(3, ARRAYS)


def test_arrays_of_another_shape_are_not_used(held: Checkpoints) -> None:
    for other in (
        {"W": ARRAYS["W"][:2]},
        {"W": ARRAYS["W"].astype(np.float32)},
        {"V": ARRAYS["W"]},
    ):
        with pytest.raises(ValueError, match="other shapes"):
            held.read(3, {"order": ARRAYS["order"], **other})


def test_runs_trained_together_go_on_from_an_epoch_that_all_have(tmp_path: Path) -> None:
    both = []
    for name, epochs in (("a", (1, 2, 3)), ("b", (2, 3, 4))):
        (tmp_path / name).mkdir()
        both.append(Checkpoints(tmp_path / name, ABOUT))
        for epoch in epochs:
            both[-1].save(progress(epoch))
    found = newest(both, ARRAYS, [], print)
    assert found is not None
    assert [one.epoch for one in found] == [3, 3]
    (both[1].path / "3.checkpoint").write_bytes(b"damaged")
    assert newest(both, ARRAYS, [], print) is None  # of epoch 2, the second has none any more


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="has no named pipes")
def test_a_checkpoint_that_is_a_pipe_is_passed_over(held: Checkpoints) -> None:
    """Opening it would wait for ever."""
    os.mkfifo(held.path / "4.checkpoint")
    said: list[str] = []
    assert newest_of(held, said).epoch == 3  # type: ignore[union-attr]
    assert "4.checkpoint: not used, no regular file" in said[0]


def test_after_another_librarys_release_it_is_not_used(
    held: Checkpoints, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What a library's next release computes need not be the same bits."""
    held.save(progress(4))
    now = provenance.computing_libraries()
    assert now["numpy"] == np.__version__
    monkeypatch.setattr(checkpoint, "computing_libraries", lambda: {**now, "numpy": "9.9"})
    held.save(progress(5))
    said: list[str] = []
    assert newest_of(held, said).epoch == 5  # type: ignore[union-attr]
    assert said == []
    monkeypatch.undo()
    assert newest_of(held, said).epoch == 4  # type: ignore[union-attr]
    assert f"5.checkpoint: not used, it was written with numpy 9.9, and {np.__version__}" in said[0]


def test_a_library_that_is_not_in_use_is_not_asked_for(
    held: Checkpoints, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(checkpoint, "computing_libraries", lambda: {"torch": "1"})
    held.save(progress(4))
    monkeypatch.undo()
    assert held.read(4, ARRAYS).epoch == 4


def test_checkpoints_that_link_elsewhere_are_not_written_through(tmp_path: Path) -> None:
    with RunFolder(new_folder(tmp_path, "run"), ABOUT) as folder:
        (folder.path / "checkpoints").symlink_to(tmp_path)
    with pytest.raises(RunFolderError, match="checkpoints: got a link"):
        RunFolder(folder.path, ABOUT)


@pytest.mark.skipif(not Path("/proc/self/fd").exists(), reason="counts open files in /proc")
def test_a_run_that_is_trained_keeps_one_file_open(tmp_path: Path) -> None:
    """40 seeds that are trained together have to fit into `ulimit -n 64`."""

    def open_files() -> int:
        return len(os.listdir("/proc/self/fd"))  # noqa: PTH208  (iterdir would leave one open)

    before = open_files()
    with RunFolder(new_folder(tmp_path, "run"), ABOUT) as folder:
        folder.add_epoch({"epoch": 1})
        folder.save(progress(1))
        assert open_files() == before + 1
        folder.add_epoch({"epoch": 2})
    assert open_files() == before
    assert [e["epoch"] for e in read_records(folder.path / "metrics.jsonl", EpochRecord)] == [1, 2]
