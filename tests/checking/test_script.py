"""A student's script, stepped through: right, wrong in one line, or not to be run at all."""

import importlib.util
import json
import sys
from pathlib import Path
from types import ModuleType

import pytest
from oracles.handed_in import MISTAKES, SCRIPT, written
from refusal import assert_refused

from experiments.check import main
from experiments.checking.script.child import StandIn, refusal, to_drive
from experiments.checking.script.findings import Checked
from experiments.checking.script.run_script import CheckedScript, check_script
from experiments.cli.commands import ExitCode

pytestmark = pytest.mark.usefixtures("unchecked_shapes")

BUSY = 600.0
"""Seconds that a second's work may take where other work has the machine."""

PARTS = ["1.1a", "1.2a", "1.2b", "1.3"]


def checked(text: str, folder: Path, seconds: float = BUSY) -> CheckedScript:
    path = folder / "hw1-q1.py"
    path.write_text(text)
    return check_script(path, seconds)


def driven(text: str, monkeypatch: pytest.MonkeyPatch) -> dict[str, Checked]:
    """What is found of a script's classes in this process, by part."""
    monkeypatch.setitem(sys.modules, "utils", StandIn("utils"))
    module = ModuleType("homework")
    exec(compile(text, "hw1-q1.py", "exec"), module.__dict__)  # noqa: S102
    return {part: drive() for part, _, drive in to_drive(module)}


def test_the_right_script_is_right(tmp_path: Path) -> None:
    found = checked(SCRIPT, tmp_path)
    assert [part["part"] for part in found.parts] == PARTS
    assert {check["verdict"] for part in found.parts for check in part["checks"]} == {"right"}
    assert found.good
    assert [path.name for path in tmp_path.iterdir()] == ["hw1-q1.py"]  # no cache of bytecode


def test_each_mistake_changes_one_line() -> None:
    assert len(MISTAKES) >= 25
    assert len({written(mistake) for mistake in MISTAKES} - {SCRIPT}) == len(MISTAKES)
    assert sum(not mistake.key for mistake in MISTAKES.values()) == 1


@pytest.mark.parametrize("mistake", MISTAKES)
def test_a_mistake_is_found_and_named_and_no_other_class_accused(
    mistake: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = driven(written(mistake), monkeypatch)
    wrong = {
        part: one.deciding.mistake
        for part, one in found.items()
        if one.deciding and one.verdict == "wrong"
    }
    assert wrong == dict.fromkeys(MISTAKES[mistake].parts, MISTAKES[mistake].key or None)
    assert all(one.verdict in ("right", "wrong") for one in found.values())


def test_says_where_the_first_difference_is(monkeypatch: pytest.MonkeyPatch) -> None:
    (check,) = driven(written("2 lambda"), monkeypatch)["1.2b"].checks
    assert check.example == 2  # the first one finds weights of zero
    assert check.array.startswith("W[")
    assert check.got != pytest.approx(check.expected)


VARIED = {
    "lists": SCRIPT.replace("self.W1", "self.W[0]").replace("self.W2", "self.W[1]").replace(
        "        self.W[0] = np.random", "        self.W = [0, 0]\n        self.W[0] = np.random"
    ),
    "other names": SCRIPT.replace("self.b1", "self.hidden_bias").replace("self.W2", "self.out"),
    "a rate in the perceptron": SCRIPT.replace(
        "self.W[y_i] += x_i", "self.W[y_i] += 0.01 * x_i"
    ).replace("self.W[y_hat] -= x_i", "self.W[y_hat] -= 0.01 * x_i"),
    "its own names of options": SCRIPT.replace("l2_penalty", "reg").replace(
        "y_i, learning_rate=0.001, reg", "y_i, lr=0.001, reg"
    ).replace("learning_rate * (grad", "lr * (grad"),
}  # fmt: skip


@pytest.mark.parametrize("how", VARIED)
def test_right_in_another_way(how: str, monkeypatch: pytest.MonkeyPatch) -> None:
    assert VARIED[how] != SCRIPT
    found = driven(VARIED[how], monkeypatch)
    assert {part: one.verdict for part, one in found.items()} == dict.fromkeys(PARTS, "right")


def test_what_a_script_prints_shows_and_writes_does_not_matter(tmp_path: Path) -> None:
    text = SCRIPT.replace("losses = []", "losses = []\n        print('epoch')")
    text = "import matplotlib.pyplot as p\np.plot([1])\np.show()\n" + text
    found = checked("open('results.txt', 'w').write('1')\n" + text, tmp_path)
    assert found.good
    assert found.printed > 20
    assert [path.name for path in tmp_path.iterdir()] == ["hw1-q1.py"]


def test_two_mistakes_in_a_step_are_named_together(monkeypatch: pytest.MonkeyPatch) -> None:
    line, other, _, _ = MISTAKES["a sigmoid"]
    found = driven(written("2 lambda").replace(line, other), monkeypatch)
    named = {part: one.deciding and one.deciding.mistake for part, one in found.items()}
    assert named["1.2a"] == "sigmoid"
    assert set(named["1.2b"].split(" + ")) == {"sigmoid", "2 lambda"}


STEP = "y_hat = np.argmax(self.W @ x_i)"


@pytest.mark.parametrize(
    ("other", "why"),
    [
        ("raise NotImplementedError", "not written"),
        ("y_hat = self.V", "no attribute 'V' (line"),
        ("raise SystemExit(1)", "SystemExit: 1 (line"),
    ],
)
def test_what_cannot_be_driven_says_why(
    other: str, why: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = driven(SCRIPT.replace(STEP, other), monkeypatch)
    assert found["1.1a"].verdict == "untested"
    assert why in found["1.1a"].deciding.says
    assert {found[part].verdict for part in PARTS[1:]} == {"right"}


@pytest.mark.parametrize(
    ("other", "why", "seconds"),
    [
        ("while True: time.sleep(1)", "ran longer than", 8),
        ("import os; os._exit(7)", "ended the process (7)", BUSY),
    ],
)
def test_a_step_that_ends_the_process_or_never_ends_says_so(
    other: str, why: str, seconds: float, tmp_path: Path
) -> None:
    found = checked(SCRIPT.replace(STEP, other), tmp_path, seconds)
    assert (found.parts[0]["verdict"], found.parts[0]["class"]) == ("untested", "Perceptron")
    assert why in found.parts[0]["says"]
    assert not found.good


# Raised by the import; the process that imports passes the error on to `refusal`.
RAISES = {
    "exits": ("import sys; sys.exit(0)\n" + SCRIPT, "exits when it is imported"),
    "a module": ("import nothing_like_it\n" + SCRIPT, "needs the module nothing_like_it"),
    "a file": ("open('there/is/none.npz')\n" + SCRIPT, "reads none.npz"),
    "a magic line": ("%matplotlib inline\n" + SCRIPT, "is a notebook's"),
    "an export": ("# In[1]:\nget_ipython().run_line_magic('x', '')\n", "is a notebook's export"),
    "memory": ("raise MemoryError\n", "too much memory"),
    "raises": ("1 / 0\n", "ZeroDivisionError: division by zero (line 1"),
}


@pytest.mark.parametrize("how", RAISES)
def test_says_why_a_file_cannot_be_imported(how: str, monkeypatch: pytest.MonkeyPatch) -> None:
    text, why = RAISES[how]
    with pytest.raises(BaseException) as raised:  # noqa: PT011  # a script may raise anything
        driven(text, monkeypatch)
    assert why in refusal(raised.value, Path("hw1-q1.py"))


REFUSED = {
    "loops": ("import time\nwhile True: time.sleep(1)\n" + SCRIPT, "ran longer than 4 s"),
    "ends the process": ("import os; os._exit(3)\n", "exit code 3"),
    "a syntax error": (SCRIPT.replace("class MLP:", "class MLP"), "syntax error in line"),
    "a notebook": ('{"cells": []}', "it is a notebook"),
    "memory": ("x = bytearray(10**13)\n", "MemoryError|too much memory"),
    "nothing": ("x = 1\n", "none of the classes"),
    "no text": ("\0\0", "imported"),
}


@pytest.mark.parametrize("how", REFUSED)
def test_one_line_for_what_cannot_be_run(how: str, tmp_path: Path, capsys) -> None:
    text, why = REFUSED[how]
    path = tmp_path / "hw1-q1.py"
    path.write_text(text)
    said = assert_refused(
        main,
        ["--script", path, "--seconds", 4 if how == "loops" else BUSY],
        capsys,
        ExitCode.BAD_DATA,
    )
    assert any(part in said for part in why.split("|"))


def test_the_answer_and_its_exit_codes(tmp_path: Path, capsys) -> None:
    path = tmp_path / "hw1-q1.py"
    path.write_text(SCRIPT)
    argv = ["--script", str(path), "--seconds", str(BUSY)]
    assert main(argv) == ExitCode.DONE
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].startswith("RIGHT: 1.1a Perceptron, 1.2a LogisticRegression")
    assert max(map(len, lines)) < 80
    path.write_text("print(1)\n" + written("2 lambda"))
    assert main(argv) == ExitCode.CHECK_FAILED
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].startswith("WRONG: 1.2b LogisticRegression: 2 lambda W in the step")
    assert "What it printed (1 lines) is left out." in lines
    assert main([*argv, "--json"]) == ExitCode.CHECK_FAILED
    parts = json.loads(capsys.readouterr().out)["parts"]
    assert [(p["part"], p["verdict"], p["mistake"]) for p in parts][2] == (
        "1.2b",
        "wrong",
        "2 lambda",
    )
    assert_refused(main, ["--script", tmp_path / "none.py"], capsys, ExitCode.BAD_DATA)
    assert_refused(main, ["--script", tmp_path], capsys, ExitCode.BAD_DATA)


TORCH = """
import torch
from torch import nn


class LogisticRegression(nn.Module):
    def __init__(self, n_classes, n_features):
        super().__init__()
        self.layer = nn.Linear(n_features, n_classes)

    def forward(self, x):
        return self.layer(x)


class FeedforwardNetwork(nn.Module):
    def __init__(self, n_classes, n_features, hidden_size, layers, activation_type, dropout):
        super().__init__()
        self.first = nn.Linear(n_features, hidden_size)
        self.second = nn.Linear(hidden_size, hidden_size)
        self.out = nn.Linear(hidden_size, n_classes)
        self.act = torch.tanh if activation_type == "tanh" else torch.relu
        self.drop = nn.Dropout(dropout)

    def forward(self, x):
        x = self.drop(self.act(self.first(x)))
        return self.out(self.drop(self.act(self.second(x))))


def train_batch(X, y, model, optimizer, criterion):
    optimizer.zero_grad()
    loss = criterion(model(X), y)
    loss.backward()
    optimizer.step()
    return loss.item()
"""
_FIRST, _LAST = (
    "self.drop(self.act(self.first(x)))",
    "self.out(self.drop(self.act(self.second(x))))",
)
_LAYER = "        self.layer = nn.Linear(n_features, n_classes)\n"
_SMALL = _LAYER + "        nn.init.normal_(self.layer.weight, std=0.01)\n"
_ALWAYS = "lambda x: nn.functional.dropout(x, dropout)"
TORCH_MISTAKES = {
    "a softmax": ("self.layer(x)\n", "self.layer(x).softmax(1)\n", "softmax before the loss"),
    "a sigmoid": ("self.layer(x)\n", "self.layer(x).sigmoid()\n", "sigmoid before the loss"),
    "no zero_grad": ("optimizer.zero_grad()", "pass", None),
    "first layer kept": (_FIRST, "self.act(self.first(x))", "first layer kept"),
    "no dropout": ("nn.Dropout(dropout)", "nn.Identity()", "dropout off"),
    "always on": ("nn.Dropout(dropout)", _ALWAYS, "dropout always on"),
    "output dropped": (_LAST, f"self.drop({_LAST})", "output dropped"),
    "small weights": (_LAYER, _SMALL, "0.01 randn weights"),
}


@pytest.mark.skipif(importlib.util.find_spec("torch") is None, reason="PyTorch is not installed")
@pytest.mark.parametrize("mistake", ["", *TORCH_MISTAKES])
def test_question_2_under_pytorch(mistake: str, tmp_path: Path) -> None:
    line, other, key = TORCH_MISTAKES.get(mistake, ("", "", None))
    found = checked(TORCH.replace(line, other) if line else TORCH, tmp_path)
    wrong = {p["mistake"] for p in found.parts if p["verdict"] != "right"}
    assert wrong == ({key} if mistake else set())


@pytest.mark.skipif(importlib.util.find_spec("torch") is not None, reason="PyTorch is installed")
def test_without_pytorch_one_line_says_so(tmp_path: Path, capsys) -> None:
    (tmp_path / "hw1-q2.py").write_text(TORCH)
    said = assert_refused(main, ["--script", tmp_path / "hw1-q2.py"], capsys, ExitCode.BAD_DATA)
    assert "needs the module torch" in said
