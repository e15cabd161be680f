"""`hw1-check` as a user meets it: numbers and logs in, a verdict and an exit code out."""

import json
from pathlib import Path

import pytest
from called import trained
from refusal import assert_refused

from experiments.assignment import PARTS
from experiments.check import main
from experiments.checking.catalogue import CATALOGUE
from experiments.cli.errors import ExitCode
from experiments.q1 import main as q1
from experiments.runs.reader import Run

pytestmark = pytest.mark.usefixtures("quick_to_compile", "unchecked_shapes", "here", "no_figures")

LOG = """initial train acc: 0.1561 | initial val acc: 0.1560
Training epoch 1
train acc: 0.3785 | val acc: 36.11% | W norm: 1.7108
Training epoch 2
train acc: 0.4760 | val acc: 0.4487
Training took 0 minutes and 1 seconds
Final test acc: 0.4407
"""


def test_without_an_argument_it_shows_the_three_ways_in(capsys) -> None:
    assert main([]) == ExitCode.DONE
    out = capsys.readouterr().out
    assert all(way in out for way in ("--log", "--data", "--script"))
    assert max(map(len, out.splitlines())) < 80


def test_known_digits_need_no_data_and_no_question(capsys) -> None:
    Path("results").write_text("Final test acc: 0.45966666666666667\nTraining time: 1 minutes")
    for argv in (["--test", "0.45966666666666667"], ["--log", "results"], ["--fast", "results"]):
        assert main(argv) == ExitCode.DONE
        said = capsys.readouterr().out
        assert said.startswith("EQUAL to the digits that right programs print: question 1.2a,")
    assert main(["1.2b", "--test", "49,97%", "--json"]) == ExitCode.CHECK_FAILED
    found = json.loads(capsys.readouterr().out)
    assert (found["verdict"], found["mistake"]) == ("mistake", "2 lambda")


def test_nothing_is_compared_with_drawn_images_unasked(capsys) -> None:
    Path("log").write_text(LOG)
    assert main(["1.1a", "--log", "log"]) == ExitCode.USAGE
    said = capsys.readouterr()
    assert "the line before training is that of landscapes48.npz" in said.err
    assert "--data FILE" in said.err
    assert "--data builtin" in said.err
    assert not said.out
    Path("log").write_text(LOG.replace("1561", "2561"))
    said_again = assert_refused(main, ["1.1a", "--log", "log"], capsys, ExitCode.USAGE)
    assert "landscapes48" not in said_again


def test_a_log_of_other_data_is_said_to_be(capsys) -> None:
    Path("log").write_text(LOG)
    main(["1.1a", "--log", "log", "--data", "builtin:80"])
    out = capsys.readouterr().out
    assert "the line before training (train 0.1561, val 0.1560) is not this file's" in out


def test_says_what_of_a_log_is_not_compared(capsys) -> None:
    Path("log").write_text("Training epoch 1\ntrain loss: 1.7617 | val acc: 0.3438")
    main(["1.1a", "--log", "log", "--data", "builtin:80"])
    out = capsys.readouterr().out
    assert "not compared: loss, which question 1.1a has none of" in out
    assert "1.7617" not in out
    Path("log").write_text("Training epoch 1\ntrain loss: 1.7617 | val loss: 1.7")
    argv = ["1.1a", "--log", "log", "--data", "builtin:80"]
    assert_refused(main, argv, capsys, ExitCode.BAD_DATA)


@pytest.mark.parametrize("text", ["", "Training epoch 1", "Hello 0.5", "x\0\0\0\0y"])
@pytest.mark.parametrize("flag", ["--log", "--read"])
def test_refused_as_a_log(flag: str, text: str, capsys) -> None:
    Path("log").write_text(text)
    said = assert_refused(main, ["1.1a", flag, "log"], capsys, ExitCode.BAD_DATA)
    assert "expected" in said


def test_shows_what_it_reads(capsys) -> None:
    Path("log").write_text(LOG)
    assert main(["--read", "log"]) == ExitCode.DONE
    lines = capsys.readouterr().out.splitlines()
    assert lines[:4] == [
        "1 run understood", "", "run 1", "   epoch     train       val      test    W norm",
    ]  # fmt: skip
    assert lines[4].split() == ["before", "0.1561", "0.1560"]
    assert main(["--read", "log", "--json"]) == ExitCode.DONE
    (run,) = json.loads(capsys.readouterr().out)["runs"]
    assert run["epochs"]["1"] == {"train": 0.3785, "val": pytest.approx(0.3611), "norm": 1.7108}
    assert run["final"] == {"test": 0.4407}


def test_one_run_of_several_is_named_by_its_settings(capsys) -> None:
    heading, values = "learning rate: {}\n", "Epoch 1 val acc: 0.{}\n"
    text = heading.format(0.1) + values.format(25) + heading.format(0.001) + values.format(35)
    Path("log").write_text(text)
    argv = ["2.1", "--log", "log", "--data", "builtin:60", "--minutes", "0.01"]
    said = assert_refused(main, argv, capsys, ExitCode.BAD_DATA)
    assert "2 runs (-learning_rate 0.1; -learning_rate 0.001)" in said
    main([*argv, "-learning_rate", "0.1", "--json"])
    assert json.loads(capsys.readouterr().out)["given"] == {"val@1": 0.25}
    main([*argv, "--run", "2", "--json"])
    assert json.loads(capsys.readouterr().out)["given"] == {"val@1": 0.35}


@pytest.mark.parametrize(
    "argv",
    [
        ["1.1a"],
        ["--val", ".51"],
        ["1.1a", "--loss", "1.25"],
        ["1.3", "--norm", "1.25"],
        ["2.1", "--norm", "1.25"],
        ["4.1", "--val", ".5"],
        ["1.1a", "--val", ".5"],
        ["1.1a", "--val", ".51", "--log", "log"],
        ["1.1a", "--val", ".51", "-dropout", "0.5"],
        ["2.2b", "--val", ".51", "-dropout", "0.4"],
        ["1.1a", "--val", ".51", "--epochs", "0"],
        ["2.1", "--val", ".51", "--minutes", "0"],
        ["--read", "log", "--script", "hw1-q1.py"],
        ["--script", "hw1-q1.py", "--seconds", "0"],
    ],
)
def test_refused(argv: list[str], capsys) -> None:
    assert_refused(main, argv, capsys, ExitCode.USAGE)


def test_lists_all(capsys) -> None:
    assert main(["--list"]) == ExitCode.DONE
    lines = capsys.readouterr().out.splitlines()
    assert max(map(len, lines)) < 80
    names = {line.split(":")[0] for line in lines if not line.startswith(" ")}
    assert names >= {v.key for v in CATALOGUE if v.key != "right"}
    assert "    [1.2b]" in lines


@pytest.mark.parametrize("question", PARTS)
def test_lists_its_variants(question: str, capsys) -> None:
    assert main([question, "--list"]) == ExitCode.DONE
    lines = capsys.readouterr().out.splitlines()
    assert max(map(len, lines)) < 80
    assert any(line.startswith("seed 43: ") for line in lines)
    assert any(line.startswith("minus lambda: ") for line in lines) == (question == "1.2b")


def test_a_log_of_our_own_is_equal_and_a_worse_one_is_not(tiny_file: Path, capsys) -> None:
    q1(["perceptron", "-epochs", "2", "--data", str(tiny_file), "--out", "runs"])
    log = capsys.readouterr().out
    Path("log").write_text(log)
    argv = ["1.1a", "--log", "log", "--data", str(tiny_file)]
    assert main(argv) == ExitCode.DONE
    said = capsys.readouterr().out.splitlines()
    assert said[0] == "EQUAL to the digit to the assignment's loop on these data"
    assert max(len(line) for line in said if "sha256" not in line) < 80

    Path("log").write_text(log.replace("W norm: ", "W norm: 1"))
    assert main([*argv, "--json"]) == ExitCode.CHECK_FAILED
    found = json.loads(capsys.readouterr().out)
    assert found["verdict"] == "unlike"
    assert found["good"] is False
    assert not found["untried"]


def test_another_seed_s_log_is_not_accused(tiny_file: Path, capsys) -> None:
    flags = ["-epochs", "3", "-l2_penalty", "0.01", "--seed", "1002", "--data", str(tiny_file)]
    q1(["logistic_regression", *flags, "--out", "runs"])
    Path("log").write_text(capsys.readouterr().out)
    assert main(["1.2b", "--log", "log", "--data", str(tiny_file)]) == ExitCode.DONE
    assert capsys.readouterr().out.startswith("WITHIN NOISE")


def test_final_numbers(tiny_file: Path, tmp_path: Path, capsys) -> None:
    words = ["logistic_regression", "-epochs", 3, "--data", tiny_file, "--out", "runs"]
    (folder,) = trained(q1, *words)
    norm = Run(folder).summary["final"]["weight_norm"]
    argv = ["1.2a", "--epochs", "3", "--data", str(tiny_file), "--json", "--norm"]
    assert main([*argv, f"{norm:.6f}"]) == ExitCode.DONE
    assert json.loads(capsys.readouterr().out)["verdict"] == "equal"
    assert main([*argv, f"{2 * norm:.6f}"]) == ExitCode.CHECK_FAILED
    assert [path.name for path in tmp_path.iterdir()] == ["runs"]
