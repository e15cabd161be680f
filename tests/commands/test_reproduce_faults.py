"""`hw1-reproduce` where a run, a figure or the report fails: the others are kept."""

from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from called import called
from refusal import assert_refused

from experiments import reproduce
from experiments.cli.errors import CommandError, ExitCode
from experiments.report.make import Report

pytestmark = pytest.mark.usefixtures("quick_to_compile")
run = partial(called, reproduce.main)


def test_a_failing_run_is_named_and_the_others_go_on(
    in_process, reports, tiny_file: Path, tmp_path: Path, capsys
) -> None:
    def fail(config: Any) -> None:
        if getattr(config, "l2_penalty", 0):
            raise CommandError("no room")

    in_process.fail = fail
    argv = ["--data", tiny_file, "--preset", "quick", "--questions", 1, "--out", tmp_path]
    code, out, err = run(capsys, *argv)
    assert code == ExitCode.CHECK_FAILED
    (line,) = err
    assert "1.2b logistic regression, l2 0.01, seed 42: no room" in line
    assert "the same command again" in line
    assert any(line.startswith("FAILED  1.2b") for line in out)
    parts, facts = reports[-1]
    assert (len(parts["1.2a"]), len(parts["1.2b"]), len(parts["1.3"])) == (1, 0, 1)
    assert [part for part, _ in facts.missing] == ["1.2b"]

    in_process.fail = lambda _config: None
    code, out, _ = run(capsys, *argv)
    assert code == ExitCode.DONE
    assert [line for line in out if line.startswith("start ")] == [
        "start   1.2b  logistic regression, l2 0.01, seed 42"
    ]


def test_images_that_are_all_black(in_process, tmp_path: Path, capsys) -> None:
    """Every run is done and reported but the L1 path, which has no first step; it is named."""
    arrays: dict[str, np.ndarray] = {}
    for split, n in (("train", 60), ("val", 24), ("test", 30)):
        arrays[f"{split}_images"] = np.zeros((n, 48, 48, 3), np.uint8)
        arrays[f"{split}_labels"] = np.arange(n) % 6
    np.savez(tmp_path / "same.npz", **arrays)
    argv = ["--data", tmp_path / "same.npz", "--preset", "quick", "--questions", 1]
    code, out, err = run(capsys, *argv, "--out", tmp_path / "runs")
    assert code == ExitCode.CHECK_FAILED
    (line,) = err
    assert "1 of the runs failed: 1.2d L1 path" in line
    assert "all of one color" in line
    assert sum(line.startswith("done ") for line in out) == 4
    assert str(tmp_path / "runs" / "report.pdf") in out


def test_a_report_that_fails_keeps_the_runs(
    in_process, tiny_file: Path, tmp_path: Path, capsys, monkeypatch
) -> None:
    def fail(*_: object) -> None:
        raise CommandError("Typst: got a formula that it cannot read")

    monkeypatch.setattr("experiments.report.make.make_report", fail)
    argv = ["--data", tiny_file, "--preset", "quick", "--questions", 3, "--out", tmp_path]
    code, _, err = run(capsys, *argv)
    assert code == ExitCode.CHECK_FAILED
    assert "no report: Typst: got a formula" in err[0]
    assert (tmp_path / "q3" / "verify.json").exists()


def test_a_report_without_some_figures_is_an_error_that_names_them(
    in_process, tiny_file: Path, tmp_path: Path, capsys, monkeypatch
) -> None:
    def without(_parts, out, *_: object) -> Report:
        return Report([out / "report.pdf"], [CommandError("figures/a.svg: no")])

    monkeypatch.setattr("experiments.report.make.make_report", without)
    argv = ["--data", tiny_file, "--preset", "quick", "--questions", 3, "--out", tmp_path]
    code, out, err = run(capsys, *argv)
    assert code == ExitCode.CHECK_FAILED
    assert str(tmp_path / "report.pdf") in out
    (line,) = err
    assert "left out of the report: figures/a.svg: no" in line


def test_missing_data_are_refused(capsys, tmp_path: Path, monkeypatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "runs").mkdir()
    assert_refused(reproduce.main, ["--data", "none.npz"], capsys, ExitCode.BAD_DATA)
