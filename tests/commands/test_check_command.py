"""`hw1-check` as a user meets it: numbers and logs in, a verdict and an exit code out."""

import json
from pathlib import Path

import pytest
from refusal import assert_refused

from experiments.assignment import PARTS
from experiments.check import main
from experiments.checking.catalogue import CATALOGUE
from experiments.checking.log import parse_log
from experiments.checking.values import Given, positive, share
from experiments.cli.commands import ExitCode
from experiments.q1 import train
from experiments.runs.reader import Run

LOG = """initial train acc: 0.1561 | initial val acc: 0.1560
Training epoch 1
train acc: 0.3785 | val acc: 36.11% | W norm: 1.7108
\x1b[32m 10%|###  | 1/10\x1b[0m\rTraining epoch 2\r\ntrain acc: 0.4760 | val acc: 0.4487
Training took 0 minutes and 1 seconds
Final test acc: 0.4407
"""


@pytest.mark.parametrize(
    ("text", "value", "digits"),
    [
        (".5683", 0.5683, 4),
        ("0.57", 0.57, 2),
        ("56.83", 0.5683, 4),
        ("56.83%", 0.5683, 4),
        ("57", 0.57, 2),
        ("0.568250", 0.56825, 6),
    ],
)
def test_accuracies(text: str, value: float, digits: int) -> None:
    given = share(text)
    assert given == (pytest.approx(value), digits)
    assert given.agrees(value + 0.4 * given.unit)
    assert not given.agrees(value + 0.6 * given.unit)


@pytest.mark.parametrize(
    "text", ["", "x", "nan", "-0.5", "1.5.2", "101", "0.5", "1", "%", ".", "5e-1", "0x1"]
)
def test_refused_as_an_accuracy(text: str, tmp_path: Path, capsys, monkeypatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert_refused(main, ["1.1a", f"--val={text}"], capsys, ExitCode.USAGE)


def test_a_log_as_it_stands() -> None:
    found = parse_log(LOG)
    assert found[0, "train"] == Given(0.1561, 4)
    assert found[1, "val"] == (pytest.approx(0.3611), 4)
    assert found[1, "norm"] == positive("1.7108")
    assert found[2, "val"] == Given(0.4487, 4)
    assert found[None, "test"] == Given(0.4407, 4)
    assert len(found) == 8
    question2 = "Training epoch 1\ntrain loss: 1.6 | val loss: 1.5 | val acc: 0.4"
    assert set(parse_log(question2 + "1")) == {(1, "loss"), (1, "val_loss"), (1, "val")}


def test_says_what_of_a_log_is_not_compared(tmp_path: Path, capsys, monkeypatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("log").write_text("Training epoch 1\ntrain loss: 1.7617 | val acc: 0.3438")
    main(["1.1a", "--fast", "log", "--data", "builtin:80"])
    out = capsys.readouterr().out
    assert "not compared: loss, which question 1.1a has none of" in out
    assert "1.7617" not in out
    Path("log").write_text("Training epoch 1\ntrain loss: 1.7617 | val loss: 1.7")
    argv = ["1.1a", "--fast", "log", "--data", "builtin:80"]
    assert_refused(main, argv, capsys, ExitCode.BAD_DATA)


@pytest.mark.parametrize("text", ["", "Training epoch 1", LOG + LOG, "train acc: 0.5"])
def test_refused_as_a_log(text: str, tmp_path: Path, capsys, monkeypatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("log").write_text(text)
    assert_refused(main, ["1.1a", "--fast", "log"], capsys, ExitCode.BAD_DATA)


@pytest.mark.parametrize(
    "argv",
    [
        ["1.1a"],
        [],
        ["--val", ".51"],
        ["1.1a", "--loss", "1.25"],
        ["1.3", "--norm", "1.25"],
        ["2.1", "--norm", "1.25"],
        ["4.1", "--val", ".5"],
        ["1.1a", "--val", ".51", "--fast", "log"],
        ["1.1a", "--val", ".51", "-dropout", "0.5"],
        ["2.2b", "--val", ".51", "-dropout", "0.4"],
        ["1.1a", "--val", ".51", "--epochs", "0"],
        ["2.1", "--val", ".51", "--minutes", "0"],
    ],
)
def test_refused(argv: list[str], tmp_path: Path, capsys, monkeypatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert_refused(main, argv, capsys, ExitCode.USAGE)


def test_lists_all(capsys) -> None:
    assert main(["--list"]) == ExitCode.DONE
    lines = capsys.readouterr().out.splitlines()
    assert max(map(len, lines)) < 80
    names = {line.split(":")[0] for line in lines if not line.startswith(" ")}
    assert names >= {v.key for v in CATALOGUE if v.kind != "right"}
    assert "    [1.2b]" in lines


@pytest.mark.parametrize("question", PARTS)
def test_lists_its_variants(question: str, capsys) -> None:
    assert main([question, "--list"]) == ExitCode.DONE
    lines = capsys.readouterr().out.splitlines()
    assert max(map(len, lines)) < 80
    assert any(line.startswith("pixels over 255: ") for line in lines)
    assert any(line.startswith("minus lambda: ") for line in lines) == (question == "1.2b")


def test_a_log_of_our_own_is_equal_and_a_worse_one_is_not(
    tiny_file: Path, tmp_path: Path, capsys, monkeypatch
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("experiments.training.q1.session.draw_run", lambda _folder: [])
    train(["perceptron", "-epochs", "2", "--data", str(tiny_file), "--out", str(tmp_path)])
    log = capsys.readouterr().out
    Path("log").write_text(log)
    argv = ["1.1a", "--fast", "log", "--data", str(tiny_file)]
    assert main(argv) == ExitCode.DONE
    said = capsys.readouterr().out.splitlines()
    assert "verdict: EQUAL to the digit to the assignment's loop on these data" in said
    assert max(len(line) for line in said if "sha256" not in line) < 80

    Path("log").write_text(log.replace("W norm: ", "W norm: 1"))
    assert main([*argv, "--json"]) == ExitCode.CHECK_FAILED
    found = json.loads(capsys.readouterr().out)
    assert found["verdict"] == "unlike"
    assert found["good"] is False
    assert not found["untried"]


def test_final_numbers(tiny_file: Path, tmp_path: Path, capsys, monkeypatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("experiments.training.q1.session.draw_run", lambda _folder: [])
    words = ["logistic_regression", "-epochs", "3", "--data", str(tiny_file), "--out", "runs"]
    (folder,) = train(words)
    norm = Run(folder).summary["final"]["weight_norm"]
    capsys.readouterr()
    argv = ["1.2a", "--epochs", "3", "--data", str(tiny_file), "--json", "--norm"]
    assert main([*argv, f"{norm:.6f}"]) == ExitCode.DONE
    assert json.loads(capsys.readouterr().out)["verdict"] == "equal"
    assert main([*argv, f"{2 * norm:.6f}"]) == ExitCode.CHECK_FAILED
    assert not list(tmp_path.glob("*.json"))
    assert [path.name for path in tmp_path.iterdir()] == ["runs"]
