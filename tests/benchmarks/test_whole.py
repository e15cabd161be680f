"""The whole homework beside the plain scripts."""

import pytest

from benchmarks import __main__ as bench
from benchmarks import q1, q2, whole
from benchmarks.command import Measured
from experiments.cli.errors import ExitCode


def measured_rows() -> list[q2.Row]:
    """A second an epoch for every faster baseline, two for the slower, a tenth for ours."""
    return [
        {"configuration": name, "contender": contender, "seconds_per_epoch": seconds}
        for module, ours in ((q1, "engine"), (q2, "ours"))
        for name in module.CONFIGURATIONS
        for contender, seconds in zip([*module.BASELINES, ours], (2.0, 1.0, 0.1), strict=True)
    ]


def test_the_plain_scripts_epochs_are_the_assignments() -> None:
    """Its 14 runs: 100 epochs each of 1.1a to 1.2b and of three rates, 20 of 1.3, 200 of 2.2's."""
    found = {row["configuration"]: row for row in whole.plain_scripts(measured_rows())}
    assert {name: row["epochs"] for name, row in found.items()} == {
        "perceptron": 100,
        "logistic_regression": 100,
        "logistic_regression, l2": 100,
        "mlp": 20,
        "logistic regression, batch 32": 300,
        "mlp, batch 64": 800,
        "mlp, batch 512": 200,
        "mlp, batch 1024": 200,
        "mlp, batch 1024, momentum": 200,
    }
    assert {row["contender"] for row in found.values()} == {
        "plain loop, 1 thread",
        "PyTorch, 1 thread",
    }
    assert sum(row["seconds"] for row in found.values()) == 2020


def test_the_plain_scripts_lack_no_run() -> None:
    rows = [row for row in measured_rows() if row["configuration"] != "mlp, batch 512"]
    with pytest.raises(KeyError, match="batch 512"):
        whole.plain_scripts(rows)


@pytest.mark.parametrize(("load", "ratio"), [(0.0, "4.00"), (0.6, "4.00?")], ids=["quiet", "busy"])
def test_the_whole_homework(load: float, ratio: str, monkeypatch, capsys) -> None:
    commands = []

    def measure(*command: str) -> Measured:
        commands.append(command)
        return Measured(505.0, None, 700)

    monkeypatch.setattr(whole, "measure_command", measure)
    found = whole.measure_whole(measured_rows(), "f.npz", load)
    ((module, *arguments),) = commands
    assert module == "experiments.reproduce"
    assert arguments[:4] == ["--preset", "full", "--data", "f.npz"]
    assert (found["plain_seconds"], found["ratio"]) == (2020.0, 4.0)
    assert capsys.readouterr().out.endswith(f"hw1-reproduce: 505 s, ratio {ratio}\n")


@pytest.mark.parametrize("argv", [["--questions", "1"], ["--models", "mlp"]])
def test_the_whole_homework_needs_everything(argv: list[str], capsys) -> None:
    assert bench.main(["--whole", *argv]) == ExitCode.USAGE
    assert "--whole: expected both questions" in capsys.readouterr().err
