"""What is found of simulated sweeps whose truth is known: nothing false of 300 of each kind."""

import random
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from made_runs import make_part

from experiments.report.configurations import Configuration, SeedValues
from experiments.report.curve_shape import loss_shape
from experiments.report.findings import rates
from experiments.report.runs_by_part import RunsByPart

TRIES = 300
EPOCHS = 100


@pytest.fixture(scope="module")
def sweep(tmp_path_factory: pytest.TempPathFactory) -> tuple[RunsByPart, list[Configuration]]:
    runs = make_part(
        tmp_path_factory.mktemp("runs"), "2.1", {0.00001: [0.4], 0.001: [0.5], 0.1: [0.3]}
    )
    found = RunsByPart({"2.1": runs})
    return found, found.configurations["2.1"]


Curve = Callable[[float], float]


def level(height: float) -> Curve:
    return lambda t: height + 0.5 * 0.5 ** (40 * t)


def falling(height: float) -> Curve:
    return lambda t: height + 0.5 - 0.5 * t


TRUTHS = {
    # means of the three curves, their noises, train losses at the end, and what is true of them
    "all alike": ([level(1.2)] * 3, [0.01] * 3, [1.1] * 3, set()),
    "smooth": ([level(1.2)] * 3, [0.0001, 0.0004, 0.0016], [1.1] * 3, set()),
    "rougher and rougher": (
        [level(1.2)] * 3,
        [0.002, 0.01, 0.05],
        [1.1] * 3,
        {"rougher"},
    ),
    "slow": ([falling(1.2), level(1.2), level(1.2)], [0.002] * 3, [1.4, 1.1, 1.1], {"slow_behind"}),
    "high": ([level(1.2), level(1.2), level(9.0)], [0.01] * 3, [1.1, 1.1, 8.0], {"fast_high"}),
    "high by overfitting": (
        [level(1.2), level(1.2), level(9.0)],
        [0.01] * 3,
        [1.1, 1.1, 0.2],
        set(),
    ),
    "high, but coming down": (
        [level(1.2), level(1.2), falling(3.0)],
        [0.002] * 3,
        [1.1, 1.1, 3.0],
        set(),
    ),
}


@pytest.mark.parametrize("name", TRUTHS)
def test_rates_are_compared_truly(name: str, sweep: tuple[RunsByPart, list[Configuration]]) -> None:
    means, noises, train_losses, true = TRUTHS[name]
    runs, configurations = sweep
    for seed in range(TRIES):
        drawn = random.Random(seed)
        entries = []
        for entry, mean, noise, train_loss in zip(
            configurations, means, noises, train_losses, strict=True
        ):
            shape = loss_shape([mean(k / EPOCHS) + drawn.gauss(0, noise) for k in range(EPOCHS)])
            loss = {**entry.loss, "train": SeedValues.of([train_loss])}
            entries.append(replace(entry, val_loss=shape, val_loss_first=shape, loss=loss))
        found = rates(runs, "2.1", entries)
        assert {words for words in ("rougher", "slow_behind", "fast_high") if found[words]} == true


def test_the_best_has_not_diverged(
    sweep: tuple[RunsByPart, list[Configuration]], tmp_path: Path
) -> None:
    runs, (slow, middle, fast) = sweep
    assert rates(runs, "2.1", [slow, middle, fast])["best"] == [1, 0, 2]
    assert rates(runs, "2.1", [slow, replace(middle, diverged=[42]), fast])["best"] == [0, 2, 1]
