"""Two `hw1-q3` that write into one folder: one waits for the other, or says that it does not."""

from pathlib import Path
from types import SimpleNamespace

import pytest

from experiments.cli.errors import RunFolderError
from experiments.environment.lock import FolderLock
from experiments.question3 import session

SETTINGS = {"dims": (1,), "hidden": (), "trials": 1, "seed": 0, "eps": None}


@pytest.fixture(autouse=True)
def _nothing_to_compute(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(session, "MAX_WAIT_S", 0.1)
    monkeypatch.setattr(session, "prepare_jax", lambda: None)
    monkeypatch.setattr(session, "print_table", lambda _settings: [])
    descent = SimpleNamespace(claims=[], curve={})
    monkeypatch.setattr(session, "gradient_descent", lambda *_: descent)
    monkeypatch.setattr(session, "lines", lambda _descent: [])
    monkeypatch.setattr(session, "CURVES", {})
    monkeypatch.setattr(session, "draw_question3", lambda *_: [])


def test_the_second_waits_and_then_says_so(tmp_path: Path) -> None:
    other = FolderLock(tmp_path)
    other.acquire()
    with pytest.raises(RunFolderError):
        session.run_session(**SETTINGS, out=str(tmp_path))
    assert not (tmp_path / "verify.json").exists()
    other.release()
    assert session.run_session(**SETTINGS, out=str(tmp_path))
    assert (tmp_path / "verify.json").exists()
