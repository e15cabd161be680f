"""Runs that differ are called differently, whatever they differ in."""

from dataclasses import replace

import pytest

from experiments.configs.labels import heading, labels
from experiments.configs.q1 import Q1Config
from experiments.configs.q2 import Q2Config

OTHER = {
    "epochs": 7,
    "hidden_size": 9,
    "learning_rate": 0.00001,
    "l2_penalty": 0.01,
    "l2_decay": 0.01,
    "batch_size": 512,
    "layers": 3,
    "dropout": 0.5,
    "momentum": 0.9,
    "activation": "tanh",
    "optimizer": "adam",
    "seed": 43,
    "engine": "definition",
}
BASES = [
    *(Q1Config(model) for model in ("perceptron", "logistic_regression", "mlp")),
    *(Q2Config(model) for model in ("logistic_regression", "mlp")),
]
PAIRS = [
    (base, name)
    for base in BASES
    for name in (*base.effective, "seed", *(["engine"] if isinstance(base, Q1Config) else []))
]


@pytest.mark.parametrize(("base", "name"), PAIRS, ids=lambda value: str(value)[:40])
def test_one_field_tells_two_runs_apart(base: Q1Config | Q2Config, name: str) -> None:
    other = replace(base, **{name: OTHER[name]})
    assert heading(base) != heading(other)
    first, second = labels([base, other])
    assert first != second
    value = getattr(base, name)
    assert (f"{value:g}" if isinstance(value, float) else str(value)) in first


@pytest.mark.parametrize("base", BASES, ids=heading)
def test_what_changes_nothing_is_not_named(base: Q1Config | Q2Config) -> None:
    without = {"hidden_size": 9} if base.model != "mlp" else {}
    assert heading(replace(base, **without)) == heading(base)


@pytest.mark.parametrize(
    ("config", "expected"),
    [
        (Q1Config("mlp"), "mlp, seed 42"),
        (
            Q1Config("logistic_regression", epochs=100, l2_penalty=0.01),
            "logistic regression, 100 epochs, l2 0.01, seed 42",
        ),
        (Q2Config("mlp", dropout=0.25, seed=1), "mlp (JAX), dropout 0.25, seed 1"),
        (Q2Config("mlp", optimizer="adam", layers=1), "mlp (JAX), 1 layer, adam, seed 42"),
    ],
)
def test_headings(config: Q1Config | Q2Config, expected: str) -> None:
    assert heading(config) == expected


def test_runs_of_both_questions() -> None:
    assert labels([Q1Config("mlp"), Q2Config("mlp"), Q1Config("perceptron")]) == [
        "mlp, 20 epochs, hidden 100, rate 0.001",
        "mlp (JAX), 200 epochs, hidden 200, rate 0.002",
        "perceptron, 20 epochs",
    ]


def test_nothing_differs() -> None:
    assert labels([Q1Config("mlp")] * 2) == ["mlp", "mlp"]
