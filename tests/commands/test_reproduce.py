"""`hw1-reproduce` from its flags to its report, on a few tiny images."""

import json
import re
from collections.abc import Callable
from contextlib import nullcontext
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from refusal import assert_refused

from analysis import verify
from analysis.claims import CLAIMS
from experiments import reproduce
from experiments.assignment import PARTS
from experiments.cli.commands import CommandError, ExitCode
from experiments.parallel.pool import Event
from experiments.question3.descent import Descent
from experiments.report.make import Report
from experiments.reproduction import plan, question3, training

pytestmark = pytest.mark.usefixtures("quick_to_compile")
DESCENT = Descent(n_inputs=2, groups=(("quadratic", 2),), starts=3, steps=20, looks=4)


class InThisProcess:
    """Stands for `Pool`: the calls one after the other, here, where a test can step in.

    Attributes:
        fail: gets a call's arguments and may raise.
    """

    def __init__(self) -> None:
        self.fail: Callable[[Any], None] = lambda _config: None

    def __call__(self, calls, _at_once):
        return nullcontext(SimpleNamespace(events=lambda: self.events(calls)))

    def events(self, calls):
        for number, call in enumerate(calls):
            yield Event(number, "start")
            channel = Recorded(number)
            try:
                self.fail(call.arguments[0])
                call.function(*call.arguments, channel)
            except CommandError as error:
                yield from channel.events
                yield Event(number, "failed", error)
            else:
                yield from channel.events
                yield Event(number, "end")


class Recorded:
    """What a call tells."""

    def __init__(self, job: int) -> None:
        self.job, self.events = job, []

    def line(self, text: str) -> None:
        self.events.append(Event(self.job, "line", text))

    def advance(self, label: str) -> None:
        self.events.append(Event(self.job, "epoch", label))

    def folder(self, number: int, path: Path) -> None:
        self.events.append(Event(self.job, "folder", (number, path)))


@pytest.fixture
def here(monkeypatch: pytest.MonkeyPatch) -> InThisProcess:
    """All runs in this process, without figures, for an epoch or two; no report."""
    runner = InThisProcess()
    monkeypatch.setattr(training, "Pool", runner)
    monkeypatch.setattr("experiments.plots.run.draw_run", lambda *_: [])
    for name, part in PARTS.items():
        epochs = 2 if part.program == "hw1-q1" and name != "1.3" else 1
        monkeypatch.setitem(PARTS, name, replace(part, quick_epochs=epochs))
    monkeypatch.setitem(question3.SETTINGS, "dims", [2])
    monkeypatch.setitem(question3.SETTINGS, "trials", 1)
    monkeypatch.setattr("experiments.question3.session.DESCENT", DESCENT)
    monkeypatch.setattr("experiments.question3.session.CURVES", {})
    monkeypatch.setattr("experiments.question3.session.draw_question3", lambda *_: [])
    monkeypatch.setattr(verify, "CLAIMS", CLAIMS[3:5])
    return runner


@pytest.fixture
def reports(monkeypatch: pytest.MonkeyPatch) -> list[tuple[Any, Any]]:
    """The parts and facts of every report that would be made."""
    made: list[tuple[Any, Any]] = []

    def make_report(parts, out, facts, _data):
        made.append((parts, facts))
        return Report([out / "report.pdf"], [])

    monkeypatch.setattr("experiments.report.make.make_report", make_report)
    return made


def call(capsys: pytest.CaptureFixture[str], *argv: object) -> tuple[int, list[str], str]:
    code = reproduce.main([str(word) for word in argv])
    printed = capsys.readouterr()
    return code, printed.out.splitlines(), printed.err


def test_quiet_names_the_report_alone(here, reports, tiny_file, tmp_path, capsys) -> None:
    argv = ["--data", tiny_file, "--preset", "quick", "--questions", "1", "--out", tmp_path]
    code, out, _ = call(capsys, *argv, "--quiet")
    assert (code, out, len(reports)) == (ExitCode.DONE, [f"{tmp_path}/report.pdf"], 1)


def test_all_questions_then_nothing_anew(
    here, reports, tiny_file: Path, tmp_path: Path, capsys
) -> None:
    argv = ["--data", tiny_file, "--preset", "quick", "--out", tmp_path]
    code, out, err = call(capsys, *argv)
    assert (code, err) == (ExitCode.DONE, "")
    parts, facts = reports[-1]
    names = {"1.1a": 1, "1.2a": 1, "1.2b": 1, "1.3": 1, "2.1": 3, "2.2a": 2, "2.2b": 3, "2.2c": 2}
    assert {part: len(parts[part]) for part in names} == names
    assert parts["3"] == [tmp_path / "q3"]
    total = sum(map(len, parts.values()))
    assert (facts.trained, facts.reused, facts.seeds, facts.missing) == (total, 0, (42,), ())
    assert sum(line.startswith("start ") for line in out) == total
    assert sum(line.startswith("done ") for line in out) == total
    assert max(len(line) for line in out[1:] if "/" not in line) <= 80
    assert str(tmp_path / "report.pdf") in out

    at = out.index("Question 2 on tiny")
    for folder, line in zip(parts["2.1"], out[at + 2 : at + 5], strict=True):
        found = json.loads((folder / "summary.json").read_text())["final"]["test"]["accuracy"]
        assert line.split()[-1] == f"{found:.4f}"
    assert any(line.startswith("Question 3: ") and "claims hold" in line for line in out)

    code, out, err = call(capsys, *argv)
    assert (code, err) == (ExitCode.DONE, "")
    assert f"Reused {total} of {total} runs from {tmp_path}" in out
    assert not any(line.startswith("start ") for line in out)
    assert reports[-1][0] == parts
    assert reports[-1][1].reused_seconds > 0


def test_more_seeds_reuse_what_is_there(
    here, reports, tiny_file: Path, tmp_path: Path, capsys
) -> None:
    argv = ["--data", tiny_file, "--preset", "quick", "--questions", 1, "--out", tmp_path]
    call(capsys, *argv)
    before = reports[-1][0]
    code, out, _ = call(capsys, *argv, "--seeds", 2)
    parts, facts = reports[-1]
    assert code == ExitCode.DONE
    assert facts.seeds == (42, 43)
    for part in ("1.1a", "1.2a", "1.2b", "1.3"):
        assert parts[part][0] == before[part][0]
        assert len(parts[part]) == 2
        accuracies = [
            json.loads((folder / "summary.json").read_text())["final"]["test"]["accuracy"]
            for folder in parts[part]
        ]
        line = next(line for line in out if line.startswith(f"{part} "))
        assert f"{sum(accuracies) / 2:.4f} (" in line
        assert line.endswith(f"{accuracies[0]:.4f}")


def test_a_failing_run_is_named_and_the_others_go_on(
    here, reports, tiny_file: Path, tmp_path: Path, capsys
) -> None:
    def fail(config: Any) -> None:
        if getattr(config, "l2_penalty", 0):
            raise CommandError("no room")

    here.fail = fail
    argv = ["--data", tiny_file, "--preset", "quick", "--questions", 1, "--out", tmp_path]
    code, out, err = call(capsys, *argv)
    assert code == ExitCode.CHECK_FAILED
    assert err.count("\n") == 1
    assert "1.2b logistic regression, l2 0.01, seed 42: no room" in err
    assert "the same command again" in err
    assert any(line.startswith("FAILED  1.2b") for line in out)
    parts, facts = reports[-1]
    assert (len(parts["1.2a"]), len(parts["1.2b"]), len(parts["1.3"])) == (1, 0, 1)
    assert [part for part, _ in facts.missing] == ["1.2b"]

    here.fail = lambda _config: None
    code, out, _ = call(capsys, *argv)
    assert code == ExitCode.DONE
    assert [line for line in out if line.startswith("start ")] == [
        "start   1.2b  logistic regression, l2 0.01, seed 42"
    ]


def test_images_that_are_all_black(here, tmp_path: Path, capsys) -> None:
    """Every run is done and reported but the L1 path, which has no first step; it is named."""
    arrays: dict[str, np.ndarray] = {}
    for split, n in (("train", 60), ("val", 24), ("test", 30)):
        arrays[f"{split}_images"] = np.zeros((n, 48, 48, 3), np.uint8)
        arrays[f"{split}_labels"] = np.arange(n) % 6
    np.savez(tmp_path / "same.npz", **arrays)
    argv = ["--data", tmp_path / "same.npz", "--preset", "quick", "--questions", 1]
    code, out, err = call(capsys, *argv, "--out", tmp_path / "runs")
    assert code == ExitCode.CHECK_FAILED
    assert err.count("\n") == 1
    assert "1 of the runs failed: 1.2d L1 path" in err
    assert "all of one color" in err
    assert sum(line.startswith("done ") for line in out) == 4
    assert str(tmp_path / "runs" / "report.pdf") in out


def test_report_only_trains_nothing(here, reports, tiny_file, tmp_path: Path, capsys) -> None:
    argv = ["--data", tiny_file, "--preset", "quick", "--questions", 1, "--out", tmp_path]
    code, _, err = call(capsys, *argv, "--report-only")
    assert code == ExitCode.RUN_FOLDER
    assert "leave out --report-only" in err
    assert (reports, list(tmp_path.iterdir())) == ([], [])
    call(capsys, *argv)
    code, out, err = call(capsys, *argv, "--report-only")
    assert (code, err) == (ExitCode.DONE, "")
    assert not any(line.startswith("start ") for line in out)
    assert reports[0][0] == reports[1][0]


def test_a_report_that_fails_keeps_the_runs(
    here, tiny_file: Path, tmp_path: Path, capsys, monkeypatch
) -> None:
    def fail(*_: object) -> None:
        raise CommandError("Typst: got a formula that it cannot read")

    monkeypatch.setattr("experiments.report.make.make_report", fail)
    argv = ["--data", tiny_file, "--preset", "quick", "--questions", 3, "--out", tmp_path]
    code, _, err = call(capsys, *argv)
    assert code == ExitCode.CHECK_FAILED
    assert "no report: Typst: got a formula" in err
    assert (tmp_path / "q3" / "verify.json").exists()


def test_a_report_without_some_figures_is_an_error_that_names_them(
    here, tiny_file: Path, tmp_path: Path, capsys, monkeypatch
) -> None:
    def without(_parts, out, *_: object) -> Report:
        return Report([out / "report.pdf"], [CommandError("figures/a.svg: no")])

    monkeypatch.setattr("experiments.report.make.make_report", without)
    argv = ["--data", tiny_file, "--preset", "quick", "--questions", 3, "--out", tmp_path]
    code, out, err = call(capsys, *argv)
    assert code == ExitCode.CHECK_FAILED
    assert str(tmp_path / "report.pdf") in out
    assert err.count("\n") == 1
    assert "left out of the report: figures/a.svg: no" in err


def test_question_3_is_done_again_if_it_was_done_otherwise(
    here, reports, tiny_file: Path, tmp_path: Path, capsys, monkeypatch
) -> None:
    argv = ["--data", tiny_file, "--preset", "quick", "--questions", 3, "--out", tmp_path]
    call(capsys, *argv)

    def again() -> bool:
        _, out, _ = call(capsys, *argv)
        return any(line.startswith("start ") for line in out)

    assert not again()
    (tmp_path / "q3" / "curves.json").write_text("{")
    _, out, _ = call(capsys, *argv)
    assert any("curves.json: got a damaged file" in line for line in out)
    monkeypatch.setitem(question3.SETTINGS, "seed", 1)
    assert again()
    report = tmp_path / "q3" / "verify.json"
    report.write_text(json.dumps(json.loads(report.read_text()) | {"holds": False}))
    assert again()
    monkeypatch.setattr(question3, "sources_hash", lambda *_: "changed")
    assert again()
    assert not again()


def test_in_processes_of_their_own(
    reports, tiny_file: Path, tmp_path: Path, capsys, monkeypatch
) -> None:
    """The same as above, with nothing replaced but the plan and the report."""
    wanted = [
        task for task in plan.make_plan("quick", ["1", "2"], [5]) if task.part in ("1.1a", "2.2c")
    ]
    monkeypatch.setattr("experiments.reproduction.session.make_plan", lambda *_: wanted)
    code, out, err = call(capsys, "--data", tiny_file, "--out", tmp_path, "--seed", 5)
    assert (code, err) == (ExitCode.DONE, "")
    parts, facts = reports[-1]
    assert {part: len(folders) for part, folders in parts.items()} == {"1.1a": 1, "2.2c": 2}
    assert (facts.trained, facts.preset) == (3, "full")
    # Two that end at once are told of in one line, so which of the three is told of varies.
    assert any(re.match(r"run [123] of 3, ", line.strip()) for line in out)


@pytest.mark.parametrize(
    "argv",
    [
        ["--preset", "slow"],
        ["--questions", "4"],
        ["--questions"],
        ["--data", "builtin:0"],
        ["--seeds", "0"],
        ["--seed", "-1"],
        ["--seed", str(2**32 - 1), "--seeds", "2"],
        ["--group", "no-such-file.toml"],
        ["--group", "."],
        ["--report-only=yes"],
        ["now"],
    ],
    ids=" ".join,
)
def test_bad_usage(argv: list[str], capsys, tmp_path: Path, monkeypatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert_refused(reproduce.main, argv, capsys, ExitCode.USAGE)


def test_missing_data_are_refused(capsys, tmp_path: Path, monkeypatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "runs").mkdir()
    assert_refused(reproduce.main, ["--data", "none.npz"], capsys, ExitCode.BAD_DATA)
