"""Ctrl-C once, and twice, while an epoch runs: what is said, and when the process ends."""

import signal
import subprocess
import sys
import time

import pytest

from experiments.cli.errors import ExitCode

PROGRAM = """
import time
from experiments.parallel.graceful_stop import graceful_stop
with graceful_stop("hw1-q1 mlp --resume"):
    print("ready", flush=True)
    time.sleep(1.5)
    print("the epoch is over")
"""
SECOND_AFTER_S = {"none": None, "the same, passed on": 0.0, "a second one": 0.5}


@pytest.mark.parametrize("case", SECOND_AFTER_S)
def test_a_second_signal_ends_at_once_unless_it_is_the_first_again(case: str) -> None:
    process = subprocess.Popen(
        [sys.executable, "-c", PROGRAM],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "ready\n"
    process.send_signal(signal.SIGINT)
    if (seconds := SECOND_AFTER_S[case]) is not None:
        time.sleep(seconds)
        process.send_signal(signal.SIGTERM)  # SLURM's at a time limit; it counts alike
    out, err = process.communicate(timeout=30)
    assert err.count("To continue: hw1-q1 mlp --resume\n") == 1
    if case == "a second one":
        assert (process.returncode, out) == (ExitCode.INTERRUPTED, "")
    else:
        assert out == "the epoch is over\n"
        assert "InterruptionError: interrupted" in err
