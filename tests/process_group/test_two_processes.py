"""`hw1-q2` in two real processes: the numbers of one, and bitwise resuming after any end."""

import signal
from pathlib import Path

import pytest
from launched import Launched, free_port
from run_bits import bits
from together import FLAGS, assert_done, largest_difference, runs_in, seed_of, trained_alone

from experiments.cli.errors import ExitCode
from experiments.data.dataset import Dataset

SEEDS = (42, 43, 44)  # three runs do not divide by two devices, nor 60 examples by 13

pytestmark = pytest.mark.usefixtures("quick_to_compile")


def test_resuming_after_a_kill_and_a_signal_is_bitwise(
    tiny_data: Dataset, tiny_file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HW1_CACHE", str(tmp_path / "cache"))
    flags = [*FLAGS, "--seeds", str(len(SEEDS)), "--data", str(tiny_file), "--out"]
    (tmp_path / "alone").mkdir()
    alone = trained_alone(tiny_data, SEEDS, tmp_path / "alone")
    whole, out, port = tmp_path / "whole", tmp_path / "out", free_port()
    assert_done(Launched(2, port, tmp_path / "log", [*flags, str(whole)]).ended())
    assert list(tmp_path.glob("cache/*/*.sha256"))  # the next find these programs compiled
    runs = runs_in(whole)
    assert [seed_of(run) for run in runs] == list(SEEDS)
    assert largest_difference(runs, alone) < 1e-6
    assert largest_difference(runs[::-1], alone) > 1e-3  # another seed is told apart

    killed = Launched(2, port, tmp_path / "log", [*flags, str(out)])
    killed.wait_for("Training epoch 3")
    killed.processes[0].kill()
    assert killed.ended()[1].code == ExitCode.PROCESS_GONE

    stopped = Launched(2, port, tmp_path / "log", [*flags, str(out)])
    stopped.wait_for("Training epoch 5")
    stopped.processes[1].send_signal(signal.SIGTERM)
    ended = stopped.ended()
    assert [process.code for process in ended] == [ExitCode.INTERRUPTED] * 2
    assert ended[0].err == ["hw1-q2: interrupted"]
    assert "continuing after epoch" in "\n".join(ended[0].out)
    assert any(line.startswith("To continue: hw1-q2 ") for line in ended[1].err)

    assert_done(Launched(2, port, tmp_path / "log", [*flags, str(out)]).ended())
    assert [bits(run.path) for run in runs_in(out)] == [bits(run.path) for run in runs]
