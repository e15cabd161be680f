"""Gradient descent against the closed form: a bound that holds, and wrong bounds that do not."""

import dataclasses
import math

import numpy as np
import pytest

from analysis import Theta, forward
from experiments.question3.descent import (
    ACTIVATE,
    Descent,
    Weights,
    descents,
    examples,
    residuals,
)
from experiments.question3.gradient_vs_closed_form import ARRIVED, bounds, gradient_descent, lines

SMALL = Descent(
    n_inputs=2,
    n_examples=20,
    groups=(("quadratic", 3), ("relu", 3)),
    starts=6,
    steps=1000,
    looks=8,
)


@pytest.fixture(scope="module")
def against():
    return gradient_descent(SMALL, seed=2)


def test_no_run_is_below_the_closed_form_and_some_reach_it(against):
    assert all(claim.holds for claim in against.claims)
    for claim in against.claims:
        assert claim.cases == 6 * len(SMALL.steps_looked_at())
        assert 0 <= claim.worst < 1e-13
    assert against.curve["recovered"] == pytest.approx(against.curve["closed"], rel=1e-12)
    for group in against.curve["groups"]:
        assert len(group["excess"]) == 6
        assert {len(run) for run in group["excess"]} == {len(against.curve["steps"])}
    assert sum(against.curve["groups"][0]["arrived"]) > 0


def test_runs_at_the_minimum_have_its_signs(against):
    group = against.curve["groups"][0]
    for run, arrived, signs in zip(group["excess"], group["arrived"], group["signs"], strict=True):
        assert arrived == (run[-1] < ARRIVED)
        assert signs or not arrived


def test_groups_of_one_width_share_their_first_weights():
    quadratic, relu = descents(dataclasses.replace(SMALL, steps=1, looks=1), examples(SMALL, 0), 0)
    for mine, other in zip(quadratic, relu, strict=True):
        assert (mine[:, 0] == other[:, 0]).all()
        assert (mine[:, 1] != other[:, 1]).any()
    assert len(np.unique(quadratic.v[:, 0])) == 6 * 3


def test_a_closed_form_that_is_none_fails_the_claim():
    data = examples(SMALL, 2)
    least = np.array([data.fit.residual])
    assert [claim.holds for claim in bounds(data, data.fit.residual, [least])] == [True, True]
    worse = dataclasses.replace(data.fit, residual=data.fit.residual * (1 + 1e-9))
    claims = bounds(data._replace(fit=worse), worse.residual, [least])
    assert [claim.holds for claim in claims] == [False, False]


def drawn_weights(rng: np.random.Generator) -> Weights:
    shapes = ((2, 3, 4, 2), (2, 3, 4), (2, 3, 4), (2, 3))
    return Weights(*(rng.normal(size=shape) for shape in shapes))


def test_residuals_are_those_of_the_analysis():
    data, weights = examples(SMALL, 0), drawn_weights(np.random.default_rng(1))
    found = residuals("quadratic", weights, data)
    for run in range(2):
        for look in range(3):
            W, b, v, v0 = (part[run, look] for part in weights)
            gap = forward(Theta(W, b, v, float(v0)), data.X) - data.y
            assert found[run, look] == pytest.approx(np.linalg.norm(gap), rel=1e-13)
    assert found[0, 0] != pytest.approx(residuals("relu", weights, data)[0, 0], rel=0.01)
    assert set(ACTIVATE) == {"quadratic", "relu", "tanh", "sigmoid"}


def test_diverged_runs_are_no_minimum_and_no_number(against):
    data, weights = examples(SMALL, 0), drawn_weights(np.random.default_rng(1))
    weights.v[0] = np.nan
    weights.W[1, 0] = 1e200
    found = residuals("quadratic", weights, data)
    assert found[0].tolist() == [math.inf] * 3
    assert np.isfinite(found).sum() == 2
    wild = gradient_descent(dataclasses.replace(SMALL, learning_rate=50.0, steps=30), seed=2)
    assert all(claim.holds for claim in wild.claims)
    assert wild.curve["groups"][0]["excess"][0][-1] is None
    assert "6 diverged" in "\n".join(lines(wild))


def test_lines_fit_a_terminal(against):
    assert max(map(len, lines(against))) <= 80
    assert "6 starts, 1000 steps" in lines(against)[0]
