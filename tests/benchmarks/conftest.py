"""What the benchmark's tests share."""

import pytest
from scripted import Scripted


@pytest.fixture
def scripted(monkeypatch) -> None:
    monkeypatch.setattr("benchmarks.running.Running", Scripted)
    monkeypatch.setattr(Scripted, "told", ())
    monkeypatch.setattr("os.getloadavg", lambda: (0.1, 0.0, 0.0))
