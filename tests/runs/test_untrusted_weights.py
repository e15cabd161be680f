"""weights.npz of anybody's making: refused in one line, or read as what it is."""

import io
import json
import shutil
import stat
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from refusal import assert_refused
from silent import Silent

from experiments import evaluate, plot
from experiments.configs.q1 import Q1Config
from experiments.data.dataset import Dataset
from experiments.runs.folder import RunFolder, new_folder
from experiments.runs.reader import Run
from experiments.runs.resume import FinishedRuns
from experiments.training.describe import describe
from experiments.training.q1.session import train_run
from experiments.training.q1.trainer import ScratchTrainer

CONFIG = Q1Config("logistic_regression", epochs=1)


@pytest.fixture
def folder(tiny_data: Dataset, tmp_path: Path) -> Path:
    return train_run(CONFIG, tiny_data, tmp_path, Silent())


def without_hash(folder: Path) -> None:
    """As earlier versions wrote it."""
    file = folder / "summary.json"
    summary = json.loads(file.read_text())
    del summary["weights_sha256"]
    file.write_text(json.dumps(summary))


def entry(content: bytes, name: str = "W.npy", **kind: Any) -> bytes:
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w", **kind) as made:
        made.writestr(name, content)
    return archive.getvalue()


def array(values: np.ndarray) -> bytes:
    written = io.BytesIO()
    np.save(written, values)
    return written.getvalue()


def link() -> bytes:
    info = zipfile.ZipInfo("W.npy")
    info.external_attr = (stat.S_IFLNK | 0o777) << 16
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as made:
        made.writestr(info, "/etc/passwd")
    return archive.getvalue()


SHAPE = (6, 6913)
WEIGHTS: dict[str, Callable[[], bytes]] = {
    "unpacks to 100 MB": lambda: entry(
        array(np.zeros((6, 2_000_000))), compression=zipfile.ZIP_DEFLATED
    ),
    "says it is 8 PB": lambda: entry(
        array(np.zeros(SHAPE)).replace(b"(6, 6913), }", b"(10**15,), }")
    ),
    "a link": link,
    "text for bytes": lambda: entry(b"weights"),
    "complex": lambda: entry(array(np.zeros(SHAPE, complex))),
    "long double": lambda: entry(array(np.zeros(SHAPE, np.longdouble))),
    "half": lambda: entry(array(np.zeros(SHAPE, np.float16))),
    "integers": lambda: entry(array(np.zeros(SHAPE, int))),
    "pickled": lambda: entry(array(np.array([{}], dtype=object))),
    "words": lambda: entry(array(np.full(SHAPE, "w"))),
    "an array for an archive": lambda: array(np.zeros(SHAPE)),
    "empty": lambda: b"",
    "another name": lambda: entry(array(np.zeros(SHAPE)), "V.npy"),
    "another shape": lambda: entry(array(np.zeros((6, 6912)))),
    "no dimension": lambda: entry(array(np.zeros(()))),
}


@pytest.mark.parametrize("hashed", [True, False], ids=["with its hash", "as before"])
@pytest.mark.parametrize("name", WEIGHTS)
def test_refused(
    name: str, hashed: bool, folder: Path, tiny_file: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (folder / "weights.npz").write_bytes(WEIGHTS[name]())
    if not hashed:
        without_hash(folder)
    assert_refused(evaluate.main, [folder, "--data", tiny_file], capsys, code=4)
    assert_refused(plot.main, ["run", folder], capsys, code=4)


def test_weights_of_another_seed_are_noticed(
    tiny_data: Dataset, tiny_file: Path, folder: Path, tmp_path: Path, capsys
) -> None:
    other = train_run(
        Q1Config("logistic_regression", epochs=1, seed=1), tiny_data, tmp_path, Silent()
    )
    shutil.copy(other / "weights.npz", folder)
    line = assert_refused(evaluate.main, [folder, "--data", tiny_file], capsys, code=4)
    assert "got weights of SHA-256" in line
    warned: list[str] = []
    finished = FinishedRuns(tmp_path, warned.append)
    assert finished.find(describe(CONFIG, tiny_data)) is None
    assert "got weights of SHA-256" in warned[0]
    without_hash(folder)  # an earlier version's run is read as it was
    assert Run(folder).weights()["W"].tobytes() == Run(other).weights()["W"].tobytes()


@pytest.mark.parametrize("value", [np.nan, np.inf, -np.inf, 1e308])
def test_weights_that_are_not_finite(value: float, folder: Path, tiny_file: Path, capsys) -> None:
    np.savez(folder / "weights.npz", W=np.full(SHAPE, value))
    without_hash(folder)
    assert evaluate.main([str(folder), "--data", str(tiny_file), "--json"]) == 0
    found = json.loads(capsys.readouterr().out, parse_constant=pytest.fail)
    assert found["splits"]["val"]["loss"] is None
    assert evaluate.main([str(folder), "--data", str(tiny_file)]) == 0
    printed = capsys.readouterr()
    assert "not finite" in printed.out
    assert "nan" not in printed.out
    assert plot.main(["run", str(folder)]) == 0
    assert capsys.readouterr().err == ""


STATES: dict[str, dict[str, Any]] = {
    "a position of 10^9": {"generator.pos": np.asarray(10**9)},
    "a position below zero": {"generator.pos": np.asarray(-1)},
    "an order with an example twice": {"order": np.zeros(60, int)},
    "an order beyond the data": {"order": np.arange(1, 61)},
}


@pytest.mark.parametrize("name", STATES)
def test_a_checkpoint_of_no_possible_state(name: str, tiny_data: Dataset, tmp_path: Path) -> None:
    """Its hash is right."""
    from experiments.runs.checkpoint import Progress
    from experiments.training.q1.models import make_model

    trainer = ScratchTrainer(CONFIG, tiny_data, make_model(CONFIG, 6))
    (arrays,) = trainer.arrays()
    epochs: list[Any] = [{"epoch": 1, "train": {}, "val": {}}]
    trainer.check(Progress(1, epochs, 0.0, arrays))
    with pytest.raises(ValueError, match="its "):
        trainer.check(Progress(1, epochs, 0.0, {**arrays, **STATES[name]}))
    with pytest.raises(ValueError, match="records lack the counts"):
        trainer.check(Progress(1, [{"epoch": 1}], 0.0, arrays))


def test_a_damaged_state_is_passed_over(tiny_data: Dataset, tmp_path: Path) -> None:
    """With the hash right, the training begins anew and ends in the same weights."""
    from experiments.runs.checkpoint import Progress
    from experiments.training.q1.models import make_model

    config = Q1Config("logistic_regression", epochs=2)
    trainer = ScratchTrainer(config, tiny_data, make_model(config, 6))
    arrays = {**trainer.arrays()[0], **STATES["a position of 10^9"]}
    about = describe(config, tiny_data)
    with RunFolder(new_folder(tmp_path, "logistic"), about) as folder:
        tally = {"correct": 1, "total": 2, "accuracy": 0.5}
        folder.save(Progress(1, [{"epoch": 1, "train": tally, "val": tally}], 0.0, arrays))
    (tmp_path / "whole").mkdir()
    whole = train_run(config, tiny_data, tmp_path / "whole", Silent())
    resumed = train_run(config, tiny_data, tmp_path, Silent(), resume=True)
    assert Run(resumed).weights()["W"].tobytes() == Run(whole).weights()["W"].tobytes()
