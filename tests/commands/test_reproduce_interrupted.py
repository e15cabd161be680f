"""Ctrl-C and SIGTERM at `hw1-reproduce`: code 130, and the command that continues."""

import os
import signal
import time

import pytest

from experiments.cli.errors import ExitCode
from experiments.reproduce import main


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_the_command_that_continues_is_said(
    number: int, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def interrupted(**_flags: object) -> None:
        os.kill(os.getpid(), number)
        time.sleep(10)

    monkeypatch.setattr("experiments.reproduction.session.reproduce", interrupted)
    before = signal.getsignal(signal.SIGTERM)
    assert main(["--out", "two words", "--seeds", "2"]) == ExitCode.INTERRUPTED
    said = capsys.readouterr().err
    assert "To continue: hw1-reproduce --out 'two words' --seeds 2\n" in said
    assert "Traceback" not in said
    assert signal.getsignal(signal.SIGTERM) == before
