"""The numbers of docs/question3.md about gradient descent, run again."""

import re

import numpy as np
import pytest
from question3_page import PAGE

from analysis import signs_needed
from experiments.question3.descent import Descent, Weights, descents, examples, residuals
from experiments.question3.gradient_vs_closed_form import ARRIVED

NEARLY_THERE = 2
"""Runs that are so near to having arrived that the last digits decide: jax 0.12 finds one more."""

QUADRATIC = (("quadratic", 3), ("quadratic", 6))


class Ended:
    """How the runs of one group ended.

    Attributes:
        arrived: within `ARRIVED` of the closed form.
        signs: v has as many positive and negative entries as the closed form's M needs.
        smallest: the smallest singular value of W.
        size: |Theta|.
        falling: whether no look at a run found a larger loss than the one before.
    """

    def __init__(self, weights: Weights, data) -> None:
        residual = residuals("quadratic", weights, data)
        W, b, v, v0 = (part[:, -1] for part in weights)
        needed = signs_needed(data.fit.c_hat)
        self.arrived = (residual[:, -1] / data.fit.residual) ** 2 - 1 < ARRIVED
        self.signs = ((v > 0).sum(1) >= needed.positive) & ((v < 0).sum(1) >= needed.negative)
        self.smallest = np.linalg.svd(W, compute_uv=False)[:, -1]
        self.size = np.sqrt((W**2).sum((1, 2)) + (b**2).sum(1) + (v**2).sum(1) + v0**2)
        self.falling = (np.diff(residual, axis=1) <= 1e-12).all(axis=1)


def up(values: np.ndarray, step: float) -> float:
    """The largest of them, rounded up to a multiple of `step`."""
    return float(step * np.ceil(values.max() / step))


def ended(seed: int, **setting) -> list[Ended]:
    descent = Descent(groups=QUADRATIC[: setting.pop("groups", 2)], **setting)
    data = examples(descent, seed)
    return [Ended(weights, data) for weights in descents(descent, data, seed)]


@pytest.fixture(scope="module")
def figure():
    return ended(0)


def test_how_many_runs_of_the_figure_arrive(figure):
    three, six = figure
    runs, here = len(three.arrived), int(three.arrived.sum())
    assert six.arrived.all()
    assert f"all {runs} runs arrive, with $K = 3$ only {here}" in PAGE
    assert f"**What becomes of the other {runs - here}.**" in PAGE
    assert not (three.signs & ~three.arrived).any()


def test_runs_that_do_not_arrive_lose_rank_and_grow(figure):
    early = figure[0]
    (late,) = ended(0, groups=1, learning_rate=0.02, steps=100_000)
    stuck = ~early.arrived
    assert (late.arrived == early.arrived).all()
    assert late.falling[stuck].all()
    numbers = [
        f"is {0.01 * np.floor(100 * early.smallest[early.arrived].min()):.2f} or more",
        f"is {up(early.smallest[stuck], 0.01):.2f} or less",
        f"at most {up(late.smallest[stuck], 0.01):.2f}",
        f"from at most {up(early.size[stuck], 0.1):.1f} to at most {up(late.size[stuck], 0.1):.1f}",
    ]
    assert [text for text in numbers if text not in PAGE] == []
    assert (late.smallest[stuck] < early.smallest[stuck] + 1e-5).all()
    assert (late.size[stuck] > early.size[stuck]).all()


def test_table_of_thirty_data_sets():
    totals = np.zeros((2, 3), dtype=int)
    for seed in range(1, 31):
        for row, group in zip(totals, ended(seed), strict=True):
            with_signs, arrived = group.signs, group.arrived
            row += [arrived.sum(), with_signs.sum(), (arrived & ~with_signs).sum()]
    told = re.findall(r"\| \$K = ([36])\$ \| (\d+) \| (\d+) \| (\d+) \|", PAGE)
    assert [int(K) for K, *_ in told] == [3, 6]
    assert np.abs(totals - np.array(told, dtype=int)[:, 1:]).max() <= NEARLY_THERE
    assert (totals[:, 2] == 0).all()  # Theorem 9
