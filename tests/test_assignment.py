"""The assignment's numbers stand in one place: who changes the table changes all that reads it."""

from dataclasses import replace
from pathlib import Path

import pytest
import report_sample
from made_runs import INFO

from experiments.assignment import PARTS, Published, decimal, examples
from experiments.checking.claims import configuration, headline
from experiments.cli.errors import UsageError
from experiments.configs.q1 import Q1Config
from experiments.configs.q2 import Q2Config
from experiments.report.collect import collect
from experiments.report.typeset import compiled, typeset
from experiments.reproduction.plan import make_plan

README = Path(__file__).parents[1] / "README.md"


@pytest.fixture
def another_year(monkeypatch: pytest.MonkeyPatch) -> None:
    """An assignment with other epochs, another size and other values to sweep over."""
    first, network = PARTS["1.1a"], PARTS["2.2a"]
    changed = replace(first, config=replace(first.config, epochs=7))
    assert isinstance(network.config, Q2Config)
    other = replace(
        network,
        config=replace(network.config, hidden_size=33),
        values=(16, 128),
        usual=128,
        published={16: Published("0.7", "0.8"), 128: Published()},
    )
    monkeypatch.setitem(PARTS, "1.1a", changed)
    monkeypatch.setitem(PARTS, "2.2a", other)


def test_the_plan_follows(another_year: None) -> None:
    plan = make_plan("full", ("1", "2"), [5])
    of_part = {
        part: [task.config for task in plan if task.part == part] for part in ("1.1a", "2.2a")
    }
    assert of_part["1.1a"] == [Q1Config("perceptron", epochs=7, seed=5)]
    assert of_part["2.2a"] == [
        Q2Config("mlp", batch_size=size, hidden_size=33, seed=5) for size in (16, 128)
    ]


def test_the_check_follows(another_year: None) -> None:
    assert "7 epochs" in headline("1.1a", configuration("1.1a", {}))
    assert configuration("2.2a", {}) == Q2Config("mlp", batch_size=128, hidden_size=33)
    with pytest.raises(UsageError, match="expected one of 16, 128"):
        configuration("2.2a", {"batch_size": 64})


def test_the_help_follows(another_year: None) -> None:
    assert "  1.1a  hw1-q1 perceptron -epochs 7\n" in examples("hw1-q1")
    assert "  2.2a  hw1-q2 mlp -batch_size 16 128 -hidden_size 33\n" in examples("hw1-q2")


def test_the_reports_text_follows(
    another_year: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """And leaves out what the assignment does: 2.2b's section, its runs, its erratum."""
    report_sample.write(collect({}, tmp_path, INFO), tmp_path)
    typeset(tmp_path)
    whole = report_sample.plain((tmp_path / "report.html").read_text(encoding="utf-8"))
    for words in (
        "train it for 7 epochs",
        "2 hidden layers, 33 units each",
        "once in batches of 16 and once of 128",
        "the runs of batch size 128 with seeds 42, 43.",
    ):
        assert words in whole
    assert "100 epochs, report its accuracy" not in whole
    monkeypatch.delitem(PARTS, "2.2b")
    report_sample.write(collect({}, tmp_path, INFO), tmp_path)
    left = report_sample.plain(compiled(tmp_path, "html").decode())
    assert "dropout 0.25" in whole
    assert "2.2c The same network: momentum" in left
    for words in ("2.2b", "dropout 0.25", "read off the gap"):
        assert words in whole
        assert words not in left


def test_the_help_gives_the_assignments_own_commands() -> None:
    assert "  1.2b  hw1-q1 logistic_regression -epochs 100 -l2_penalty 0.01\n" in examples("hw1-q1")
    assert "-learning_rate 0.00001 0.001 0.1 -l2_decay 0.01\n" in examples("hw1-q2")
    assert max(map(len, examples("hw1-q2").splitlines())) < 80


@pytest.mark.parametrize("name", PARTS)
def test_the_readme_has_the_command_of_each_part(name: str) -> None:
    assert f"| {name} | `{PARTS[name].command()}" in README.read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("value", "text"), [(1e-5, "0.00001"), (0.0, "0.0"), (0.1, "0.1"), (64, "64"), ("relu", "relu")]
)
def test_numbers_are_written_as_in_the_assignment(value: object, text: str) -> None:
    assert decimal(value) == text
