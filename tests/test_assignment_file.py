"""Another year's assignment as a file: the plan, the commands and the report's words follow it."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from made_runs import INFO, make_part
from report_sample import said

from experiments.assignment import BUILT_IN, CLASSES, NAMES, PARTS, Published, examples
from experiments.assignment_file import use_assignment
from experiments.cli.errors import ExitCode, UsageError
from experiments.configs.q1 import Q1Config
from experiments.configs.q2 import Q2Config
from experiments.data.dataset import CLASS_NAMES
from experiments.plots.classes import class_names
from experiments.report.collect import collect
from experiments.reproduce import main
from experiments.reproduction.plan import make_plan
from experiments.runs.reader import Run

OTHER = """
title = "Assignment 1"
course = "Learning Machines, 2031"
class_names = ["house", "wood", "ice", "peak", "water", "road"]

["1.1a"]
epochs = 33

["1.2a"]
epochs = 44
learning_rate = 0.01

["2.1"]
epochs = 66
values = [0.0002, 0.02]

["2.2"]
epochs = 55
hidden_size = 77

["2.2a"]
values = [16, 128]

["2.2b"]
values = [0.1, 0.4]
usual = 0.4

[["2.2b".published]]
value = 0.4
val = "0.71"
test = "0.70"
tolerance = 0.05
"""


@pytest.fixture(autouse=True)
def _as_before() -> Iterator[None]:
    parts, names = dict(PARTS), dict(NAMES)
    yield
    PARTS.update(parts)
    NAMES.update(names)
    CLASSES.clear()


@pytest.fixture
def written(tmp_path: Path) -> Path:
    path = tmp_path / "other.toml"
    path.write_text(OTHER, encoding="utf-8")
    return path


def test_the_plan_and_the_commands_follow(written: Path) -> None:
    use_assignment(written)
    plan = {task.config: task.part for task in make_plan("full", ("1", "2"), [42])}
    expected = {
        Q1Config("perceptron", epochs=33): "1.1a",
        Q1Config("logistic_regression", epochs=44, learning_rate=0.01): "1.2a",
        Q1Config("logistic_regression", epochs=44, learning_rate=0.01, l2_penalty=0.01): "1.2b",
        Q1Config("mlp"): "1.3",
        Q2Config("mlp", epochs=55, hidden_size=77, batch_size=16): "2.2a",
        Q2Config("mlp", epochs=55, hidden_size=77, dropout=0.4): "2.2b",
        Q2Config("mlp", epochs=55, hidden_size=77, batch_size=1024, momentum=0.9): "2.2c",
    }
    assert expected.items() <= plan.items()
    assert "  1.1a  hw1-q1 perceptron -epochs 33\n" in examples("hw1-q1")
    assert "-epochs 55 -hidden_size 77 -dropout 0.1 0.4" in examples("hw1-q2")


def test_known_numbers_are_of_unchanged_runs_alone(written: Path) -> None:
    use_assignment(written)
    assert PARTS["2.2b"].published == {0.4: Published("0.71", "0.70", 0.05)}
    assert PARTS["2.2a"].published == {}
    assert PARTS["1.3"].published == BUILT_IN["1.3"].published
    assert PARTS["1.2b"].published == {}  # its epochs and rate are those of 1.2a


@pytest.mark.parametrize(
    ("part", "accuracies", "words"),
    [
        ("1.1a", {None: [0.39, 0.4]}, ["train it for 33 epochs"]),
        ("1.2a", {None: [0.45, 0.46]}, ["44 epochs at a rate of 0.01"]),
        ("2.1", {0.0002: [0.5, 0.51], 0.02: [0.4, 0.41]}, ["0.0002 and 0.02", "best rate", "0.02"]),
        ("2.2a", {16: [0.6, 0.61], 128: [0.5, 0.51]}, ["77 units each, for 55 epochs", "of 128"]),
        (
            "2.2b",
            {0.1: [0.6, 0.61], 0.4: [0.7, 0.71]},
            ["dropout 0.1 and 0.4", "Dropout 0.4 is best", "orders"],
        ),
    ],
)
def test_the_reports_words_follow(
    part: str, accuracies: dict, words: list[str], written: Path, tmp_path: Path
) -> None:
    use_assignment(written)
    text = said({part: make_part(tmp_path / "runs", part, accuracies)}, part, tmp_path / "report")
    for word in words:
        assert word in text
    for old in ("100 epochs", "200 epochs", "0.25", "512", "0.00001", "landscapes48"):
        assert old not in text
    # What nobody has published is not compared with.
    assert ("Beside what is published" in text) == (part == "2.2b")


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("[[", "Invalid"),
        ("titel = 'x'", "'titel' in the file"),
        ("title = 3", "expected text in quotes"),
        ('class_names = "cat"', "class_names: got 'cat'"),
        ('class_names = ["cat", 3]', "a different text for each"),
        ('class_names = ["cat", ""]', "a different text for each"),
        (f'class_names = ["{"a" * 64}b", "{"a" * 64}c"]', "a different text for each"),
        ('class_names = ["cat", "cat"]', "a different text for each"),
        ('["4.1"]', "'4.1' in the file"),
        ('"1.1a" = 3', "expected a table"),
        ('["1.1a"]\nepoch = 3', "'epoch' in 1.1a"),
        ('["1.1a"]\nepochs = 0', "1.1a: epochs: got 0"),
        ('["1.1a"]\nepochs = "many"', "1.1a: epochs: got 'many'"),
        ('["1.1a"]\nvalues = [1, 2]', "'values' in 1.1a"),
        ('["1.3"]\nquick_epochs = 0', "1.3: epochs: got 0"),
        ('["2.2a"]\nlayers = 3', "'layers' in 2.2a"),
        ('["2.2"]\nlayers = 3', "'layers' in 2.2"),
        ('["2.2a"]\nvalues = [16]', "expected two numbers in rising order"),
        ('["2.2a"]\nvalues = [16, 32, 64]', "expected two numbers in rising order"),
        ('["2.2b"]\nvalues = [0.5, 0.1]', "expected two numbers or more in rising order"),
        ('["2.2b"]\nvalues = [0.5, 1.5]', "2.2b: dropout: got 1.5"),
        ('["2.2b"]\nusual = 0.3', "got usual = 0.3"),
        ('[["2.2b".published]]\nvalue = 0.3', "got value = 0.3"),
        ('[["2.2b".published]]\nvalue = 0.5\nval = "61 %"', 'an accuracy such as "0.61"'),
        ('[["1.3".published]]\ntest = "0.5"\ntolerance = 2', "got tolerance = 2"),
        ('["1.3"]\npublished = 3', "got published = 3"),
    ],
)
def test_a_wrong_file_is_named_and_changes_nothing(text: str, says: str, tmp_path: Path) -> None:
    path = tmp_path / "wrong.toml"
    path.write_text(f'{text}\n["1.2a"]\nepochs = 7' if text != "[[" else text, encoding="utf-8")
    with pytest.raises(UsageError) as caught:
        use_assignment(path)
    assert says in str(caught.value)
    assert str(path) in str(caught.value)
    assert PARTS == BUILT_IN
    assert not CLASSES


def test_the_report_takes_the_names_of_the_classes(written: Path, tmp_path: Path) -> None:
    parts = {"1.2b": make_part(tmp_path / "runs", "1.2b", {None: [0.5]})}
    before = collect(parts, tmp_path, INFO)
    use_assignment(written)
    after = collect(parts, tmp_path, INFO)
    assert (before.class_names[0], after.class_names[0]) == ("buildings", "house")
    (was,), (confusion,) = before.confusions.values(), after.confusions.values()
    assert confusion.best_class == CLASSES[CLASS_NAMES.index(was.best_class)]
    assert class_names(Run(parts["1.2b"][0])) == CLASSES  # what figures are labelled with


def test_names_for_other_classes_are_refused_before_anything_is_trained(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "two.toml"
    path.write_text('class_names = ["cat", "dog"]', encoding="utf-8")
    argv = ["--data", "builtin:60", "--out", str(tmp_path / "out"), "--assignment", str(path)]
    assert main(argv) == ExitCode.USAGE
    assert "class_names: got 2" in capsys.readouterr().err
    assert not (tmp_path / "out").exists()


def test_the_command_takes_it(
    written: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    argv = ["--report-only", "--questions", "1", "--out", str(tmp_path / "out")]
    main([*argv, "--data", "builtin:60", "--assignment", str(written)])
    assert PARTS["1.1a"].config.epochs == 33
    capsys.readouterr()
    assert main([*argv, "--assignment", str(tmp_path / "none.toml")]) == ExitCode.USAGE
    assert "cannot be read" in capsys.readouterr().err
