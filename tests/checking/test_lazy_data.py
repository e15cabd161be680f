"""A data set that is read when it is needed is the one whose hash was told."""

from pathlib import Path

import numpy as np
import pytest

from experiments.checking.training import scratch_jobs
from experiments.checking.training.lazy_data import LazyData
from experiments.checking.training.scratch_jobs import Job, Setup, run
from experiments.cli.console import NullConsole
from experiments.cli.errors import DataError
from experiments.configs.q1 import Q1Config


def test_a_file_that_was_replaced_meanwhile_is_not_trained_on(
    tiny_file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "data.npz"
    path.write_bytes(tiny_file.read_bytes())
    read = LazyData(str(path))
    remembered = LazyData(str(path))
    assert read.description == remembered.description
    assert "data" in vars(read)
    assert "data" not in vars(remembered)
    with np.load(tiny_file) as arrays:
        others = {name: array[::-1] for name, array in arrays.items()}
    np.savez(path, **others)
    with pytest.raises(DataError, match="got other data than when the command began"):
        _ = remembered.data
    # In processes of their own, which read the file anew.
    monkeypatch.setattr(scratch_jobs, "STEPS_WORTH_A_PROCESS", 1)
    monkeypatch.setattr(scratch_jobs, "cores", lambda: 2)
    setup = Setup("1.1a", Q1Config("perceptron", epochs=1), every_epoch=True, whole=False)
    jobs = [Job(("right",)), Job(("seed 43",))]
    with pytest.raises(DataError, match="got other data than when the command began"):
        list(run(jobs, setup, read, NullConsole(), lambda _: False))
    assert LazyData(str(path)).description.sha256 != read.description.sha256
