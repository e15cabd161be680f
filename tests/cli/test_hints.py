"""A mistyped flag, model or command, or the other question's name: what was meant is said."""

import pytest
from refusal import assert_refused

from experiments import data_command, q1, q2, reproduce

MEANT = {
    "a letter missing": (q1.main, ["perceptron", "-epoch", "3"], "-epochs"),
    "a letter swapped": (q1.main, ["mlp", "--hiden-size", "3"], "--hidden-size"),
    "with a value behind =": (q1.main, ["mlp", "--hiden-size=3"], "--hidden-size"),
    "the other question's": (q1.main, ["logistic_regression", "-l2_decay", "1"], "-l2_penalty"),
    "and back": (q2.main, ["mlp", "-l2_penalty", "1"], "-l2_decay"),
    "short in other programs": (q2.main, ["mlp", "-lr", "1"], "-learning_rate"),
    "a model": (q1.main, ["logistic_regresion"], "logistic_regression"),
    "a command": (data_command.main, ["inf", "x"], "info"),
    "a preset": (reproduce.main, ["--preset", "ful"], "full"),
}


@pytest.mark.parametrize("name", MEANT)
def test_what_was_meant(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    main, argv, meant = MEANT[name]
    assert f"; did you mean {meant}?" in assert_refused(main, argv, capsys, code=2)


@pytest.mark.parametrize(
    ("main", "flag"),
    [
        (q1.main, "-zz"),
        (q1.main, "-dropout"),
        (q1.main, "-batch_size"),
        (q1.main, "-momentum"),
        (q2.main, "--engine"),
    ],
)
def test_nothing_is_meant_by_what_is_like_nothing(
    main, flag: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert "did you mean" not in assert_refused(main, ["mlp", flag, "1"], capsys, code=2)


def test_a_dash_for_an_underscore_is_no_mistake(capsys: pytest.CaptureFixture[str]) -> None:
    line = assert_refused(q1.main, ["logistic-regression", "-epochs", "0"], capsys, code=2)
    assert "-epochs" in line
