"""`hw1-reproduce` from its flags to its report, on a few tiny images."""

import json
import re
from functools import partial
from pathlib import Path

import pytest
from called import called

from experiments import reproduce
from experiments.cli.errors import ExitCode
from experiments.reproduction import plan, question3

pytestmark = pytest.mark.usefixtures("quick_to_compile")
run = partial(called, reproduce.main)


def test_quiet_names_the_report_alone(in_process, reports, tiny_file, tmp_path, capsys) -> None:
    argv = ["--data", tiny_file, "--preset", "quick", "--questions", "1", "--out", tmp_path]
    code, out, _ = run(capsys, *argv, "--quiet")
    assert (code, out, len(reports)) == (ExitCode.DONE, [f"{tmp_path}/report.pdf"], 1)


def test_all_questions_then_nothing_anew(
    in_process, reports, tiny_file: Path, tmp_path: Path, capsys
) -> None:
    argv = ["--data", tiny_file, "--preset", "quick", "--out", tmp_path]
    code, out, err = run(capsys, *argv)
    assert (code, err) == (ExitCode.DONE, [])
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

    code, out, err = run(capsys, *argv)
    assert (code, err) == (ExitCode.DONE, [])
    assert f"Reused {total} of {total} runs from {tmp_path}" in out
    assert not any(line.startswith("start ") for line in out)
    assert reports[-1][0] == parts
    assert reports[-1][1].reused_seconds > 0


def test_more_seeds_reuse_what_is_there(
    in_process, reports, tiny_file: Path, tmp_path: Path, capsys
) -> None:
    argv = ["--data", tiny_file, "--preset", "quick", "--questions", 1, "--out", tmp_path]
    run(capsys, *argv)
    before = reports[-1][0]
    code, out, _ = run(capsys, *argv, "--seeds", 2)
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


def test_report_only_trains_nothing(in_process, reports, tiny_file, tmp_path: Path, capsys) -> None:
    argv = ["--data", tiny_file, "--preset", "quick", "--questions", 1, "--out", tmp_path]
    code, _, err = run(capsys, *argv, "--report-only")
    assert code == ExitCode.RUN_FOLDER
    assert "leave out --report-only" in err[0]
    assert (reports, list(tmp_path.iterdir())) == ([], [])
    run(capsys, *argv)
    code, out, err = run(capsys, *argv, "--report-only")
    assert (code, err) == (ExitCode.DONE, [])
    assert not any(line.startswith("start ") for line in out)
    assert reports[0][0] == reports[1][0]


def test_question_3_is_done_again_if_it_was_done_otherwise(
    in_process, reports, tiny_file: Path, tmp_path: Path, capsys, monkeypatch
) -> None:
    argv = ["--data", tiny_file, "--preset", "quick", "--questions", 3, "--out", tmp_path]
    run(capsys, *argv)

    def again() -> bool:
        _, out, _ = run(capsys, *argv)
        return any(line.startswith("start ") for line in out)

    assert not again()
    (tmp_path / "q3" / "curves.json").write_text("{")
    _, out, _ = run(capsys, *argv)
    assert any("curves.json: got a damaged file" in line for line in out)
    report = tmp_path / "q3" / "verify.json"
    report.write_text(json.dumps({"settings": question3.SETTINGS, "holds": True}))
    _, out, _ = run(capsys, *argv)
    assert any("got verify.json or curves.json without 'claims'" in line for line in out)
    monkeypatch.setitem(question3.SETTINGS, "seed", 1)
    assert again()
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
    code, out, err = run(capsys, "--data", tiny_file, "--out", tmp_path, "--seed", 5)
    assert (code, err) == (ExitCode.DONE, [])
    parts, facts = reports[-1]
    assert {part: len(folders) for part, folders in parts.items()} == {"1.1a": 1, "2.2c": 2}
    assert (facts.trained, facts.preset) == (3, "full")
    # Two that end at once are told of in one line, so which of the three is told of varies.
    assert any(re.match(r"run [123] of 3, ", line.strip()) for line in out)
