"""A student's script, stepped through: right, or wrong in one line."""

import json
import re
from pathlib import Path

import pytest
from oracles.driving import BUSY, checked, driven, wrong_of
from oracles.handed_in import FOLDED, LAYER_OBJECTS, RIGHT, SCRIPT
from oracles.handed_in_mistakes import MISTAKES, written
from refusal import assert_refused

from experiments.check import main
from experiments.cli.errors import ExitCode

pytestmark = pytest.mark.usefixtures("unchecked_shapes")

PARTS = ["1.1a", "1.2a", "1.2b", "1.3"]


def test_the_right_script_is_right(tmp_path: Path) -> None:
    found = checked(SCRIPT, tmp_path)
    parts = found.content["parts"]
    assert [part["part"] for part in parts] == PARTS
    assert {check["verdict"] for part in parts for check in part["checks"]} == {"right"}
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
    expected = dict.fromkeys(MISTAKES[mistake].parts, MISTAKES[mistake].key or None)
    assert wrong_of(found) == expected
    assert all(one.verdict in ("right", "wrong") for one in found.values())


def test_says_where_the_first_difference_is(monkeypatch: pytest.MonkeyPatch) -> None:
    (check,) = driven(written("2 lambda"), monkeypatch)["1.2b"].checks
    assert check.example == 2  # the first one finds weights of zero
    assert check.array.startswith("W[")
    assert check.got != pytest.approx(check.expected)


@pytest.mark.parametrize("how", RIGHT)
def test_right_in_another_way(how: str, monkeypatch: pytest.MonkeyPatch) -> None:
    found = driven(RIGHT[how], monkeypatch)
    assert {part: one.verdict for part, one in found.items()} == dict.fromkeys(PARTS, "right")


_BELOW = "        below = d @ self.W\n"
_STEPS = "        self.W -= rate * self.dW\n        self.b -= rate * d\n"
_RESET = """class LogisticRegression(Linear):
    def train_epoch(self, X, y, **kwargs):
        self.W = np.zeros(self.W.shape)
        super().train_epoch(X, y, **kwargs)

"""
WRONG_IN_ANOTHER_WAY = {
    "folded": (FOLDED, " * (h > 0)", "", "1.3", "slope forgotten"),
    "objects": (LAYER_OBJECTS, _BELOW + _STEPS, _STEPS + _BELOW, "1.3", "stepped early"),
    "constructor": (
        RIGHT["a rate in the constructor"], "self.reg *", "2 * self.reg *", "1.2b", "2 lambda",
    ),
    "reset": (
        SCRIPT, "class LogisticRegression(Linear):\n", _RESET, "1.2a", None,
    ),
    "tuple": (
        RIGHT["a loss and an accuracy"], "np.mean(losses)", "np.sum(losses)", "1.3", "summed loss",
    ),
}  # fmt: skip


@pytest.mark.parametrize("how", WRONG_IN_ANOTHER_WAY)
def test_wrong_in_another_way(how: str, monkeypatch: pytest.MonkeyPatch) -> None:
    text, line, other, part, key = WRONG_IN_ANOTHER_WAY[how]
    assert text.count(line) == 1
    assert wrong_of(driven(text.replace(line, other), monkeypatch)) == {part: key}


def test_of_a_rate_that_it_is_not_given_no_step_is_judged(monkeypatch: pytest.MonkeyPatch) -> None:
    text = RIGHT["a rate in the constructor"].replace("n_features, lr, reg=0.0)", "n_features)")
    found = driven(text.replace("= lr, reg", "= 0.007, 0.0"), monkeypatch)
    assert found["1.2a"].verdict == found["1.2b"].verdict == "untested"
    assert "takes no learning_rate" in found["1.2a"].deciding.says


def test_what_a_script_prints_shows_and_writes_does_not_matter(tmp_path: Path) -> None:
    text = SCRIPT.replace("losses = []", "losses = []\n        print('epoch')")
    text = "import matplotlib.pyplot as p\np.plot([1])\np.show()\n" + text
    found = checked("open('results.txt', 'w').write('1')\n" + text, tmp_path)
    assert found.good
    (printed,) = re.findall(r"What it printed \((\d+) lines\)", "\n".join(found.lines))
    assert int(printed) > 20
    assert [path.name for path in tmp_path.iterdir()] == ["hw1-q1.py"]


def test_a_folder_as_the_course_hands_it_out(tmp_path: Path) -> None:
    """Its utils wants PyTorch, which question 1 does not; a window is asked for and not needed."""
    (tmp_path / "utils.py").write_text("import no_such_torch\n")
    text = SCRIPT.replace(
        "import utils\n", "import utils\nimport matplotlib\nmatplotlib.use('TkAgg')\n"
    )
    found = checked(text + "\nplt.plot([1])\n", tmp_path)
    assert (found.good, found.content["stopped"]) == (True, None)


def test_says_which_first_weights_are_others(monkeypatch: pytest.MonkeyPatch) -> None:
    drawn = "np.random.normal(0.1, 0.1, size=(n_classes, hidden_size))"
    assert SCRIPT.count(drawn) == 1
    found = driven(SCRIPT.replace(drawn, "np.zeros((n_classes, hidden_size))"), monkeypatch)
    assert (found["1.3"].verdict, found["1.3"].deciding.array) == ("wrong", "W2")


def test_two_mistakes_in_a_step_are_named_together(monkeypatch: pytest.MonkeyPatch) -> None:
    line, other, _, _ = MISTAKES["a sigmoid"]
    found = driven(written("2 lambda").replace(line, other), monkeypatch)
    named = {part: one.deciding and one.deciding.mistake for part, one in found.items()}
    assert named["1.2a"] == "sigmoid"
    assert set(named["1.2b"].split(" + ")) == {"sigmoid", "2 lambda"}


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
